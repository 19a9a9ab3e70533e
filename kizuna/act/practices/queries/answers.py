"""What a branch asks, answered for many customers at once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from kizuna.act.offers.queries.latest import latest_uses
from kizuna.act.outreach.queries.latest import latest_opened
from kizuna.act.practices.queries.people import Customers
from kizuna.act.practices.rules.candidates import Context, segment_of
from kizuna.act.practices.rules.flow import Awaited, Condition
from kizuna.customers.orders.queries import Arrival, arrivals, latest_arrivals
from kizuna.listen.reviews.queries import latest_reviews


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Whom a branch asks about, and what began it for them."""

    person_id: int
    caused_at: datetime
    context: Context

    @property
    def order_id(self) -> int | None:
        """The order that it is about, if it is about one."""
        found = self.context.get("order_id")
        return found if isinstance(found, int) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    customers: Customers
    arrivals: Mapping[int, Arrival]

    def arrival(self, *, asked: Asked) -> Arrival | None:
        return self.arrivals.get(asked.order_id) if asked.order_id is not None else None


def answer(*, conditions: Sequence[Condition], asked: Sequence[Asked]) -> list[tuple[bool, ...]]:
    """One tuple of answers per customer, in the order of the conditions. An unknown customer answers no."""
    if not conditions:
        return [()] * len(asked)
    customers = Customers(person_ids=[one.person_id for one in asked])
    wanted = {condition.asked for condition in conditions} & {"delivered", "delivered_late"}
    orders = {one.order_id for one in asked if one.order_id is not None} if wanted else set()
    known = _Known(customers=customers, arrivals=arrivals(order_ids=orders))
    return [
        tuple(
            one.person_id in customers.root and _ANSWERS[condition.asked](condition, one, known)
            for condition in conditions
        )
        for one in asked
    ]


def _ordered_since(condition: Condition, asked: Asked, known: _Known) -> bool:
    del condition
    orders = known.customers.orders(root=known.customers.root[asked.person_id])
    return any(at > asked.caused_at and order != asked.order_id for at, order in orders)


def _delivered(condition: Condition, asked: Asked, known: _Known) -> bool:
    del condition
    arrival = known.arrival(asked=asked)
    return arrival is not None and arrival.arrived


def _delivered_late(condition: Condition, asked: Asked, known: _Known) -> bool:
    del condition
    arrival = known.arrival(asked=asked)
    return arrival is not None and arrival.late


def _answered_since(condition: Condition, asked: Asked, known: _Known) -> bool:
    return bool(_scores_since(condition, asked, known))


def _score(condition: Condition, asked: Asked, known: _Known) -> bool:
    scores = _scores_since(condition, asked, known)
    began = asked.context.get("score")
    score = scores[-1] if scores else began
    if not isinstance(score, int | float):
        return False
    return (condition.score_min is None or score >= condition.score_min) and (
        condition.score_max is None or score <= condition.score_max
    )


def _segment(condition: Condition, asked: Asked, known: _Known) -> bool:
    orders = known.customers.orders(root=known.customers.root[asked.person_id])
    return segment_of(orders=len(orders)) == condition.segment


def _has_channel(condition: Condition, asked: Asked, known: _Known) -> bool:
    return condition.channel in known.customers.channels(root=known.customers.root[asked.person_id])


def _scores_since(condition: Condition, asked: Asked, known: _Known) -> list[float]:
    return [
        one.score
        for one in known.customers.scores(root=known.customers.root[asked.person_id])
        if one.answered_at > asked.caused_at and condition.instrument in (None, one.instrument)
    ]


_ANSWERS: Mapping[str, Callable[[Condition, Asked, _Known], bool]] = {
    "ordered_since": _ordered_since,
    "answered_since": _answered_since,
    "delivered": _delivered,
    "delivered_late": _delivered_late,
    "score": _score,
    "segment": _segment,
    "has_channel": _has_channel,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Awaiting:
    """Somebody who waits for something, and since when. ``order_id`` is the order that began it, if one did."""

    person_id: int
    what: Awaited
    since: datetime
    order_id: int | None = None


def happened_since(*, awaiting: Sequence[Awaiting]) -> list[bool]:
    """For each whether it has happened, by what is on record however it became known.

    The delivery of the order that began it is a state and not a moment: it may have come before the wait began.
    """
    customers = Customers(person_ids=[one.person_id for one in awaiting])
    came = arrivals(order_ids={one.order_id for one in awaiting if one.order_id is not None})
    latest = {what: _latest(what=what, customers=customers) for what in {one.what for one in awaiting}}
    return [
        one.order_id in came and came[one.order_id].arrived
        if one.what == "delivered" and one.order_id is not None
        else latest[one.what].get(customers.root.get(one.person_id, 0), one.since) > one.since
        for one in awaiting
    ]


def _latest(*, what: Awaited, customers: Customers) -> dict[int, datetime]:
    """When it last happened to each customer (root) to whom it ever did."""
    if what == "ordered":
        return {root: moments[-1][0] for root in customers.records if (moments := customers.orders(root=root))}
    if what == "answered":
        return {root: scores[-1].answered_at for root in customers.records if (scores := customers.scores(root=root))}
    records = [record for ids in customers.records.values() for record in ids]
    by_record = _LATEST[what](person_ids=records)
    return {
        root: max(found)
        for root, ids in customers.records.items()
        if (found := [by_record[record] for record in ids if record in by_record])
    }


_LATEST: Mapping[str, Callable[..., dict[int, datetime]]] = {
    "delivered": latest_arrivals,
    "reviewed": latest_reviews,
    "opened": latest_opened,
    "redeemed": latest_uses,
}
