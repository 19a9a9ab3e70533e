"""What a branch asks, answered for many customers at once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from kizuna.act.practices.queries.people import Customers
from kizuna.act.practices.rules.candidates import Context, segment_of
from kizuna.act.practices.rules.flow import Condition


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Whom a branch asks about, and what began it for them."""

    person_id: int
    caused_at: datetime
    context: Context


def answer(*, conditions: Sequence[Condition], asked: Sequence[Asked]) -> list[tuple[bool, ...]]:
    """One tuple of answers per customer, in the order of the conditions. An unknown customer answers no."""
    if not conditions:
        return [()] * len(asked)
    customers = Customers(person_ids=[one.person_id for one in asked])
    return [
        tuple(
            one.person_id in customers.root and _ANSWERS[condition.asked](condition, one, customers)
            for condition in conditions
        )
        for one in asked
    ]


def _ordered_since(condition: Condition, asked: Asked, customers: Customers) -> bool:
    del condition
    own = asked.context.get("order_id")
    orders = customers.orders(root=customers.root[asked.person_id])
    return any(at > asked.caused_at and order != own for at, order in orders)


def _answered_since(condition: Condition, asked: Asked, customers: Customers) -> bool:
    return bool(_scores_since(condition, asked, customers))


def _score(condition: Condition, asked: Asked, customers: Customers) -> bool:
    scores = _scores_since(condition, asked, customers)
    began = asked.context.get("score")
    score = scores[-1] if scores else began
    if not isinstance(score, int | float):
        return False
    return (condition.score_min is None or score >= condition.score_min) and (
        condition.score_max is None or score <= condition.score_max
    )


def _segment(condition: Condition, asked: Asked, customers: Customers) -> bool:
    orders = customers.orders(root=customers.root[asked.person_id])
    return segment_of(orders=len(orders)) == condition.segment


def _has_channel(condition: Condition, asked: Asked, customers: Customers) -> bool:
    return condition.channel in customers.channels(root=customers.root[asked.person_id])


def _scores_since(condition: Condition, asked: Asked, customers: Customers) -> list[float]:
    return [
        one.score
        for one in customers.scores(root=customers.root[asked.person_id])
        if one.answered_at > asked.caused_at and condition.instrument in (None, one.instrument)
    ]


_ANSWERS: Mapping[str, Callable[[Condition, Asked, Customers], bool]] = {
    "ordered_since": _ordered_since,
    "answered_since": _answered_since,
    "score": _score,
    "segment": _segment,
    "has_channel": _has_channel,
}


def happened_since(*, asked: Sequence[tuple[int, str, datetime]]) -> list[bool]:
    """For each (person, what is awaited, since when): whether it has happened. Asks orders and scores."""
    customers = Customers(person_ids=[person for person, _, _ in asked])
    return [
        person in customers.root and _happened(customers=customers, root=customers.root[person], what=what, since=since)
        for person, what, since in asked
    ]


def _happened(*, customers: Customers, root: int, what: str, since: datetime) -> bool:
    if what == "ordered":
        return any(at > since for at, _ in customers.orders(root=root))
    return any(one.answered_at > since for one in customers.scores(root=root))
