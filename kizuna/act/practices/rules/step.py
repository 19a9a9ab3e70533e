"""Where a customer goes next: a pure function of the flow, where they stand, the time and the answers to its branches.

Japan has no summer time, so an hour there is a fixed offset; days are still counted on the Japanese calendar.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from kizuna.act.practices.rules.flow import Branch, Condition, End, Flow, Step, Wait, followers
from kizuna.clock import JST

PUNCTUAL = timedelta(hours=24)
"""Within this, the next wait counts from when the step was due, so a busy hour shifts nobody. Later than this it
counts from now: after a long pause nobody gets several steps at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One thing to do for the customer, at its node."""

    node: str
    step: Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """What is done on the way to the next rest: ``wait`` is None when the practice is over."""

    effects: tuple[Effect, ...]
    node: str
    wait: Wait | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """A path with its times. ``due_at`` is None when the practice is over."""

    effects: tuple[Effect, ...]
    node: str
    due_at: datetime | None
    awaits: str


def conditions_ahead(*, flow: Flow, node: str) -> tuple[Condition, ...]:
    """The questions that may be asked before the next rest, for someone whose time at ``node`` has come."""
    found: dict[Condition, None] = {}
    first = flow.nodes[node]
    todo = list(followers(node=first)) if isinstance(first, Wait) else [node]
    while todo:
        at = flow.nodes[todo.pop()]
        if isinstance(at, Branch):
            found[at.condition] = None
        if not isinstance(at, Wait):
            todo += followers(node=at)
    return tuple(found)


def path(*, flow: Flow, node: str, answers: Mapping[Condition, bool]) -> Path:
    """From a node whose time has come to the next wait or the end. Raises: KeyError for a question without answer."""
    effects: list[Effect] = []
    at = flow.nodes[node]
    if isinstance(at, Wait):
        node = at.next
        at = flow.nodes[node]
    while not isinstance(at, Wait | End):
        if isinstance(at, Branch):
            node = at.yes if answers[at.condition] else at.no
        else:
            effects.append(Effect(node=node, step=at))
            node = at.next
        at = flow.nodes[node]
    return Path(effects=tuple(effects), node=node, wait=at if isinstance(at, Wait) else None)


def step(*, flow: Flow, node: str, due_at: datetime, now: datetime, answers: Mapping[Condition, bool]) -> Transition:
    """Everything that follows from a node's time having come."""
    way = path(flow=flow, node=node, answers=answers)
    since = counted_from(due_at=due_at, now=now)
    return Transition(
        effects=way.effects,
        node=way.node,
        due_at=due_after(wait=way.wait, since=since) if way.wait else None,
        awaits=(way.wait.until_fact or "") if way.wait else "",
    )


def enter(*, flow: Flow, arm: str, at: datetime, now: datetime) -> Transition:
    """How somebody begins: a first wait counts from what began it, however late that became known."""
    first = next(one.first for one in flow.arms if one.name == arm)
    return arrive(flow=flow, node=first, since=at, now=now)


def arrive(*, flow: Flow, node: str, since: datetime, now: datetime) -> Transition:
    """Put somebody before ``node``: a wait runs from ``since``, anything else is due now."""
    at = flow.nodes[node]
    if isinstance(at, Wait):
        due_at = due_after(wait=at, since=since)
        return Transition(effects=(), node=node, due_at=due_at, awaits=at.until_fact or "")
    return Transition(effects=(), node=node, due_at=now, awaits="")


def counted_from(*, due_at: datetime, now: datetime) -> datetime:
    """The moment that a following wait counts from."""
    return due_at if now - due_at <= PUNCTUAL else now


def due_after(*, wait: Wait, since: datetime) -> datetime:
    """When the wait is over, for somebody who began it at ``since``."""
    if wait.until_fact:
        return since + timedelta(days=wait.timeout_days or 0)
    local = (since + timedelta(days=wait.days, hours=wait.hours)).astimezone(JST)
    if wait.until_local_hour is not None:
        at_hour = local.replace(hour=wait.until_local_hour, minute=0, second=0, microsecond=0)
        local = at_hour if at_hour >= local else at_hour + timedelta(days=1)
    return local.astimezone(UTC)


# ── days of the year ────────────────────────────────────────────────────────────────────────────
def kept_on(*, month: int, day: int, year: int) -> date:
    """The day on which a yearly date is kept: 29 February falls on the 28th in a common year."""
    if (month, day) == (2, 29) and not _is_leap(year):
        return date(year, 2, 28)
    return date(year, month, day)


def dates_kept_on(*, on: date) -> tuple[tuple[int, int], ...]:
    """The (month, day) pairs that are kept on this day."""
    own = (on.month, on.day)
    return (own, (2, 29)) if own == (2, 28) and not _is_leap(on.year) else (own,)


def midnight(*, on: date) -> datetime:
    """When that day begins in Japan."""
    return datetime(on.year, on.month, on.day, tzinfo=JST).astimezone(UTC)


def local_day(*, at: datetime) -> date:
    """The day it is in Japan."""
    return at.astimezone(JST).date()


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
