"""Let the demo's days pass stop by stop, so that every step is taken on its own day and not all of them on the last.

The clock never jumps over a moment at which somebody is due. Where no worker runs this process does the work; where one
does (``kizuna demo`` serving), the clock waits at each stop until that worker has done what fell due there.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Min, Q

from kizuna.act.offers.models import Coupon
from kizuna.act.outreach.models import Message, Task
from kizuna.act.practices import operations as practices
from kizuna.act.practices.models import Assignment, Enrolment
from kizuna.cli.worker import Worker, WorkerRunning, only_worker
from kizuna.connectors.tables import operations as tables
from kizuna.facts.outbox.operations import react_due
from kizuna.loop import DUE, REACTIONS
from kizuna.prove.trials import operations as trials
from kizuna.understand.metrics import operations as metrics
from kizuna.words import Words

SWEEP = timedelta(hours=12)
"""So often the calendar is asked whose day it is."""
NEAREST = timedelta(minutes=10)
"""Moments closer to each other than this share a stop."""
PATIENCE_SECONDS = 60.0
"""So long a running worker is waited for at one stop: a provider that does not answer must not stop time."""
_POLL_SECONDS = 0.2
_ROUNDS = 10_000

MoveTo = Callable[[datetime], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What happened between two moments of the demo's clock."""

    enrolled: int
    held_out: int
    moved: int
    sent: int
    not_sent: int
    tasks: int
    coupons: int

    def told(self) -> list[Words]:
        """One sentence a line."""
        return [words.fill(**{name: f"{getattr(self, name):,}" for name in self.__slots__}) for words in _TOLD]


_TOLD = (
    Words(
        ja="接客方法の対象になったお客様: のべ{enrolled}人（ほかに、はじめて比較用に分けられた方 {held_out}人）",
        en="customers for whom a practice began: {enrolled} (and {held_out} newly held out)",
    ),
    Words(ja="ステップが進んだお客様: {moved}人", en="customers who moved on a step: {moved}"),
    Words(
        ja="送信した配信: {sent}通・送信しなかった配信: {not_sent}通",
        en="messages sent: {sent}, not sent: {not_sent}",
    ),
    Words(ja="担当者のタスク: {tasks}件", en="tasks opened for staff: {tasks}"),
    Words(ja="発行したクーポン: {coupons}枚", en="coupons issued: {coupons}"),
)


def tally(*, since: datetime) -> Tally:
    """What has happened after that moment of the demo's clock."""
    entered = Enrolment.objects.filter(entered_at__gt=since)
    moved = Enrolment.objects.filter(Q(moved_at__gt=since) & ~Q(state="waiting", entered_at__gt=since))
    return Tally(
        enrolled=entered.count(),
        held_out=Assignment.objects.filter(assigned_at__gt=since, held_out=True).count(),
        moved=moved.count(),
        sent=Message.objects.filter(sent_at__gt=since).count(),
        not_sent=Message.objects.filter(state="not_sent", ended_at__gt=since).count(),
        tasks=Task.objects.filter(opened_at__gt=since).count(),
        coupons=Coupon.objects.filter(issued_at__gt=since).count(),
    )


def walk(*, begin: datetime, end: datetime, move_to: MoveTo) -> None:
    """From stop to stop until ``end``; ``move_to`` sets the clock."""
    try:
        with only_worker():
            _walk(begin=begin, end=end, move_to=move_to, work=_Own().work)
            worker = Worker(rest=0.0)
            while sum(step() for _, step in worker.steps()):
                pass
    except WorkerRunning:
        _walk(begin=begin, end=end, move_to=move_to, work=_wait_for_worker)


def _walk(*, begin: datetime, end: datetime, move_to: MoveTo, work: Callable[[datetime], None]) -> None:
    at = begin
    while at < end:
        at = _next_stop(at=at, end=end)
        move_to(at)
        work(at)


def _next_stop(*, at: datetime, end: datetime) -> datetime:
    """The next moment at which anybody is due; never nearer than makes a stop worth its while."""
    steps = Enrolment.objects.filter(state="waiting", due_at__gt=at).aggregate(next=Min("due_at"))["next"]
    letters = Message.objects.filter(state="planned", next_at__gt=at).aggregate(next=Min("next_at"))["next"]
    first = min(moment for moment in (steps, letters, at + SWEEP) if moment is not None)
    return min(end, max(first, at + NEAREST))


class _Own:
    """The worker's due work without what only the end needs: files and figures of every stop would take minutes."""

    def __init__(self) -> None:
        self._swept: datetime | None = None

    def work(self, at: datetime) -> None:
        """Everything that is due at this stop."""
        if self._swept is None or at - self._swept >= SWEEP - NEAREST:
            practices.sweep(now=at)
            self._swept = at
        for _ in range(_ROUNDS):
            done = react_due(now=at, reactions=REACTIONS, limit=50)
            if not done + sum(step(now=at) for step in _AT_EVERY_STOP):
                return


_AT_THE_END = (practices.sweep, metrics.refresh, trials.look_due, tables.run_due, tables.expire_files)
_AT_EVERY_STOP = tuple(step for step in DUE if step not in _AT_THE_END)


def _wait_for_worker(at: datetime) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    time.sleep(_POLL_SECONDS)
    while time.monotonic() < until and _is_due(at=at):
        time.sleep(_POLL_SECONDS)


def _is_due(*, at: datetime) -> bool:
    moving = Q(practice__state__in=("running", "ended"), attempts=0)
    steps = Enrolment.objects.filter(moving, state="waiting", due_at__lte=at)
    return steps.exists() or Message.objects.filter(state="planned", next_at__lte=at).exists()
