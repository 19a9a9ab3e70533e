"""Steps of a worker's round that fail do not stop the others, and are tried again at ever longer intervals."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import DatabaseError

from kizuna.facts.outbox.operations import describe, end_trouble, note_trouble

log = logging.getLogger("kizuna.worker")

LONGEST_WAIT = 300.0
"""A step that keeps failing is tried again after 1, 2, 4 … seconds, but at least every five minutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Trouble:
    failed_count: int
    told: str
    due: float


class Steps:
    """Runs steps by name and remembers which of them are in trouble."""

    def __init__(self, *, worker: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._worker = worker
        self._clock = clock
        self._troubles: dict[str, _Trouble] = {}

    def run(self, *, name: str, step: Callable[[], int]) -> int:
        """What the step did; nothing when it failed or still rests from its last failure.

        A full disk or a database restart passes, what is due stays due.
        """
        trouble = self._troubles.get(name)
        if trouble and self._clock() < trouble.due:
            return 0
        try:
            done = step()
        except Exception as failure:
            self._failed(name=name, failure=failure)
            return 0
        if trouble:
            self._recovered(name=name, trouble=trouble)
        return done

    def _failed(self, *, name: str, failure: Exception) -> None:
        before = self._troubles.get(name)
        failed_count = before.failed_count + 1 if before else 1
        wait = min(2.0 ** min(failed_count - 1, 20), LONGEST_WAIT)
        told = describe(failure=failure)
        self._troubles[name] = _Trouble(failed_count=failed_count, told=told, due=self._clock() + wait)
        if before is None or before.told != told:
            # Once for each new failure: a disk that stays full must not fill what is left of it with tracebacks.
            log.error("the step %s failed; it is tried again at growing intervals", name, exc_info=failure)
        now = datetime.now(UTC)
        try:
            note_trouble(
                worker=self._worker,
                step=name,
                failure=failure,
                failed_count=failed_count,
                due_at=now + timedelta(seconds=wait),
                now=now,
            )
        except DatabaseError:
            log.warning("the failure of the step %s could not be noted for the status page", name)

    def _recovered(self, *, name: str, trouble: _Trouble) -> None:
        try:
            end_trouble(worker=self._worker, step=name)
        except DatabaseError:
            return  # the next round tells
        del self._troubles[name]
        log.warning("the step %s works again after %d failures", name, trouble.failed_count)
