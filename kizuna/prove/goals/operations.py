"""Verbs of goals: set, edit, close, open again."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from kizuna.clock import JST
from kizuna.facts.audit.operations import record
from kizuna.prove.goals.models import Goal
from kizuna.prove.goals.queries import draft_of, outlooks, start_of
from kizuna.prove.goals.rules import (
    LEVELS,
    GoalClosed,
    GoalDraft,
    GoalIncomplete,
    GoalOpen,
    NoSuchGoal,
    first_of,
    is_up,
)
from kizuna.stats.estimate import Estimate
from kizuna.understand.metrics.queries import Ask, card, check
from kizuna.words import Words


@transaction.atomic
def set_goal(*, draft: GoalDraft, actor: str, now: datetime) -> int:
    """Keep a goal with the value it starts from, measured now.

    Raises: GoalIncomplete, UnknownMetric, UnknownDim.
    """
    _check(draft=draft, now=now)
    row = Goal(created_at=now, created_by=actor, start_month=first_of(day=now.astimezone(JST).date()))
    _write(row=row, draft=draft)
    _measure_start(row=row, now=now)
    row.save()
    return int(row.pk)


@transaction.atomic
def edit_goal(*, goal_id: int, draft: GoalDraft, actor: str, now: datetime) -> None:
    """Change an open goal. Its start stays, unless it now looks at another number.

    Raises: NoSuchGoal, GoalClosed, GoalIncomplete, UnknownMetric, UnknownDim.
    """
    row = _held(goal_id=goal_id)
    if row.state != "open":
        raise GoalClosed
    _check(draft=draft, now=now)
    before = draft_of(row=row)
    _write(row=row, draft=draft)
    if (before.metric, before.where) != (draft.metric, draft.where):
        row.start_month = first_of(day=now.astimezone(JST).date())
        _measure_start(row=row, now=now)
    row.save()
    detail = {"target_before": before.target, "target": draft.target, "due": draft.due_month.isoformat()}
    record(actor=actor, action="goal.edited", target=f"goal:{row.pk}", detail=detail, now=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """How a goal ended. ``certain``: the whole interval lies on one side of the target."""

    state: str
    month: date | None
    result: Estimate | None
    certain: bool


@transaction.atomic
def close_goal(*, goal_id: int, drop: bool = False, note: str = "", actor: str, now: datetime) -> Closing:
    """Close it by the month that was due, or the latest whole one before that; ``drop`` gives it up instead.

    Raises: NoSuchGoal, GoalClosed, GoalIncomplete when nothing could be measured.
    """
    row = _held(goal_id=goal_id)
    if row.state != "open":
        raise GoalClosed
    draft = draft_of(row=row)
    (outlook,) = outlooks(drafts=[draft], starts=[row.start_value], now=now)
    measured = [(month, one) for month, one in outlook.months if isinstance(one, Estimate) and month <= row.due_month]
    month, result = measured[-1] if measured else (None, None)
    if result is None and not drop:
        raise GoalIncomplete(
            Words(ja="まだ値を測れないため、達成を判定できません。", en="There is no measurement yet to judge it by.")
        )
    up = is_up(better=card(name=row.metric).better, start=row.start_value, target=row.target)
    state = "dropped" if drop or result is None else _state(result=result, target=row.target, up=up)
    row.state, row.closed_at, row.closed_month, row.closed_note = state, now, month, note.strip()[:400]
    if result is not None:
        row.closed_value, row.closed_low, row.closed_high = result.value, result.low, result.high
    row.save()
    record(actor=actor, action="goal.closed", target=f"goal:{row.pk}", detail={"state": state}, now=now)
    certain = result is not None and not result.low < row.target < result.high
    return Closing(state=state, month=month, result=result, certain=certain)


@transaction.atomic
def reopen_goal(*, goal_id: int, actor: str, now: datetime) -> None:
    """Take the closing back. Raises: NoSuchGoal, GoalOpen."""
    row = _held(goal_id=goal_id)
    if row.state == "open":
        raise GoalOpen
    row.state, row.closed_at, row.closed_month, row.closed_note = "open", None, None, ""
    row.closed_value = row.closed_low = row.closed_high = None
    row.save()
    record(actor=actor, action="goal.reopened", target=f"goal:{row.pk}", detail={}, now=now)


def _state(*, result: Estimate, target: float, up: bool) -> str:
    return "reached" if (result.value >= target if up else result.value <= target) else "missed"


def _check(*, draft: GoalDraft, now: datetime) -> None:
    if not draft.title.strip():
        raise GoalIncomplete(Words(ja="題名を入力してください。", en="Give it a title."))
    if draft.level not in LEVELS:
        raise GoalIncomplete(Words(ja="だれの目標かを選んでください。", en="Choose whose goal it is."))
    if draft.due_month.day != 1:
        raise GoalIncomplete(Words(ja="期限は月で指定してください。", en="The due date is a month."))
    known = card(name=draft.metric)
    if known.kind == "top_share":
        raise GoalIncomplete(
            Words(
                ja="この指標は月ごとに追えないため、目標にできません。", en="This metric cannot be followed by month."
            )
        )
    if (known.low is not None and draft.target < known.low) or (known.high is not None and draft.target > known.high):
        raise GoalIncomplete(
            Words(ja="目標の値がこの指標の範囲を超えています。", en="The target lies outside the metric's range.")
        )
    check(asks=[Ask(metric=draft.metric, by=("month",), where=draft.where)], now=now)


def _write(*, row: Goal, draft: GoalDraft) -> None:
    row.title, row.level, row.owner_id, row.team = draft.title.strip()[:120], draft.level, draft.owner_id, draft.team
    row.store, row.touchpoint, row.metric = draft.store, draft.touchpoint, draft.metric
    row.why, row.target, row.due_month = draft.why.strip(), draft.target, draft.due_month


def _measure_start(*, row: Goal, now: datetime) -> None:
    found = start_of(draft=draft_of(row=row), now=now)
    if isinstance(found, Estimate):
        row.start_value, row.start_low, row.start_high, row.start_n = found.value, found.low, found.high, found.n
    else:
        row.start_value = row.start_low = row.start_high = row.start_n = None


def _held(*, goal_id: int) -> Goal:
    row = Goal.objects.select_for_update().filter(pk=goal_id).first()
    if row is None:
        raise NoSuchGoal
    return row
