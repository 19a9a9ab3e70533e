"""The coupons that two of the practices gave, and which orders they were used for.

A coupon changes nothing about an order here: the company's systems book it as a means of payment, so that an order's
total is what was paid before it. What was spent is therefore as the practices' planted effects have it, and what the
coupons cost is taken off on the pages, once.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from kizuna.act.practices.rules.flow import Wait
from kizuna.act.practices.rules.step import due_after
from kizuna.cli.demo.company import Plan
from kizuna.cli.demo.lots import Assigned
from kizuna.cli.demo.sales import Sale, Trade


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """The coupon of one practice: its terms, when it is given, and how many of those who order anyway remember it."""

    offer: str
    value_yen: int
    min_spend_yen: int
    valid_days: int
    wait: Wait | None
    used_share: float


GIVEN = {
    "second_purchase_nudge": Given(
        offer="second_purchase_500",
        value_yen=500,
        min_spend_yen=3000,
        valid_days=60,
        wait=Wait(days=21, until_local_hour=11, next=""),
        used_share=0.5,
    ),
    "birthday_perk": Given(
        offer="birthday_500", value_yen=500, min_spend_yen=3000, valid_days=45, wait=None, used_share=0.35
    ),
}
"""A second-purchase coupon goes only to those who have not ordered again by themselves when it is due."""
_ELSEWHERE = "rakuten"
"""The marketplace takes no coupons but its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gift:
    """One coupon given at that moment, and the order it was used for, if any."""

    assigned: Assigned
    given: Given
    at: datetime
    sale: Sale | None


def make_gifts(*, plan: Plan, trade: Trade) -> Iterator[Gift]:
    """Every coupon that the treated were given up to now, each order paying with one at most."""
    dice = plan.dice(subject="coupons")
    bought: dict[int, list[Sale]] = defaultdict(list)
    for sale in (*trade.sales, *trade.running):
        if sale.customer is not None and not sale.cancelled:
            bought[sale.customer.number].append(sale)
    for number, reached in trade.assigned.items():
        paid: set[int] = set()
        for one in reached:
            given = GIVEN.get(one.planted.name)
            at = _moment(one=one, given=given, sales=bought[number]) if given else None
            if given is None or at is None or at >= plan.horizon:
                continue
            order = _used_for(one=one, given=given, at=at, sales=bought[number], paid=paid, luck=dice.random())
            if order is not None:
                paid.add(order.number)
            yield Gift(assigned=one, given=given, at=at, sale=order)


def _moment(*, one: Assigned, given: Given, sales: Sequence[Sale]) -> datetime | None:
    """When the coupon was given; None for the held-out, and for who had ordered again before it was due."""
    if not one.treated:
        return None
    at = due_after(wait=given.wait, since=one.at) if given.wait else one.at
    came = given.wait is not None and any(one.at < sale.at < at for sale in sales)
    return None if came else at


def _used_for(
    *, one: Assigned, given: Given, at: datetime, sales: Sequence[Sale], paid: set[int], luck: float
) -> Sale | None:
    """The first order that could be paid with it and was: always one that the practice brought."""
    over = at + timedelta(days=given.valid_days)
    for sale in sales:
        fits = at < sale.at < over and _suits(given=given, sale=sale) and sale.number not in paid
        if fits and (luck < given.used_share or sale.brought_by == one.planted.name):
            return sale
    return None


def _suits(*, given: Given, sale: Sale) -> bool:
    return sale.place.source != _ELSEWHERE and paid_yen(sale=sale) >= given.min_spend_yen


def paid_yen(*, sale: Sale) -> int:
    """What the goods of a sale came to."""
    return sale.subtotal_yen - sale.discount_yen
