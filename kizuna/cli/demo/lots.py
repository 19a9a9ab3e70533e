"""The practices that the invented company runs, whom they reached and what they truly do.

Who is held out is the product's own lot over the customer's number in the product, so the screens can check it.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo
from random import Random
from typing import TYPE_CHECKING, Literal

from kizuna.stats.randomisation import is_held_out

if TYPE_CHECKING:
    from kizuna.cli.demo.company import Plan
    from kizuna.cli.demo.customers import Customer
    from kizuna.cli.demo.sales import Sale

PRACTICE_MONTHS = 12
"""They were started at the beginning of the last twelve months."""
WINDOW_DAYS = 90
_SOONEST_DAYS, _LATEST_DAYS = 25.0, 80.0
BEFORE_BIRTHDAY = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """One ready practice with its true effect. Without an effect it is a true null."""

    name: str
    start: Literal["delivered", "first_delivered", "birthday"]
    consented: bool = False
    holdout_share: float = 0.3
    nps: float = 0.0
    """Added to every answer about an order within the window."""
    brought_back_share: float = 0.0
    """Of the treated who would not have ordered within the window, so many order once."""
    only_new: bool = False
    """It brings back only those with a single kept order so far."""

    @property
    def salt(self) -> str:
        return f"demo:{self.name}"


PRACTICES = (
    Planted(name="thank_you_after_delivery", start="delivered", nps=14.0),
    Planted(name="second_purchase_nudge", start="first_delivered", consented=True, brought_back_share=0.26),
    Planted(name="birthday_perk", start="birthday", consented=True),
    Planted(name="follow_up_1_week", start="delivered", nps=-14.0),
    Planted(name="follow_up_1_month", start="delivered", brought_back_share=0.14, only_new=True),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigned:
    """A customer came into a practice. ``cause`` is the sale whose parcel did it; None for a date."""

    planted: Planted
    customer: "Customer"
    at: datetime
    treated: bool
    kept: int
    cause: "Sale | None"

    def lifts(self, *, at: datetime) -> float:
        """What the practice adds to NPS / 100 of an answer about an order at that moment."""
        within = self.at <= at < self.at + timedelta(days=WINDOW_DAYS)
        return self.planted.nps / 100 if self.treated and within else 0.0


def assign(
    *, plan: "Plan", customer: "Customer", sales: Sequence["Sale"], until: datetime | None = None
) -> list[Assigned]:
    """Every practice that reaches this customer before ``until`` (the end of the complete months), by these sales."""
    kept = [sale for sale in sales if not sale.cancelled]
    reached = []
    for planted in plan.truths.practices:
        if planted.consented and (customer.guest or not customer.opted_in):
            continue
        moment = _moment(plan=plan, planted=planted, customer=customer, kept=kept)
        if moment is None or moment[0] >= (until or plan.end):
            continue
        at, cause = moment
        unit = plan.unit_of(number=customer.number)
        held_out = is_held_out(salt=planted.salt, unit=unit, share=planted.holdout_share)
        before = sum(sale.at < at for sale in kept)
        reached.append(
            Assigned(planted=planted, customer=customer, at=at, treated=not held_out, kept=before, cause=cause)
        )
    return reached


def once_more(
    *, plan: "Plan", assigned: Mapping[int, Sequence[Assigned]], sales: Sequence["Sale"]
) -> Iterator[Assigned]:
    """Everybody who was reached, and every further parcel or birthday that began the practice for them again."""
    arrived: dict[int, list[tuple[datetime, Sale]]] = defaultdict(list)
    for sale in sales:
        if sale.customer is not None and sale.parcel is not None and not sale.cancelled:
            arrived[sale.customer.number].append((sale.parcel.delivered_at, sale))
    for one in (one for reached in assigned.values() for one in reached):
        yield one
        if one.planted.start == "birthday":
            yield from _next_birthdays(plan=plan, first=one)
        if one.planted.start == "delivered":
            later = ((at, sale) for at, sale in arrived[one.customer.number] if one.at < at < plan.horizon)
            yield from (replace(one, at=at, cause=sale) for at, sale in later if sale is not one.cause)


def _next_birthdays(*, plan: "Plan", first: Assigned) -> Iterator[Assigned]:
    year = (first.at + BEFORE_BIRTHDAY).year + 1
    while (at := _birthday_moment(born=first.customer.born, year=year, zone=first.at.tzinfo)) < plan.horizon:
        yield replace(first, at=at)
        year += 1


def brought_back(*, plan: "Plan", assigned: Assigned, sales: Sequence["Sale"], dice: Random) -> float | None:
    """The day number of the order that only the practice brought, which may lie ahead; None when it brought none."""
    luck, wait = dice.random(), dice.uniform(_SOONEST_DAYS, _LATEST_DAYS)
    until = assigned.at + timedelta(days=WINDOW_DAYS)
    comes_anyway = any(assigned.at < sale.at < until and not sale.cancelled for sale in sales)
    suits = assigned.treated and (assigned.kept <= 1 or not assigned.planted.only_new)
    share = assigned.planted.brought_back_share
    if any(sale.parcel and sale.parcel.late for sale in sales[:1]):
        share *= plan.truths.late_f2_factor  # whom a late first parcel cost their trust is no easier to win back
    day = (assigned.at - plan.start) / timedelta(days=1) + wait
    if comes_anyway or not suits or luck >= share:
        return None
    return day


def _moment(
    *, plan: "Plan", planted: Planted, customer: "Customer", kept: Sequence["Sale"]
) -> "tuple[datetime, Sale | None] | None":
    since = plan.practices_since
    if planted.start == "birthday":
        return _before_birthday(plan=plan, customer=customer, kept=kept)
    candidates = kept[:1] if planted.start == "first_delivered" else kept
    arrived = (sale for sale in candidates if sale.parcel is not None and sale.parcel.delivered_at >= since)
    first = min(arrived, key=lambda sale: sale.parcel.delivered_at if sale.parcel else since, default=None)
    return None if first is None or first.parcel is None else (first.parcel.delivered_at, first)


def _before_birthday(*, plan: "Plan", customer: "Customer", kept: Sequence["Sale"]) -> "tuple[datetime, None] | None":
    """Nine in the morning a week before a birthday, the first since the start; only tills write birthdays down."""
    since = plan.practices_since
    for year in (since.year, since.year + 1, since.year + 2):
        at = _birthday_moment(born=customer.born, year=year, zone=since.tzinfo)
        if at >= since and any(sale.at < at and sale.place.source == "smaregi" for sale in kept):
            return at, None
    return None


def _birthday_moment(*, born: date, year: int, zone: tzinfo | None) -> datetime:
    day = date(year, born.month, born.day) - BEFORE_BIRTHDAY
    return datetime(day.year, day.month, day.day, 9, tzinfo=zone)
