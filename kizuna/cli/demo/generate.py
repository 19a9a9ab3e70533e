"""The invented company's records, month by month, as its own systems would have handed them over."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import TypeVar

from kizuna.cli.demo import comments
from kizuna.cli.demo.answers import make_answers
from kizuna.cli.demo.calendar import Calendar
from kizuna.cli.demo.company import MONTHS, Plan
from kizuna.cli.demo.customers import Customer, buyer, make_customers, make_newcomers, member
from kizuna.cli.demo.gifts import Gift, make_gifts
from kizuna.cli.demo.lots import Assigned, once_more
from kizuna.cli.demo.reviews import make_reviews
from kizuna.cli.demo.running import go_on
from kizuna.cli.demo.sales import Sale, Sold, make_trade
from kizuna.customers.orders.rules import LineRecord, OrderRecord, ShipmentRecord
from kizuna.customers.people.rules import Sighting
from kizuna.listen.reviews.rules import ReviewRecord
from kizuna.listen.surveys.rules import AnswerRecord

T = TypeVar("T")
_PAYMENTS = {
    "web": ("クレジットカード", "クレジットカード", "コンビニ決済", "PayPay", "代金引換"),
    "mall": ("クレジットカード", "楽天ポイント", "後払い"),
    "store": ("現金", "クレジットカード", "電子マネー", "QRコード決済"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What a member of staff wrote about a customer."""

    customer: Sighting
    text: str
    kind: str
    store: str
    taken_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """Everything that came in within one month, each list in the order of its time."""

    first_day: date
    members: tuple[Sighting, ...]
    orders: tuple[OrderRecord, ...]
    answers: tuple[AnswerRecord, ...]
    reviews: tuple[ReviewRecord, ...]
    notes: tuple[Note, ...]
    assigned: tuple[Assigned, ...]
    """Who came into which practice, also those who were in it before."""
    gifts: tuple[Gift, ...]


def make_months(*, plan: Plan, running: bool = False) -> Iterator[Month]:
    """The company of ``plan``, oldest month first. The same plan always yields the same records.

    ``running``: with the days so far of the month that is not over yet as the last one.
    """
    calendar = Calendar(plan=plan)
    customers = make_customers(plan=plan, calendar=calendar)
    trade = make_trade(plan=plan, calendar=calendar, customers=customers)
    newcomers = make_newcomers(plan=plan, calendar=calendar)
    go_on(plan=plan, trade=trade, customers=customers, newcomers=newcomers)
    sales = [*trade.sales, *trade.running]
    sold = _by_month(plan, ((sale.at, sale) for sale in sales))
    answers = _by_month(plan, ((record.answered_at, record) for record in make_answers(plan=plan, trade=trade)))
    reviews = _by_month(plan, ((record.posted_at, record) for record in make_reviews(plan=plan, sales=trade.sales)))
    reached = _by_month(plan, ((one.at, one) for one in once_more(plan=plan, assigned=trade.assigned, sales=sales)))
    gifts = _by_month(plan, ((one.at, one) for one in make_gifts(plan=plan, trade=trade)))
    dice = plan.dice(subject="records")
    known: set[tuple[int, str]] = set()
    for index in range(MONTHS + (running and plan.running_days > 0)):
        joined = _joining(sales=sold[index], known=known)
        yield Month(
            first_day=plan.month(index=index),
            members=tuple(member(customer=who, place=sale.place, at=sale.at) for who, sale in joined),
            orders=tuple(order_record(plan=plan, sale=sale, dice=dice) for sale in sold[index]),
            answers=tuple(sorted(answers[index], key=lambda record: record.answered_at)),
            reviews=tuple(sorted(reviews[index], key=lambda record: record.posted_at)),
            notes=tuple(_notes(sales=sold[index], dice=dice)),
            assigned=tuple(sorted(reached[index], key=lambda one: (one.at, one.customer.number))),
            gifts=tuple(sorted(gifts[index], key=lambda one: (one.at, one.assigned.customer.number))),
        )


