"""How many customers and days a question about a metric takes in this shop: before a trial begins and while it runs."""

import math
from dataclasses import dataclass

from kizuna.stats.arms import Effect
from kizuna.stats.distributions import two_sided_p
from kizuna.stats.estimate import Moments
from kizuna.stats.moments import spread
from kizuna.stats.planning import Needed, days_needed, power_mean, power_nps, power_share
from kizuna.stats.sequential import confidence_sequence
from kizuna.stats.skew import skewness_of
from kizuna.understand.metrics.queries.clusters import clusters_of, counts_once
from kizuna.understand.metrics.queries.windows import ArmKey, ArmSums, WindowSums
from kizuna.understand.metrics.rules.definition import Better, Kind
from kizuna.understand.metrics.rules.windows import Reading

SMALLEST_POINTS = 5.0
SMALLEST_SHARE = 0.02
SMALLEST_SCORE = 0.2
SMALLEST_PART = 0.05
"""Of the comparison group's mean, for yen, days and counts."""
PLANNED_LOOKS = 10
ONE_ARM: ArmKey = ("", True)
"""Where all customers of the past stand: nobody was served."""
TUNED_FOR_PEOPLE = 4000
"""Without a planned end the interval is narrowest at this many people: a few months of a middling shop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast outcomes come in: customers drawn a day, and the part of them that ends up counted."""

    drawn_per_day: float
    counted_share: float
    control_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Feasible:
    """What it takes to see the smallest change worth having; None where that cannot be told."""

    smallest: float | None
    needed: Needed | None
    days: int | None
    """Until the last of them has had the window; None also when nobody comes."""


def power(*, past: WindowSums, drawn_per_day: float, control_share: float, planned_end: bool) -> Feasible:
    """How many customers and days it takes to judge a practice whose customers without it would do as in ``past``
    (``windows.past_sums``): not all of them are asked by the metric, nor has everybody a value.
    """
    control = past.arms.get(ONE_ARM)
    smallest = smallest_worth(reading=past.reading, control=control)
    if control is None or smallest is None:
        return Feasible(smallest=smallest, needed=None, days=None)
    needed = people_needed(
        reading=past.reading, control=control, smallest=smallest, control_share=control_share, planned_end=planned_end
    )
    if needed is None:
        return Feasible(smallest=smallest, needed=None, days=None)
    pace = Pace(
        drawn_per_day=drawn_per_day,
        counted_share=control.counted / (past.assigned - past.immature),
        control_share=control_share,
    )
    days = days_to_see(needed=needed, pace=pace, window_days=past.window_days)
    return Feasible(smallest=smallest, needed=needed, days=days)


def smallest_worth(*, reading: Reading, control: ArmSums | None) -> float | None:
    """The smallest change for the better that is worth having, in the metric's unit and with its sign."""
    size = {"points": SMALLEST_POINTS, "share": SMALLEST_SHARE, "score": SMALLEST_SCORE}.get(reading.unit)
    if size is None:
        if control is None or control.moments.sum_x <= 0.0 or control.moments.sum_y <= 0.0:
            return None
        size = SMALLEST_PART * control.moments.sum_y / control.moments.sum_x
    return -size if reading.better is Better.DOWN else size


def people_needed(
    *, reading: Reading, control: ArmSums, smallest: float, control_share: float, planned_end: bool
) -> Needed | None:
    """How many counted customers each arm needs to see the smallest effect worth having with 80 % probability."""
    moments = control.moments
    if moments.n < 2 or not 0.0 < control_share < 1.0:
        return None
    level, looks = (0.95, PLANNED_LOOKS) if planned_end else (_level_without_end(), 1)
    if control.once_each and reading.kind is Kind.NPS:
        return _needed_nps(moments=moments, change=smallest, share=control_share, level=level, looks=looks)
    if control.once_each and reading.kind is Kind.SHARE:
        value = moments.sum_y / moments.n
        if not 0.0 <= value + smallest <= 1.0:
            return None
        return power_share(
            control=value, treated=value + smallest, hold_out_share=control_share, level=level, looks=looks
        )
    deviation, skewness = _deviation(moments), _skewness(reading=reading, sums=control)
    if deviation is None or not math.isfinite(skewness):
        return None
    return power_mean(
        change=smallest / (100.0 if reading.kind is Kind.NPS else 1.0),
        deviation=deviation,
        hold_out_share=control_share,
        level=level,
        looks=looks,
        skewness=skewness,
    )


def _needed_nps(*, moments: Moments, change: float, share: float, level: float, looks: int) -> Needed | None:
    if moments.sum_yy == 0.0:
        return None
    return power_nps(
        change=change,
        promoter_share=(moments.sum_yy + moments.sum_y) / 2.0 / moments.n,
        detractor_share=(moments.sum_yy - moments.sum_y) / 2.0 / moments.n,
        hold_out_share=share,
        level=level,
        looks=looks,
    )


def days_to_see(*, needed: Needed, pace: Pace, window_days: int) -> int | None:
    """The days from the first customer until the effect would be seen; None when nobody comes."""
    per_day = pace.drawn_per_day * pace.counted_share
    if per_day <= 0.0:
        return None
    return days_needed(needed=needed, per_day=per_day, hold_out_share=pace.control_share, window_days=window_days)


def _deviation(moments: Moments) -> float | None:
    """The spread of a customer's value; for a ratio that of its linearised form."""
    n = moments.n
    if moments.sum_x == n == moments.sum_xx:
        variance = spread(n=n, total=moments.sum_y, total_of_squares=moments.sum_yy) / (n - 1)
    else:
        if moments.sum_x <= 0.0:
            return None
        share, centre = moments.sum_y / moments.sum_x, moments.sum_x / n
        around = moments.sum_yy - 2.0 * share * moments.sum_xy + share * share * moments.sum_xx
        variance = max(0.0, around) / ((n - 1) * centre * centre)
    return variance**0.5 if variance > 0.0 else None


def _skewness(*, reading: Reading, sums: ArmSums) -> float:
    """How lopsided the effect's own test will take the values to be, so how many it asks for in the smaller arm."""
    if counts_once(reading=reading, sums=(sums,)):
        return 0.0 if reading.unit == "score" else skewness_of(moments=sums.moments)
    values = clusters_of(reading=reading, sums=sums)
    bases = Moments(n=values.n, sum_y=values.sum_x, sum_yy=values.sum_xx)
    return max(skewness_of(moments=values), skewness_of(moments=bases))


def _level_without_end() -> float:
    """The level of a single test as strict as the confidence sequence is where it is narrowest."""
    half = TUNED_FOR_PEOPLE // 2
    unit = Effect(
        value=0.0,
        low=-1.0,
        high=1.0,
        level=0.95,
        p=1.0,
        method="",
        se=1.0,
        degrees=float("inf"),
        n_control=half,
        n_treated=TUNED_FOR_PEOPLE - half,
    )
    return 1.0 - two_sided_p(z=confidence_sequence(effect=unit, tuned_for_n=TUNED_FOR_PEOPLE).high)
