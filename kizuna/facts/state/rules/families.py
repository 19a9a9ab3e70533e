"""Fact types that tell the story of one kind of thing, read together."""

from collections.abc import Mapping
from dataclasses import dataclass

from kizuna.facts.catalogue import (
    AnswerAmended,
    AnswerVoided,
    Fact,
    NoteTaken,
    OrderAmended,
    OrderCancelled,
    OrderLineSold,
    OrderPlaced,
    OrderVoided,
    PersonLinked,
    PracticeAssigned,
    PracticeAssignmentVoided,
    ReviewAmended,
    ReviewPosted,
    ReviewVoided,
    ShipmentDelivered,
    ShipmentPromised,
    ShipmentVoided,
    SurveyAnswered,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """``key`` identifies the thing; ``affects`` are the unit tables that a fact of this family can change."""

    facts: tuple[type[Fact], ...]
    key: str
    affects: frozenset[str]


_OF_A_BUYER = frozenset({"orders", "lines", "shipments", "answers", "reviews", "customers", "assignments"})

FAMILIES: dict[str, Family] = {
    "link": Family(facts=(PersonLinked,), key="person_id", affects=_OF_A_BUYER | {"notes"}),
    "order": Family(
        facts=(OrderPlaced, OrderAmended, OrderCancelled, OrderVoided), key="order_id", affects=_OF_A_BUYER
    ),
    "line": Family(facts=(OrderLineSold,), key="order_id", affects=frozenset({"lines", "customers"})),
    "shipment": Family(
        facts=(ShipmentPromised, ShipmentDelivered, ShipmentVoided),
        key="shipment_id",
        affects=frozenset({"shipments", "answers", "customers"}),
    ),
    "answer": Family(
        facts=(SurveyAnswered, AnswerAmended, AnswerVoided),
        key="answer_id",
        affects=frozenset({"answers", "customers"}),
    ),
    "review": Family(
        facts=(ReviewPosted, ReviewAmended, ReviewVoided), key="review_id", affects=frozenset({"reviews"})
    ),
    "note": Family(facts=(NoteTaken,), key="note_id", affects=frozenset({"notes"})),
    "assignment": Family(
        facts=(PracticeAssigned, PracticeAssignmentVoided), key="assignment_id", affects=frozenset({"assignments"})
    ),
}


def family_sql(*, family: Family, sources: Mapping[type[Fact], str]) -> str:
    """All facts of a family as one relation, with ``cancelled`` and ``voided`` read off the type."""
    return " UNION ALL BY NAME ".join(
        f"SELECT *, {_flag(fact is OrderCancelled)} AS cancelled,"
        f" {_flag(fact.__name__.endswith('Voided'))} AS voided FROM ({sources[fact]})"
        for fact in family.facts
    )


def _flag(value: bool) -> str:
    return "true" if value else "false"
