"""``kizuna worker``: everything that happens after the customer has been answered."""

import argparse
import fcntl
import logging
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from types import FrameType
from typing import IO

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection

from kizuna.cli import Subparsers
from kizuna.cli.steps import Steps
from kizuna.customers.staff.queries import present
from kizuna.errors import Conflict
from kizuna.facts.lake.operations import compact_due, remove_garbage, write_due
from kizuna.facts.outbox.operations import beat, check_due, end_beat, react_due
from kizuna.facts.outbox.rules import worker_name
from kizuna.facts.state.operations import advance, tidy_due
from kizuna.facts.state.queries import generation, is_due, unfolded
from kizuna.loop import CHECKS, DUE, REACTIONS, step_name
from kizuna.words import Words

log = logging.getLogger("kizuna.worker")

SHORTEST_SECONDS, LONGEST_SECONDS = 0.05, 1.0
"""Idle waits double from the first to the second: an answer is seen within a second, an idle shop costs nothing."""

ADVANCE_REST = 1.0
"""After an advance its duration times this passes before the next, so that a running import is not starved."""

TIDY_SECONDS = 60.0

BEAT_SECONDS = 10.0


class WorkerRunning(Conflict):
    """SQLite has one writer, hence one worker."""

    code = "worker_running"

    def __init__(self) -> None:
        super().__init__(
            Words(
                ja="ワーカーはすでに動いています。SQLite では一つだけ動かせます。",
                en="A worker is already running. On SQLite there can be only one.",
            )
        )


def add(*, subparsers: Subparsers) -> None:
    """Bring ``kizuna worker``."""
    parser = subparsers.add_parser("worker", help="carry facts into the lake, react to them, do what is due")
    parser.add_argument("--once", action="store_true", help="do everything that is due and end")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Work until nothing is left (``--once``) or until SIGTERM or SIGINT; the step at hand is finished first."""
    stop = threading.Event()

    def ask_to_stop(number: int, frame: FrameType | None) -> None:
        del number, frame
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ask_to_stop)
    with only_worker():
        if arguments.once:
            _drain(stop=stop)
        else:
            with beating():
                Worker(rest=ADVANCE_REST).work_until(stop=stop)
    return 0


def _drain(*, stop: threading.Event) -> None:
    worker = Worker(rest=0.0)
    while not stop.is_set() and sum(step() for _, step in worker.steps()) > 0:
        pass
    worker.tidy()


@contextmanager
def only_worker() -> Iterator[None]:
    """Hold the place of the one worker on SQLite. The system frees it the moment the process ends, however it ends.

    Raises: WorkerRunning when another process holds it.
    """
    if connection.vendor != "sqlite":
        yield
        return
    with (settings.HOME / "worker.lock").open("w") as file:
        if not _lock(file=file):
            raise WorkerRunning
        yield


@contextmanager
def beating() -> Iterator[None]:
    """Say every ten seconds that this worker lives, from a thread of its own: one step may take minutes."""
    ended = threading.Event()
    thread = threading.Thread(target=_beat_until, kwargs={"ended": ended}, name="beat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(timeout=BEAT_SECONDS)


def _beat_until(*, ended: threading.Event) -> None:
    worker, started_at = worker_name(), _now()
    while True:
        close_old_connections()
        try:
            beat(worker=worker, started_at=started_at, now=_now())
        except DatabaseError:  # locked for long or restarting; the next beat tells
            log.warning("the worker could not note that it lives", exc_info=True)
        if ended.wait(BEAT_SECONDS):
            break
    with suppress(DatabaseError):
        end_beat(worker=worker)
    connection.close()


def _lock(*, file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


class Worker:
    """The loop: write, advance, react, do what is due; tidy up now and then."""

    def __init__(self, *, rest: float) -> None:
        self._rest = rest
        self._steps = Steps(worker=worker_name())
        self._advance_from = 0.0
        self._tidy_from = time.monotonic() + TIDY_SECONDS

    def work_until(self, *, stop: threading.Event) -> None:
        """Loop, sleeping longer the longer there is nothing to do."""
        wait = SHORTEST_SECONDS
        while not stop.is_set():
            close_old_connections()
            if sum(self._steps.run(name=name, step=step) for name, step in self.steps()):
                wait = SHORTEST_SECONDS
                continue
            if time.monotonic() >= self._tidy_from:
                self._steps.run(name="tidy", step=self.tidy)
                self._tidy_from = time.monotonic() + TIDY_SECONDS
            stop.wait(wait)
            wait = min(wait * 2, LONGEST_SECONDS)

    def steps(self) -> Iterator[tuple[str, Callable[[], int]]]:
        """What one round does, in order, by name (``loop.STEPS``); each answers how much it did."""
        yield "write_due", lambda: write_due(now=present(), limit=2000)
        yield "advance", self._advance
        yield "react_due", lambda: react_due(now=present(), reactions=REACTIONS, limit=50)
        due: tuple[Callable[..., int], ...] = DUE
        for step in due:
            yield step_name(step=step), partial(_at_once, step)
        # Last: what fell due while no worker ran has had its turn.
        yield "check_due", lambda: check_due(now=present(), checks=CHECKS)

    def tidy(self) -> int:
        """Merge and remove files; never urgent."""
        at = present()
        return compact_due(now=at) + tidy_due(now=at) + remove_garbage(now=at)

    def _advance(self) -> int:
        started = time.monotonic()
        if started < self._advance_from or not is_due():
            return 0
        before = generation(), len(unfolded())
        advance(now=present())
        self._advance_from = time.monotonic() + (time.monotonic() - started) * self._rest
        return int((generation(), len(unfolded())) != before)


def _at_once(step: Callable[..., int]) -> int:
    return step(now=present())


def _now() -> datetime:
    return datetime.now(UTC)
