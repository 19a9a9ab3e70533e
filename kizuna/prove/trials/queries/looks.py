"""What may be told today, after the looks that were taken before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from kizuna.clock import JST
from kizuna.prove.trials.models import Look
from kizuna.prove.trials.queries.arms import Arms
from kizuna.prove.trials.queries.design import Aim, Design
from kizuna.prove.trials.queries.weighted import by_version, draws_changed, weighted
from kizuna.prove.trials.rules.effects import Shown, at_this_look, told
from kizuna.prove.trials.rules.report import LookCard
from kizuna.prove.trials.rules.verdict import Verdict
from kizuna.stats.arms import Effect
from kizuna.stats.estimate import NotEnough
from kizuna.understand.metrics.queries.windows import WindowSums

LOOK_STEP = 0.025
"""A planned trial is looked at anew when a fortieth of its people has come in; until then the look before stands."""
AS_TAKEN = "obf_look_before"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The effect as it may be told, and by which looks. ``fraction`` is of the planned people; None without an end."""

    shown: Shown | NotEnough
    fraction: float | None
    decided_on: date | None
    looks: tuple[LookCard, ...]
    people: int


def standing(*, design: Design, aim: Aim, arms: Arms | NotEnough, sums: WindowSums, now: datetime) -> Standing:
    """The effect today. In a planned trial the first look that crossed its bound decides for good, and so does the last
    look: with all planned people in, the 5 % are spent.
    """
    rows = list(
        Look.objects.filter(practice=design.practice, metric=aim.metric, window_days=aim.window_days).order_by("day")
    )
    people = sum(one.counted for one in sums.arms.values())
    fraction = _fraction(design=design, people=people, window_days=aim.window_days, now=now)
    shown, decided = _shown(arms=arms, sums=sums, rows=rows, fraction=fraction, design=design, now=now)
    return Standing(
        shown=shown, fraction=fraction, decided_on=decided, looks=tuple(_card(row) for row in rows), people=people
    )


def _shown(
    *,
    arms: Arms | NotEnough,
    sums: WindowSums,
    rows: list[Look],
    fraction: float | None,
    design: Design,
    now: datetime,
) -> tuple[Shown | NotEnough, date | None]:
    if isinstance(arms, NotEnough):
        return arms, None
    if not design.by_lot:
        return weighted(arms=arms, sums=sums), None
    past: tuple[float, ...] = ()
    if fraction is not None and design.people_planned:
        stands, decided_on = _standing_look(rows=rows, fraction=fraction, design=design, now=now)
        if stands is not None:
            return _as_taken(stands), decided_on
        past = _fractions(rows=rows, design=design, now=now)
    if draws_changed(design=design, sums=sums):
        effect = partial(_within_versions, design, arms, sums)
        return told(effect=effect, fraction=fraction, past_fractions=past), None
    found = at_this_look(
        reading=sums.reading,
        control=arms.control,
        treated=arms.all_treated,
        fraction=fraction,
        past_fractions=past,
    )
    return found, None


def _standing_look(
    *, rows: Sequence[Look], fraction: float, design: Design, now: datetime
) -> tuple[Look | None, date | None]:
    """The look that still stands in a planned trial, and the day on which it decided; None when it is time to look."""
    decided = next((row for row in rows if row.crossed), None)
    if decided is not None:
        return decided, decided.day
    last = last_look(rows=rows, design=design)
    if last is not None:
        return last, None
    past = _fractions(rows=rows, design=design, now=now)
    too_soon = past and fraction < 1.0 and fraction < past[-1] + LOOK_STEP
    return ([row for row in rows if row.day < today(now=now)][-1] if too_soon else None), None


def _fractions(*, rows: Sequence[Look], design: Design, now: datetime) -> tuple[float, ...]:
    """How much was known at each look of the days before."""
    planned = design.people_planned or 1
    return tuple(min(1.0, row.people / planned) for row in rows if row.day < today(now=now))


def last_look(*, rows: Sequence[Look], design: Design) -> Look | None:
    """The look that spent what was left of the 5 %, under the plan as it stands; None before, or without a plan."""
    if design.planned_at is None or design.ends_at is None or not design.people_planned:
        return None
    return next(
        (
            row
            for row in rows
            if row.taken_at >= design.planned_at
            and (
                row.people >= design.people_planned or row.taken_at >= design.ends_at + timedelta(days=row.window_days)
            )
        ),
        None,
    )


def _within_versions(design: Design, arms: Arms, sums: WindowSums, level: float) -> Effect | NotEnough:
    return by_version(design=design, arms=arms, sums=sums, level=level)


def today(*, now: datetime) -> date:
    """The day in Japan, by which looks are counted."""
    return now.astimezone(JST).date()


def _fraction(*, design: Design, people: int, window_days: int, now: datetime) -> float | None:
    """How much of the planned information is in; the look after the end is the last, whoever is still missing."""
    if design.ends_at is None or not design.people_planned:
        return None
    if now >= design.ends_at + timedelta(days=window_days):
        return 1.0
    return min(1.0, max(people, 1) / design.people_planned)


def _as_taken(row: Look) -> Shown:
    return Shown(value=row.value, low=row.low, high=row.high, level=0.95, p=row.p, method=AS_TAKEN, crossed=row.crossed)


def _card(row: Look) -> LookCard:
    return LookCard(
        day=row.day,
        people=row.people,
        value=row.value,
        low=row.low,
        high=row.high,
        p=row.p,
        verdict=Verdict(row.verdict),
    )