def _by_month(plan: Plan, dated: Iterator[tuple[datetime, T]]) -> dict[int, list[T]]:
    months: dict[int, list[T]] = defaultdict(list)
    for at, record in dated:
        months[plan.month_index(day=(at - plan.start) / timedelta(days=1))].append(record)
    return months


def _joining(*, sales: list[Sale], known: set[tuple[int, str]]) -> list[tuple[Customer, Sale]]:
    """Who appears for the first time in a system that keeps a member list (the marketplace does not share its own)."""
    joined = []
    for sale in sales:
        customer = sale.customer
        if customer is None or customer.guest or sale.place.source == "rakuten":
            continue
        key = (customer.number, sale.place.source)
        if key not in known:
            known.add(key)
            joined.append((customer, sale))
    return joined


def order_record(*, plan: Plan, sale: Sale, dice: Random) -> OrderRecord:
    """The sale as its system exports it."""
    return OrderRecord(
        source=sale.place.source,
        external_id=order_id(sale=sale),
        ordered_at=sale.at,
        customer=buyer(customer=sale.customer, place=sale.place, at=sale.at) if sale.customer else None,
        channel=sale.place.channel,
        store=sale.place.code,
        lines=tuple(line_record(line=line) for line in sale.lines),
        subtotal_yen=sale.subtotal_yen,
        discount_yen=sale.discount_yen,
        points_used_yen=sale.points_used_yen,
        shipping_yen=sale.shipping_yen,
        total_yen=sale.total_yen,
        refunded_yen=min(sale.refunded_yen, sale.total_yen),
        cancelled=sale.cancelled,
        payment_method=dice.choice(_PAYMENTS[sale.place.channel]),
        shipments=_shipments(plan=plan, sale=sale),
    )


def line_record(*, line: Sold) -> LineRecord:
    """One line of the sale as its system exports it."""
    return LineRecord(
        sku=line.item.sku,
        name=line.item.name,
        category=line.item.category,
        brand=line.item.brand,
        quantity=line.quantity,
        unit_price_yen=line.item.price_yen,
        discount_yen=line.discount_yen,
        amount_yen=line.amount_yen,
    )


def order_id(*, sale: Sale) -> str:
    """What the sale's system calls it."""
    prefix = {"shopify": "#", "rakuten": "385102-", "smaregi": ""}[sale.place.source]
    return f"{prefix}{100_001 + sale.number}"


def parcel_id(*, sale: Sale) -> str:
    """What the sale's system calls its parcel."""
    return f"S{100_001 + sale.number}"


def _shipments(*, plan: Plan, sale: Sale) -> tuple[ShipmentRecord, ...]:
    """The parcel as it is known on the day of making: one that has not arrived by then has no time of delivery."""
    parcel = sale.parcel
    if parcel is None:
        return ()
    return (
        ShipmentRecord(
            external_id=parcel_id(sale=sale),
            carrier=parcel.carrier,
            tracking_no=f"{40_0000_0000 + sale.number * 7919 % 10_0000_0000}",
            promised_at=parcel.promised_at,
            shipped_at=parcel.shipped_at if parcel.shipped_at < plan.horizon else None,
            delivered_at=parcel.delivered_at if parcel.delivered_at < plan.horizon else None,
        ),
    )


def _notes(*, sales: list[Sale], dice: Random) -> Iterator[Note]:
    """Staff in the shops write something down about one regular in thirty visits."""
    for sale in sales:
        if sale.customer is None or sale.place.kind != "shop" or sale.nth == 0 or dice.random() > 0.035:
            continue
        kind = dice.choices(("preference", "greeting", "complaint", "praise"), weights=(5, 3, 1, 1))[0]
        yield Note(
            customer=buyer(customer=sale.customer, place=sale.place, at=sale.at),
            text=comments.note(kind=kind, dice=dice),
            kind=kind,
            store=sale.place.code,
            taken_at=sale.at + timedelta(minutes=20),
        )
