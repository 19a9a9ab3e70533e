"""Which facts begin or wake what: the trigger's own questions, asked of one moment."""

from dataclasses import dataclass
from datetime import datetime

from kizuna.act.practices.rules.candidates import Candidate
from kizuna.act.practices.rules.flow import FactTrigger
from kizuna.facts.catalogue import (
    CouponRedeemed,
    Fact,
    MessageOpened,
    OrderAmended,
    OrderPlaced,
    ReviewPosted,
    ShipmentDelivered,
    SurveyAnswered,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Something that happened to a customer, by whichever way it became known.

    ``late`` says that a parcel came after its promise; ``order_id`` is the order it is about.
    """

    fact: str
    person_id: int
    thing_id: int
    at: datetime
    order_id: int | None = None
    store: str = ""
    touchpoint: str = ""
    instrument: str = ""
    score: float | None = None
    late: bool = False


CAUSES = {
    "delivered": "order",
    "delivered_late": "order",
    "promise_missed": "order",
    "ordered": "order",
    "answered": "answer",
    "reviewed": "review",
    "refunded": "refund",
}
"""What names the cause, so that the fact and the later sweep find the same one.

Of an order in several parcels the first that qualifies is the cause: nobody is thanked three times for one order.
"""
_THINGS = {**CAUSES, "delivered": "shipment", "delivered_late": "shipment", "promise_missed": "shipment"}

WAKES: dict[type[Fact], str] = {
    OrderPlaced: "ordered",
    SurveyAnswered: "answered",
    ShipmentDelivered: "delivered",
    ReviewPosted: "reviewed",
    MessageOpened: "opened",
    CouponRedeemed: "redeemed",
}


def moment_of(*, fact: Fact, now: datetime) -> Moment | None:
    """The moment a waking fact states; None for an unknown customer or a fact that begins nothing.

    An amended order says when it was placed, not when it was refunded: that is when it became known, ``now``.
    """
    if fact.person_id is None:
        return None
    return _of_delivery(fact=fact) or _of_order(fact=fact, now=now) or _of_voice(fact=fact)


def _of_delivery(*, fact: Fact) -> Moment | None:
    if not isinstance(fact, ShipmentDelivered) or fact.person_id is None or fact.delivered_at is None:
        return None
    return Moment(
        fact="delivered",
        person_id=fact.person_id,
        thing_id=fact.shipment_id,
        at=fact.delivered_at,
        order_id=fact.order_id,
        store=fact.store,
        touchpoint=fact.touchpoint,
        late=fact.promised_at is not None and fact.delivered_at > fact.promised_at,
    )


def _of_order(*, fact: Fact, now: datetime) -> Moment | None:
    if type(fact) not in {OrderPlaced, OrderAmended} or not isinstance(fact, OrderPlaced) or fact.person_id is None:
        return None  # a cancelled order is an OrderPlaced too, and begins nothing
    refund = isinstance(fact, OrderAmended)
    if refund and fact.refunded_yen <= 0:
        return None
    return Moment(
        fact="refunded" if refund else "ordered",
        person_id=fact.person_id,
        thing_id=fact.order_id,
        at=now if refund else fact.occurred_at,
        order_id=fact.order_id,
        store=fact.store,
        touchpoint=fact.touchpoint,
    )


def _of_voice(*, fact: Fact) -> Moment | None:
    if type(fact) is SurveyAnswered and fact.person_id is not None:
        return Moment(
            fact="answered",
            person_id=fact.person_id,
            thing_id=fact.answer_id,
            at=fact.occurred_at,
            order_id=fact.order_id,
            store=fact.store,
            touchpoint=fact.touchpoint,
            instrument=fact.instrument,
            score=fact.score,
        )
    if type(fact) is ReviewPosted and fact.person_id is not None:
        return Moment(
            fact="reviewed",
            person_id=fact.person_id,
            thing_id=fact.review_id,
            at=fact.occurred_at,
            store=fact.store,
            touchpoint=fact.touchpoint,
            score=fact.rating,
        )
    return None


def begins(*, trigger: FactTrigger, moment: Moment) -> bool:
    """Whether this moment is one the trigger looks for, but for the number of the order."""
    if trigger.fact == "delivered_late":
        if moment.fact != "delivered" or not moment.late:
            return False
    elif trigger.fact != moment.fact:
        return False
    return (
        (not trigger.touchpoint or trigger.touchpoint == moment.touchpoint)
        and (not trigger.instrument or trigger.instrument == moment.instrument)
        and _scored(trigger=trigger, score=moment.score)
    )


def candidate_of(*, trigger: FactTrigger, moment: Moment) -> Candidate:
    """The candidate that this moment makes."""
    context: dict[str, object] = {f"{_THINGS[trigger.fact]}_id": moment.thing_id}
    if moment.order_id is not None:
        context["order_id"] = moment.order_id
    if moment.store:
        context["store"] = moment.store
    if moment.score is not None:
        context |= {"score": moment.score, "instrument": moment.instrument}
    kind = CAUSES[trigger.fact]
    named = moment.order_id if kind == "order" else moment.thing_id
    return Candidate(person_id=moment.person_id, cause=f"{kind}:{named}", at=moment.at, context=context)


def order_named(*, cause: str) -> int | None:
    """The order that is the cause, if one is."""
    kind, _, number = cause.partition(":")
    return int(number) if kind == "order" and number.isdigit() else None


def _scored(*, trigger: FactTrigger, score: float | None) -> bool:
    if trigger.score_min is None and trigger.score_max is None:
        return True
    return score is not None and (
        (trigger.score_min is None or score >= trigger.score_min)
        and (trigger.score_max is None or score <= trigger.score_max)
    )
