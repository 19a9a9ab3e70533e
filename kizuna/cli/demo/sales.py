"""What was bought: every sale of the 24 months with its lines, discounts, refund and parcel."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random

from kizuna.cli.demo.calendar import Calendar, hour_of_sale
from kizuna.cli.demo.company import CARRIERS, CATEGORIES, ITEMS, SHOPS, Carrier, Item, Place, Plan
from kizuna.cli.demo.customers import Customer
from kizuna.cli.demo.lots import Assigned, assign, brought_back

_BY_CATEGORY = {category: tuple(item for item in ITEMS if item.category == category) for category in CATEGORIES}
_PULL = {category: list(accumulate(item.pull for item in items)) for category, items in _BY_CATEGORY.items()}
_TEA = ("煎茶", "ほうじ茶・玄米茶", "抹茶・玉露", "和菓子")
_FREE_SHIPPING_FROM_YEN = 5_500
_SHIPPING_YEN = 550
WALK_INS = 0.55
"""Sales without a card, per customer of the company."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """One parcel; ``late`` is whether the promise was, or will be, broken."""

    carrier: str
    promised_at: datetime
    shipped_at: datetime
    delivered_at: datetime
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sold:
    """So many of one thing, less the line's discount."""

    item: Item
    quantity: int
    discount_yen: int

    @property
    def amount_yen(self) -> int:
        return self.item.price_yen * self.quantity - self.discount_yen


@dataclass(slots=True, kw_only=True)
class Sale:
    """One sale. ``customer`` is None at the till without a card; ``nth`` counts a customer's kept sales before this."""

    at: datetime
    day: float
    place: Place
    customer: Customer | None
    nth: int
    lines: tuple[Sold, ...]
    discount_yen: int
    points_used_yen: int
    shipping_yen: int
    cancelled: bool
    refunded_yen: int
    parcel: Parcel | None
    number: int = 0
    brought_by: str = ""
    """The practice without which it would not have been."""

    @property
    def subtotal_yen(self) -> int:
        return sum(line.amount_yen for line in self.lines)

    @property
    def total_yen(self) -> int:
        return self.subtotal_yen - self.discount_yen + self.shipping_yen


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """All sales in the order of their time, and the practices that each customer (by number) came into.

    ``sales`` are those of the complete months, ``running`` those since. ``ahead`` is the day of each order that a
    practice will have brought after the complete months; ``lost`` are those customers who do not come any more.
    """

    sales: list[Sale]
    assigned: dict[int, list[Assigned]]
    ahead: list[tuple[Assigned, float]]
    lost: set[int]
    running: list[Sale] = field(default_factory=list)


def make_trade(*, plan: Plan, calendar: Calendar, customers: list[Customer]) -> Trade:
    """What was bought, with what the practices added to it."""
    dice, luck = plan.dice(subject="sales"), plan.dice(subject="practices")
    sales: list[Sale] = []
    trade = Trade(sales=sales, assigned={}, ahead=[], lost=set())
    for customer in customers:
        history, comes_again = buying(
            plan=plan, calendar=calendar, customer=customer, day=customer.first_day, kept=None, dice=dice
        )
        if not comes_again:
            trade.lost.add(customer.number)
        reached = assign(plan=plan, customer=customer, sales=history)
        if reached:
            trade.assigned[customer.number] = reached
            history = _with_brought_back(plan=plan, trade=trade, reached=reached, history=history, dice=luck)
        sales.extend(history)
    sales.extend(walk_in(plan=plan, calendar=calendar, dice=dice) for _ in range(round(plan.customers * WALK_INS)))
    sales.sort(key=lambda sale: sale.at)
    for number, sale in enumerate(sales):
        sale.number = number
    return trade


def _with_brought_back(
    *, plan: Plan, trade: Trade, reached: list[Assigned], history: list[Sale], dice: Random
) -> list[Sale]:
    """The history with the orders that only the practices brought, each sale knowing again how many came before."""
    more = []
    for assigned in reached:
        day = brought_back(plan=plan, assigned=assigned, sales=history, dice=dice)
        if day is not None and day >= plan.days:
            trade.ahead.append((assigned, day))
        elif day is not None:
            more.append(brought_sale(plan=plan, assigned=assigned, day=day, dice=dice))
    return counted_anew(sales=[*history, *more]) if more else history


def brought_sale(*, plan: Plan, assigned: Assigned, day: float, dice: Random) -> Sale:
    """An order that only this practice brought."""
    customer = assigned.customer
    sale = make_sale(plan=plan, place=customer.home, customer=customer, nth=0, day=day, dice=dice)
    sale.brought_by = assigned.planted.name
    return sale


def counted_anew(*, sales: list[Sale], kept: int = 0) -> list[Sale]:
    """One customer's sales in order, each with how many kept ones came before; ``kept`` of them before all these."""
    ordered = sorted(sales, key=lambda sale: sale.at)
    for sale in ordered:
        sale.nth = kept
        kept += not sale.cancelled
    return ordered


