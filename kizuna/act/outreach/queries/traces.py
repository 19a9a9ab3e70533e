"""What became of planned messages, row by row: for checks that go over all of them."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from kizuna.act.outreach.models import Message


class Trace(NamedTuple):
    """One message as far as a check asks. ``attempted_at`` is when the gate let it through and it was on record."""

    message_id: int
    key: str
    person_id: int
    practice: str
    practice_version: int
    purpose: str
    route: str
    state: str
    planned_at: datetime
    attempted_at: datetime | None
    sent_at: datetime | None


def traces(*, since: datetime) -> Iterator[Trace]:
    """Every message planned since, the oldest first."""
    rows = Message.objects.filter(planned_at__gte=since).order_by("id").values_list(*_COLUMNS)
    return (Trace(*row) for row in rows.iterator(chunk_size=10_000))


_COLUMNS = (
    *("id", "key", "person_id", "practice", "practice_version", "purpose", "route", "state", "planned_at"),
    *("attempted_at", "sent_at"),
)
