"""Records of tables that have one record per row: answers, reviews, customers, shipments; and the door to all."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from kizuna.connectors.tables.rules.fields import Part
from kizuna.connectors.tables.rules.orders import OrderBuilder
from kizuna.connectors.tables.rules.plans import Plan, Problem
from kizuna.connectors.tables.rules.texts import Numbered
from kizuna.connectors.tables.rules.units import Record, Unit, bad_rows, empty_fields, sighting_of
from kizuna.customers.orders.rules import ShipmentRecord
from kizuna.customers.people.rules import Sighting
from kizuna.facts.touchpoints import touchpoint_slug
from kizuna.listen.reviews.rules import ReviewRecord
from kizuna.listen.surveys.rules import AnswerRecord
from kizuna.words import Words

Builder = Callable[[list[Numbered]], Unit]
Values = dict[str, dict[str, Any]]
_PARTS: tuple[Part, ...] = ("customer", "shipment", "order")


def builder_for(*, plan: Plan, observed_at: datetime) -> Builder:
    """The function that makes a record of the rows of one key. ``observed_at`` is for tables without times."""
    kind = plan.layout.kind
    if kind == "orders":
        return OrderBuilder(plan=plan).build
    if kind == "customers":
        return _RowBuilder(plan, "customer", lambda values: _customer(values, observed_at), ()).build
    if kind == "answers":
        return _RowBuilder(plan, "answer", _answer, ("answer_id", "instrument", "score", "answered_at")).build
    if kind == "reviews":
        return _RowBuilder(plan, "review", _review, ("review_id", "rating", "posted_at")).build
    return _RowBuilder(plan, "order", _shipment, ("order_id",)).build


class _RowBuilder:
    def __init__(self, plan: Plan, own: Part, make: Callable[[Values], Record | None], needed: Sequence[str]) -> None:
        self.plan, self.own, self.make, self.needed = plan, own, make, frozenset(needed)
        self.parts = list(plan.parts.items())
        self.absent = [part for part in _PARTS if part not in plan.parts]

    def build(self, rows: list[Numbered]) -> Unit:
        line, row = rows[0]
        if type(row) is not list:
            return Unit("", rows, None, bad_rows(rows=rows))
        problems: list[Problem] = []
        values: Values = {part: found.read(row, line, problems, self.plan.headers) for part, found in self.parts}
        for absent in self.absent:
            values[absent] = {}
        own = values[self.own]
        if not self.needed <= own.keys():
            names = sorted(self.needed)
            problems += empty_fields(plan=self.plan, values=own, names=names, line=line, known=problems)
        unit = Unit(_key(own, values["shipment"]), rows, None, problems)
        if not problems:
            unit.record = self.make(values)
            if unit.record is None:
                problems.append(Problem(line, self.plan.headers["customer"], "no_customer", _NO_CUSTOMER))
        return unit


def _key(own: dict[str, Any], shipment: dict[str, Any]) -> str:
    for name in ("answer_id", "review_id", "customer", "email"):
        if own.get(name):
            return f"{name}:{own[name]}"
    return f"{own.get('order_id', '')}\0{shipment.get('shipment_id') or shipment.get('tracking_no', '')}"


def _customer(values: Values, observed_at: datetime) -> Sighting | None:
    customer = values["customer"]
    return sighting_of(values=customer, observed_at=customer.pop("observed_at", observed_at))


def _answer(values: Values) -> AnswerRecord:
    answer, customer = values["answer"], values["customer"]
    customer["source"] = answer["source"]
    if "touchpoint" in answer:
        answer["touchpoint"] = touchpoint_slug(text=answer["touchpoint"])
    instrument = answer["instrument"]
    if not instrument.startswith("own:"):
        answer["instrument"] = instrument.lower()
    return AnswerRecord(
        external_id=answer.pop("answer_id"),
        customer=sighting_of(values=customer, observed_at=answer["answered_at"]),
        **answer,
    )


def _review(values: Values) -> ReviewRecord:
    review, customer = values["review"], values["customer"]
    customer["source"] = review.pop("source")
    return ReviewRecord(
        external_id=review.pop("review_id"),
        customer=sighting_of(values=customer, observed_at=review["posted_at"]),
        **review,
    )


def _shipment(values: Values) -> Record:
    order, shipment = values["order"], values["shipment"]
    parcel = ShipmentRecord(external_id=shipment.pop("shipment_id", ""), **shipment)
    return (order["source"], order["order_id"], parcel)


_NO_CUSTOMER = Words(
    ja="顧客を特定する値（顧客ID・メール・電話・カード番号）がすべて空です。",
    en="Nothing identifies the customer (id, mail, phone or card number).",
)
