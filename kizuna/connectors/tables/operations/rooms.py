"""The rooms that records go to, and that take an import back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import DatabaseError, InterfaceError, OperationalError, transaction

from kizuna.connectors.tables.rules.fields import Kind
from kizuna.connectors.tables.rules.units import Record
from kizuna.customers.orders import operations as orders
from kizuna.customers.people import operations as people
from kizuna.errors import Invalid
from kizuna.facts.rows.rules import Outcome
from kizuna.listen.reviews import operations as reviews
from kizuna.listen.surveys import operations as surveys
from kizuna.words import Words


class NotStorable(Invalid):
    """The database refused this one record; the rest of its chunk was saved."""

    code = "not_storable"


def record_all(*, kind: Kind, records: Sequence[Record], import_id: int, now: datetime) -> list[Outcome]:
    """Give the records to their room, set-wise; history wakes no reactions. One outcome each, in order.

    A record that the database refuses is found by halving, so that it cannot take its chunk with it.
    Must run inside ``atomic()``. Raises OperationalError (disk full, lock lost): that is nobody's row.
    """
    if not records:
        return []
    try:
        with transaction.atomic():
            return _record(kind=kind, records=list(records), import_id=import_id, now=now)
    except (OperationalError, InterfaceError):
        raise
    except (DatabaseError, ValueError, OverflowError):
        if len(records) == 1:
            return [NotStorable(_NOT_STORABLE)]
    half = len(records) // 2
    return [
        *record_all(kind=kind, records=records[:half], import_id=import_id, now=now),
        *record_all(kind=kind, records=records[half:], import_id=import_id, now=now),
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


def undo_everywhere(*, import_id: int, now: datetime) -> None:
    """Take back what an import made and restore what it amended; people last, since the rest points at them."""
    surveys.undo_import(import_id=import_id, now=now)
    reviews.undo_import(import_id=import_id, now=now)
    orders.undo_import(import_id=import_id, now=now)
    people.undo_import(import_id=import_id, now=now)


_NOT_STORABLE = Words(
    ja="この行の値はデータベースに保存できませんでした。極端に長い値や特殊な文字がないか確認してください。",
    en="The database could not store this row. Look for extremely long values or unusual characters.",
)
