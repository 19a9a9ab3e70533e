"""Bring lake, unit tables and roll-ups up to the last committed fact, in this process."""

from datetime import datetime

from kizuna.facts.state import operations as state
from kizuna.understand.metrics.operations.refresh import refresh


def catch_up(*, now: datetime) -> int:
    """Carry everything published so far into lake, state and roll-ups before this returns.

    For commands that answer at once, without waiting for a worker. Returns how many roll-up files were written.
    """
    state.catch_up(now=now)
    return refresh(now=now)
