"""From moments to what may be shown: an estimate with its interval, or the reason why there is none yet."""

from datetime import datetime
from functools import lru_cache

from kizuna.stats.compare import (
    Difference,
    difference_mean,
    difference_nps,
    difference_ratio,
    difference_share,
    difference_total,
)
from kizuna.stats.concentration import TopSums, top_share
from kizuna.stats.estimate import Estimate, Interval, Moments, NotEnough
from kizuna.stats.moments import mean, nps, ratio, share, total
from kizuna.understand.metrics.rules.definition import Kind, Metric

NOTHING = Moments(n=0, sum_y=0.0, sum_yy=0.0)
_BY_COUNTS = {Kind.NPS: nps, Kind.SHARE: share}
Sums = Moments | TopSums
"""What the engine brings per group: moments, or for a top share the sums above and below the border."""


@lru_cache(maxsize=20_000)
def interval_of(*, kind: Kind, bounds: tuple[float, float] | None, sums: Sums, level: float) -> Interval | NotEnough:
    """The value and interval of one group. Remembered, since after a new answer all other groups are as they were."""
    if isinstance(sums, TopSums):
        return top_share(sums=sums, share=0.2, level=level)
    if sums.n == 0:
        # A total of no units is no observation, not a measured zero.
        return NotEnough(reason="no_data", have=0, need=1)
    if kind is Kind.TOTAL:
        return total(moments=sums, level=level, nonnegative=sums.sum_y > 0.0)
    if kind in _BY_COUNTS:
        return _BY_COUNTS[kind](moments=sums, level=level)
    bounded = ratio if kind is Kind.RATIO else mean
    return bounded(moments=sums, level=level, bounds=bounds)


def estimate_of(*, metric: Metric, sums: Sums, level: float, as_of: datetime) -> Estimate | NotEnough:
    """``interval_of`` with the metric's unit and the moment it speaks of."""
    interval = interval_of(kind=metric.kind, bounds=_bounds(metric), sums=sums, level=level)
    return stated(interval=interval, unit=metric.unit, as_of=as_of)


def stated(*, interval: Interval | NotEnough, unit: str, as_of: datetime) -> Estimate | NotEnough:
    """An interval with its unit and the moment it speaks of."""
    if isinstance(interval, NotEnough):
        return interval
    return Estimate(
        value=interval.value,
        low=interval.low,
        high=interval.high,
        level=interval.level,
        n=interval.n,
        unit=unit,
        method=interval.method,
        as_of=as_of,
    )


def difference_of(*, metric: Metric, before: Sums, after: Sums, level: float) -> Difference | NotEnough:
    """After minus before in the metric's own unit; a top share has no tested difference."""
    if isinstance(before, TopSums) or isinstance(after, TopSums):
        return NotEnough(reason="no_test", have=0, need=1)
    if min(before.n, after.n) == 0:
        return NotEnough(reason="no_data", have=0, need=1)
    test = {
        Kind.NPS: difference_nps,
        Kind.SHARE: difference_share,
        Kind.TOTAL: difference_total,
        Kind.RATIO: difference_ratio,
    }.get(metric.kind, difference_mean)
    return test(before=before, after=after, level=level)


def _bounds(metric: Metric) -> tuple[float, float] | None:
    return None if metric.low is None or metric.high is None else (metric.low, metric.high)