def buying(
    *, plan: Plan, calendar: Calendar, customer: Customer, day: float | None, kept: int | None, dice: Random
) -> tuple[list[Sale], bool]:
    """What a customer buys by themselves from that day of the calendar on, and whether they will come again after it.

    ``kept`` is how many kept orders they have so far; None for somebody who has not bought anything yet.
    """
    first, offset = kept is None, plan.days if calendar.running else 0
    kept = kept or 0
    sales: list[Sale] = []
    while day is not None:
        place = customer.other if customer.other and not first and dice.random() < 0.35 else customer.home
        sale = make_sale(plan=plan, place=place, customer=customer, nth=kept, day=offset + day, dice=dice)
        sales.append(sale)
        kept += not sale.cancelled
        lost = first and sale.parcel is not None and sale.parcel.late and dice.random() > plan.truths.late_f2_factor
        if lost or dice.random() < customer.dropout:
            return sales, False
        first = False
        day = calendar.after(day=day, wait=0.6 + dice.expovariate(max(customer.rate, 1e-5)))
    return sales, True


def walk_in(*, plan: Plan, calendar: Calendar, dice: Random) -> Sale:
    """A sale at the till to somebody without a card."""
    shop = dice.choices(SHOPS, weights=[shop.share for shop in SHOPS])[0]
    day = calendar.first_purchase_day(dice=dice) + (plan.days if calendar.running else 0)
    return make_sale(plan=plan, place=shop, customer=None, nth=0, day=day, dice=dice)


def make_sale(*, plan: Plan, place: Place, customer: Customer | None, nth: int, day: float, dice: Random) -> Sale:
    """One sale on that day number."""
    in_shop = place.kind == "shop"
    at = plan.start + timedelta(days=int(day), hours=hour_of_sale(in_shop=in_shop, dice=dice))
    at = at.replace(microsecond=0)
    lines = _basket(customer=customer, dice=dice)
    subtotal = sum(line.amount_yen for line in lines)
    discount = subtotal // 10 if dice.random() < 0.09 else 0
    points = min(subtotal - discount, dice.choice((100, 200, 300, 500))) if customer and dice.random() < 0.08 else 0
    cancelled = dice.random() < (0.003 if in_shop else 0.022)
    return Sale(
        at=at,
        day=day,
        place=place,
        customer=customer,
        nth=nth,
        lines=lines,
        discount_yen=discount,
        points_used_yen=points,
        shipping_yen=0 if in_shop or subtotal >= _FREE_SHIPPING_FROM_YEN else _SHIPPING_YEN,
        cancelled=cancelled,
        refunded_yen=0 if cancelled else _refund(plan=plan, day=day, lines=lines, dice=dice),
        parcel=None if in_shop or cancelled else _parcel(at=at, dice=dice),
    )


def _basket(*, customer: Customer | None, dice: Random) -> tuple[Sold, ...]:
    spend = customer.spend if customer else 0.8
    picked: dict[str, Sold] = {}
    more = 1 - 1 / (1 + 0.55 * min(spend, 4))
    while True:
        item = _pick(customer=customer, dice=dice)
        extra = int(dice.expovariate(1.5 / spend)) if item.category in _TEA else int(dice.expovariate(5 / spend))
        quantity = 1 + min(extra, 11)
        # Five per cent off each from six on.
        off = round(item.price_yen * 0.05) * quantity if quantity >= 6 else 0
        picked[item.sku] = Sold(item=item, quantity=quantity, discount_yen=off)
        if dice.random() > more or len(picked) >= 7:
            return tuple(picked.values())


def _pick(*, customer: Customer | None, dice: Random) -> Item:
    if customer and dice.random() < 0.45:
        category = customer.favourite
    else:
        category = dice.choices(list(CATEGORIES), weights=list(CATEGORIES.values()))[0]
    items, pull = _BY_CATEGORY[category], _PULL[category]
    item = dice.choices(items, cum_weights=pull)[0]
    if customer and customer.spend > 1.6 and dice.random() < 0.4:
        other = dice.choices(items, cum_weights=pull)[0]
        item = max(item, other, key=lambda one: one.price_yen)
    return item


def _refund(*, plan: Plan, day: float, lines: tuple[Sold, ...], dice: Random) -> int:
    """Yen given back: one line of the order, more often when it holds the troubled product in its bad months."""
    truths = plan.truths
    into = plan.months_in(months=truths.trouble_months, day=day)
    troubled = [line for line in lines if line.item.sku == truths.troubled_sku] if into is not None else []
    if troubled and dice.random() < truths.trouble_refund_rate[into or 0]:
        return troubled[0].amount_yen
    return dice.choice(lines).amount_yen if dice.random() < 0.016 else 0


def _carrier(*, dice: Random) -> Carrier:
    return dice.choices(CARRIERS, weights=[carrier.share for carrier in CARRIERS])[0]


def _parcel(*, at: datetime, dice: Random) -> Parcel:
    """A parcel promised for the end of a day two to four days on; a late one comes one to four days after that."""
    carrier = _carrier(dice=dice)
    late = dice.random() < carrier.late_share
    midnight = at.replace(hour=0, minute=0, second=0)
    promised_days = dice.choice((2, 2, 3, 3, 3, 4))
    promised = midnight + timedelta(days=promised_days, hours=23, minutes=59, seconds=59)
    shipped = midnight + timedelta(days=1, hours=10 + dice.random() * 7)
    if late:
        arrival = midnight + timedelta(days=promised_days + dice.choice((1, 1, 1, 2, 2, 3, 4)))
    else:
        arrival = midnight + timedelta(days=promised_days - (dice.random() < 0.2 and promised_days > 2))
    delivered = arrival + timedelta(hours=9 + dice.random() * 11)
    return Parcel(
        carrier=carrier.name,
        promised_at=promised,
        shipped_at=shipped.replace(microsecond=0),
        delivered_at=delivered.replace(microsecond=0),
        late=late,
    )
