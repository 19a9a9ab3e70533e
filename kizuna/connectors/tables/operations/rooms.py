"""The rooms that records go to, and that take an import back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import DatabaseError, InterfaceError, OperationalError, transaction

from kizuna.connectors.tables.rules.fields import Kind
from kizuna.connectors.tables.rules.units import Record
from kizuna.customers.consent import operations as consent
from kizuna.customers.consent.rules import Proof
from kizuna.customers.orders import operations as orders
from kizuna.customers.people import operations as people
from kizuna.customers.people.rules import Sighting
from kizuna.errors import Invalid
from kizuna.facts.rows.rules import Outcome
from kizuna.listen.reviews import operations as reviews
from kizuna.listen.surveys import operations as surveys
from kizuna.words import Words


class NotStorable(Invalid):
    """The database refused this one record; the rest of its chunk was saved."""

    code = "not_storable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Which import the records come from, and the proof of what their customers agreed to."""

    import_id: int
    actor: str
    file: str
    consent: str
    """The heading of the column that says whether a customer takes mail; empty when the table does not say."""


def record_all(
    *, kind: Kind, records: Sequence[Record], lines: Sequence[int], origin: Origin, now: datetime
) -> list[Outcome]:
    """Give the records to their room, set-wise; history wakes no reactions. One outcome each, in order.

    ``lines`` are the records' places in the file. A record that the database refuses is found by halving, so
    that it cannot take its chunk with it.
    Must run inside ``atomic()``. Raises OperationalError (disk full, lock lost): that is nobody's row.
    """
    if not records:
        return []
    try:
        with transaction.atomic():
            outcomes = _record(kind=kind, records=list(records), import_id=origin.import_id, now=now)
            if origin.consent:
                _state_consent(records=records, lines=lines, outcomes=outcomes, origin=origin, now=now)
            return outcomes
    except (OperationalError, InterfaceError):
        raise
    except (DatabaseError, ValueError, OverflowError):
        if len(records) == 1:
            return [NotStorable(_NOT_STORABLE)]
    half = len(records) // 2
    return [
        *record_all(kind=kind, records=records[:half], lines=lines[:half], origin=origin, now=now),
        *record_all(kind=kind, records=records[half:], lines=lines[half:], origin=origin, now=now),
    ]


def _record(*, kind: Kind, records: list[Any], import_id: int, now: datetime) -> list[Outcome]:
    if kind == "orders":
        return orders.record_orders(orders=records, import_id=import_id, now=now, wake=False)
    if kind == "customers":
        return people.record_people(sightings=records, import_id=import_id, now=now)
    if kind == "answers":
        return surveys.record_answers(answers=records, import_id=import_id, now=now, wake=False)
    if kind == "reviews":
        return reviews.record_reviews(reviews=records, import_id=import_id, now=now, wake=False)
    return orders.record_shipments(shipments=records, import_id=import_id, now=now, wake=False)


def _state_consent(
    *, records: Sequence[Record], lines: Sequence[int], outcomes: Sequence[Outcome], origin: Origin, now: datetime
) -> None:
    """Keep each customer's yes or no to mail, with the file and line that prove it."""
    sightings: list[Sighting] = []
    proofs: list[Proof] = []
    for record, line, outcome in zip(records, lines, outcomes, strict=True):
        customer = _customer_of(record=record)
        if customer is not None and customer.accepts_mail is not None and not isinstance(outcome, Invalid):
            sightings.append(customer)
            proofs.append(Proof(text=origin.consent, file=origin.file, line=line))
    consent.record_stated(sightings=sightings, proofs=proofs, actor=origin.actor, import_id=origin.import_id, now=now)


def _customer_of(*, record: Record) -> Sighting | None:
    if isinstance(record, Sighting):
        return record
    return None if isinstance(record, tuple) else record.customer


def undo_everywhere(*, import_id: int, now: datetime) -> None:
    """Take back what an import made and restore what it amended; people last, since the rest points at them."""
    surveys.undo_import(import_id=import_id, now=now)
    reviews.undo_import(import_id=import_id, now=now)
    orders.undo_import(import_id=import_id, now=now)
    consent.undo_import(import_id=import_id, now=now)
    people.undo_import(import_id=import_id, now=now)


_NOT_STORABLE = Words(
    ja="この行の値はデータベースに保存できませんでした。極端に長い値や特殊な文字がないか確認してください。",
    en="The database could not store this row. Look for extremely long values or unusual characters.",
)
