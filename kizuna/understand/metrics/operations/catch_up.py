"""Bring lake, unit tables and roll-ups up to the last committed fact, in this process."""

from datetime import datetime

from kizuna.facts.lake.operations import write_due
from kizuna.facts.state.operations import advance
from kizuna.understand.metrics.operations.refresh import refresh

_AT_ONCE = 1000


def catch_up(*, now: datetime) -> int:
    """Drain the outbox into the lake, fold it into the unit tables and roll up; returns the entries written."""
    entries = 0
    while written := write_due(now=now, limit=_AT_ONCE):
        entries += written
    refresh(touched=advance(now=now), now=now)
    return entries
