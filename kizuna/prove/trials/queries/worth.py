"""Days still needed and yen a year, from what is known of a practice so far."""

import math
from datetime import datetime, timedelta

from kizuna.act.offers.queries import cost_by_practice
from kizuna.prove.trials.queries.arms import Arms, arms_of
from kizuna.prove.trials.queries.design import HELD_OUT, Design
from kizuna.prove.trials.queries.weighted import by_version, draws_changed
from kizuna.prove.trials.rules.effects import anytime, effect_of
from kizuna.prove.trials.rules.worth import Yearly, yen_per_year
from kizuna.stats.arms import Effect
from kizuna.stats.estimate import NotEnough
from kizuna.understand.metrics.queries.planning import Pace, days_to_see, people_needed
from kizuna.understand.metrics.queries.windows import WindowSums

_DAY_SECONDS = 86_400.0


def drawn_per_day(*, design: Design, sums: WindowSums, now: datetime) -> float:
    """Customers who became eligible a day, since the first of them."""
    if sums.first_at is None or sums.last_at is None:
        return 0.0
    until = design.ended_at or (now if design.state in ("running", "unknown") else sums.last_at)
    days = max(1.0, (max(until, sums.last_at) - sums.first_at).total_seconds() / _DAY_SECONDS)
    return sums.assigned / days


def days_left(
    *, design: Design, arms: Arms | None, sums: WindowSums, smallest: float | None, now: datetime
) -> int | None:
    """How many days more until an effect worth having would be seen, or, with a planned end, until the last look.

    0 when the people are there, None when it is unknown or the last look has gone by without them.
    """
    if arms is None or smallest is None or sums.first_at is None or design.state == "ended":
        return None
    pace = _pace(design=design, arms=arms, sums=sums, now=now)
    if pace is None:
        return None
    needed = people_needed(
        reading=sums.reading,
        control=arms.control,
        smallest=smallest,
        control_share=pace.control_share,
        planned_end=design.ends_at is not None,
    )
    if needed is None:
        return None
    there = arms.control.counted >= needed.control and arms.all_treated.counted >= needed.treated
    if design.ends_at is not None and design.people_planned:
        last = _until_last_look(design=design, arms=arms, sums=sums, pace=pace, now=now)
        return last or (0 if there else None)
    days = days_to_see(needed=needed, pace=pace, window_days=sums.window_days)
    if there or days is None:
        return 0 if there else None
    return max(1, days - int((now - sums.first_at).total_seconds() // _DAY_SECONDS))


def _pace(*, design: Design, arms: Arms, sums: WindowSums, now: datetime) -> Pace | None:
    counted = sum(one.counted for one in sums.arms.values())
    mature = sums.assigned - sums.immature - sums.crossed
    if counted == 0 or mature <= 0:
        return None
    return Pace(
        drawn_per_day=drawn_per_day(design=design, sums=sums, now=now),
        counted_share=counted / mature,
        control_share=arms.control.counted / (arms.control.counted + arms.all_treated.counted),
    )


def _until_last_look(*, design: Design, arms: Arms, sums: WindowSums, pace: Pace, now: datetime) -> int:
    """Until all planned people have their outcome, but no longer than until the end and its window are over."""
    end = (design.ends_at or now) + timedelta(days=sums.window_days)
    missing = (design.people_planned or 0) - arms.control.counted - arms.all_treated.counted
    per_day = pace.drawn_per_day * pace.counted_share
    by_people = missing / per_day if per_day > 0.0 else math.inf
    return max(0, math.ceil(min(by_people, (end - now).total_seconds() / _DAY_SECONDS) - 1e-9))


def yearly_of(*, design: Design, sums: WindowSums, now: datetime) -> Yearly | None:
    """Yen a year: the effect on what a customer spends in the window, less what served customers cost."""
    arms = arms_of(design=design, sums=sums)
    if isinstance(arms, NotEnough) or not design.by_lot:
        return None
    found = _effect(design=design, arms=arms, sums=sums)
    if isinstance(found, NotEnough):
        return None
    served = sum(count for (_, key), count in sums.drawn.items() if key != HELD_OUT)
    cost = cost_by_practice(date_from=None, date_to=None).get(design.practice, 0)
    return yen_per_year(
        spending=anytime(effect=found),
        drawn_per_day=drawn_per_day(design=design, sums=sums, now=now),
        cost_per_treated_yen=cost / served if served else 0.0,
    )


def _effect(*, design: Design, arms: Arms, sums: WindowSums) -> Effect | NotEnough:
    """Within the versions where the lot's shares changed, as for the effect that is judged."""
    if draws_changed(design=design, sums=sums):
        return by_version(design=design, arms=arms, sums=sums, level=0.95)
    found = effect_of(reading=sums.reading, control=arms.control, treated=arms.all_treated)
    return found if isinstance(found, NotEnough) else found.effect
