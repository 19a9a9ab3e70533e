"""What must always hold, as the last check of the worker or of the button has found it: each promise with its word."""

from dataclasses import dataclass
from datetime import datetime

from kizuna.facts.outbox.queries import last_checkup
from kizuna.facts.outbox.rules import Violation
from kizuna.loop import PROMISES
from kizuna.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One promise with what the last check says of it."""

    rule: str
    promise: Words
    holds: bool
    words: Words
    count: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The last check."""

    checked_at: datetime
    took_seconds: float
    lines: tuple[Line, ...]

    @property
    def broken(self) -> int:
        """How many promises do not hold."""
        return sum(not line.holds for line in self.lines)


def last_check() -> Result | None:
    """What the last check found; None before the first."""
    found = last_checkup()
    if found is None:
        return None
    broken = {one.rule: one for one in found.violations}
    return Result(
        checked_at=found.checked_at,
        took_seconds=found.took_seconds,
        lines=tuple(_line(rule=rule, promise=promise, told=broken.get(rule)) for rule, promise in PROMISES.items()),
    )


def _line(*, rule: str, promise: Words, told: Violation | None) -> Line:
    if told is None:
        return Line(rule=rule, promise=promise, holds=True, words=Words(ja="", en=""), count=0, examples=())
    return Line(rule=rule, promise=promise, holds=False, words=told.words, count=told.count, examples=told.examples)
