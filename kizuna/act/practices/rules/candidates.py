"""Who might enter a practice and why, and whether the practice is meant for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from kizuna.act.practices.rules.flow import Eligible
from kizuna.stats.randomisation import arm_of, is_held_out

Context = Mapping[str, object]
"""Ids, codes and numbers: order_id, shipment_id, answer_id, store, score, instrument …"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """``cause`` names the thing that began it (``order:812``) and is unique within a practice."""

    person_id: int
    cause: str
    at: datetime
    context: Context = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is known of a customer at this moment, as far as eligibility asks."""

    orders: int = 0
    stores: frozenset[str] = frozenset()
    products: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()
    last_nps: float | None = None
    best: bool = False


def segment_of(*, orders: int) -> str:
    """A customer with two kept orders is a repeat customer."""
    return "repeat" if orders >= 2 else "new"


def nps_group(*, score: float) -> str:
    """Promoters 9–10, passives 7–8, detractors 0–6."""
    if score >= 9:
        return "promoter"
    return "passive" if score >= 7 else "detractor"


def is_eligible(*, rules: Eligible, standing: Standing) -> bool:
    """Whether the practice is meant for this customer. A list that is empty asks nothing."""
    return (
        (not rules.segments or segment_of(orders=standing.orders) in rules.segments)
        and (rules.min_orders is None or standing.orders >= rules.min_orders)
        and (rules.max_orders is None or standing.orders <= rules.max_orders)
        and _meets(rules.channels_consented, standing.channels)
        and _meets(rules.stores, standing.stores)
        and _meets(rules.products, standing.products)
        and _meets(rules.categories, standing.categories)
        and (rules.top_share is None or standing.best)
        and _group_fits(rules=rules, standing=standing)
    )


def draw(*, salt: str, person_id: int, share: float, arms: tuple[tuple[str, float], ...]) -> tuple[str, bool]:
    """The arm and whether the customer is held out, whose arm is the empty text."""
    if is_held_out(salt=salt, unit=person_id, share=share):
        return "", True
    return arm_of(salt=salt, unit=person_id, arms=arms), False


def rested(
    *, moments: Sequence[tuple[int, datetime]], days: int, latest: Mapping[int, datetime] | None = None
) -> list[int]:
    """The places of those (customer, moment), in the order of time, that come after the rest a practice gives.

    ``latest`` is when it last began for customers it knows already. It goes by what began it, not by when that became
    known. Without ``days`` nobody has to rest.
    """
    if not days:
        return list(range(len(moments)))
    last, kept = dict(latest or {}), []
    for place, (person, at) in enumerate(moments):
        before = last.get(person)
        if before is None or at - before > timedelta(days=days):
            last[person] = at
            kept.append(place)
    return kept


def _meets(asked: tuple[str, ...], held: frozenset[str]) -> bool:
    return not asked or not held.isdisjoint(asked)


def _group_fits(*, rules: Eligible, standing: Standing) -> bool:
    if not rules.nps_groups:
        return True
    return standing.last_nps is not None and nps_group(score=standing.last_nps) in rules.nps_groups
