"""A small shop that publishes facts, for the tests of the state."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction

from kizuna.facts.catalogue import (
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
    ReviewPosted,
    ShipmentDelivered,
    ShipmentPromised,
    ShipmentVoided,
    SurveyAnswered,
    columns_of,
)
from kizuna.facts.lake.operations import write_due
from kizuna.facts.lake.queries import connect
from kizuna.facts.outbox.operations import publish
from kizuna.facts.state.operations import advance, verify
from kizuna.facts.state.queries import source
from kizuna.facts.state.rules import Touched

START = datetime(2026, 1, 10, 3, 0, tzinfo=UTC)


def day(number: float) -> datetime:
    return START + timedelta(days=number)


@dataclass
class Shop:
    """Publishes, folds and reads; every fact gets the next revision of its thing unless one is given."""

    revisions: dict[tuple[str, int], int] = field(default_factory=dict)

    def tell(self, *facts: Fact) -> None:
        with transaction.atomic():
            publish(facts=facts, now=START, wake=False)

    def fold(self) -> Touched:
        while write_due(now=START):
            pass
        return advance(now=START)

    def rows(self, table: str) -> list[dict[str, Any]]:
        return list(connect().sql(f"{source(table=table)} ORDER BY ALL").to_arrow_table().to_pylist())

    def row(self, table: str, key: int) -> dict[str, Any]:
        (found,) = (row for row in self.rows(table) if next(iter(row.values())) == key)
        return found

    def revision(self, thing: str, number: int) -> int:
        self.revisions[thing, number] = self.revisions.get((thing, number), 0) + 1
        return self.revisions[thing, number]

    def order(
        self,
        number: int,
        person: int | None,
        at: float,
        *,
        kind: type[OrderPlaced] = OrderPlaced,
        revision: int | None = None,
        yen: int = 1000,
        lines: int = 1,
        category: str = "tea",
        refunded: int = 0,
        store: str = "honten",
    ) -> None:
        version = self.revision("order", number) if revision is None else revision
        shared: dict[str, Any] = {
            "occurred_at": day(at),
            "person_id": person,
            "order_id": number,
            "store": store,
            "channel": "web",
            "revision": version,
        }
        order = kind(source="shop", total_yen=yen, refunded_yen=refunded, quantity=lines, **shared)
        self.tell(
            order,
            *(
                OrderLineSold(
                    line_no=line, product=f"p{line}", category=category, quantity=1, amount_yen=yen // lines, **shared
                )
                for line in range(1, lines + 1)
            ),
        )

    def amend(self, number: int, person: int | None, at: float, **changes: Any) -> None:
        self.order(number, person, at, kind=OrderAmended, **changes)

    def cancel(self, number: int, person: int | None, at: float, **changes: Any) -> None:
        self.order(number, person, at, kind=OrderCancelled, **changes)

    def void_order(self, number: int, person: int | None = None) -> None:
        version = self.revision("order", number)
        self.tell(OrderVoided(occurred_at=START, person_id=person, order_id=number, revision=version))

    def ship(
        self,
        number: int,
        order: int,
        person: int | None,
        *,
        promised: float | None,
        delivered: float | None,
        carrier: str = "yamato",
        revision: int | None = None,
    ) -> None:
        version = self.revision("shipment", number) if revision is None else revision
        fact = ShipmentPromised(
            occurred_at=day(promised or 0),
            person_id=person,
            shipment_id=number,
            order_id=order,
            carrier=carrier,
            promised_at=None if promised is None else day(promised),
            delivered_at=None if delivered is None else day(delivered),
            revision=version,
        )
        if delivered is not None:
            fact = ShipmentDelivered(**{name: getattr(fact, name) for name in columns_of(fact=ShipmentPromised)})
            fact = replace(fact, occurred_at=day(delivered))
        self.tell(fact)

    def void_shipment(self, number: int) -> None:
        version = self.revision("shipment", number)
        self.tell(ShipmentVoided(occurred_at=START, person_id=None, shipment_id=number, revision=version))

    def answer(
        self,
        number: int,
        person: int | None,
        at: float,
        score: float,
        *,
        order: int | None = None,
        instrument: str = "nps",
        revision: int | None = None,
    ) -> None:
        version = self.revision("answer", number) if revision is None else revision
        self.tell(
            SurveyAnswered(
                occurred_at=day(at),
                person_id=person,
                answer_id=number,
                score=score,
                order_id=order,
                instrument=instrument,
                touchpoint="delivery",
                revision=version,
            )
        )

    def void_answer(self, number: int) -> None:
        version = self.revision("answer", number)
        self.tell(AnswerVoided(occurred_at=START, person_id=None, answer_id=number, revision=version))

    def review(self, number: int, person: int | None, at: float, rating: float) -> None:
        version = self.revision("review", number)
        self.tell(
            ReviewPosted(
                occurred_at=day(at), person_id=person, review_id=number, site="g", rating=rating, revision=version
            )
        )

    def note(self, number: int, person: int | None, at: float) -> None:
        version = self.revision("note", number)
        self.tell(NoteTaken(occurred_at=day(at), person_id=person, note_id=number, kind="visit", revision=version))

    def assign(self, number: int, person: int, at: float, *, practice: str = "thanks", held_out: bool = False) -> None:
        version = self.revision("assignment", number)
        self.tell(
            PracticeAssigned(
                occurred_at=day(at),
                person_id=person,
                assignment_id=number,
                practice=practice,
                version=1,
                arm="" if held_out else "a",
                held_out=held_out,
                store="honten",
                revision=version,
            )
        )

    def void_assignment(self, number: int) -> None:
        version = self.revision("assignment", number)
        self.tell(PracticeAssignmentVoided(occurred_at=START, person_id=None, assignment_id=number, revision=version))

    def link(self, person: int, root: int) -> None:
        version = self.revision("person", person)
        self.tell(PersonLinked(occurred_at=START, person_id=person, root_id=root, revision=version))


def assert_exact() -> None:
    """The state equals the full recompute, and the lake holds every fact once."""
    report = verify(now=START)
    assert report.ok, report
