"""Median, 90th percentile and alike, with intervals that assume nothing about the distribution."""

import math
from collections.abc import Callable, Sequence

from kizuna.stats.distributions import binomial_cdf, z_of
from kizuna.stats.estimate import Interval, NotEnough


def quantile(*, values: Sequence[float], share: float, level: float = 0.95) -> Interval | NotEnough:
    """The value below which ``share`` of the units lie, between two order statistics.

    Formula: value: linear interpolation at (n - 1)·share (type 7). Limits: y₍ₗ₎ and y₍ᵤ₎ with the largest l and the
        smallest u for which P(X < l) ≤ α/2 and P(X ≥ u) ≤ α/2, X ~ Binomial(n, share).
    Unit: of the values. Range: of the values. Needs: share^n and (1 - share)^n ≤ α/2: 6 units for a 95 % median, 36 for
        the 90th percentile.
    Fails when: units are not independent; censored times (open cases) are left out instead of modelled.
    Source: Hahn & Meeker, Statistical Intervals (1991), 5.2; type 7: Hyndman & Fan, American Statistician 50 (1996).
    """
    ordered = sorted(values)
    n = len(ordered)
    need = units_for_quantile(share=share, level=level)
    if n < need:
        return NotEnough(reason="no_data" if n == 0 else "too_few", have=n, need=need)
    low_rank, high_rank = ranks_of_limits(n=n, share=share, level=level)
    place = (n - 1) * share
    below = math.floor(place)
    above = min(below + 1, n - 1)
    value = ordered[below] + (place - below) * (ordered[above] - ordered[below])
    low, high = ordered[low_rank - 1], ordered[high_rank - 1]
    return Interval(
        value=value, low=min(low, value), high=max(high, value), level=level, n=n, method="order_statistics"
    )


def median(*, values: Sequence[float], level: float = 0.95) -> Interval | NotEnough:
    """``quantile`` at one half."""
    return quantile(values=values, share=0.5, level=level)


def units_for_quantile(*, share: float, level: float = 0.95) -> int:
    """The fewest units with which ``quantile`` has both limits: the smallest n with max(q, 1 - q)^n ≤ α/2."""
    if not 0.0 < share < 1.0:
        raise ValueError(f"a quantile is of a share between 0 and 1, not {share}")
    z_of(level=level)
    likelier = max(share, 1.0 - share)
    return math.ceil(math.log((1.0 - level) / 2.0) / math.log(likelier) - 1e-9)


def ranks_of_limits(*, n: int, share: float, level: float = 0.95) -> tuple[int, int]:
    """The ranks (1 = smallest) of the two limits: a database can fetch just these rows of a sorted column."""
    if n < units_for_quantile(share=share, level=level):
        raise ValueError(f"{n} units are too few for the limits of this quantile")
    tail = (1.0 - level) / 2.0 * (1.0 + 1e-12)
    low = _first(n, lambda k: binomial_cdf(k=k, n=n, share=share) > tail)
    high = _first(n, lambda k: binomial_cdf(k=k, n=n, share=share) >= 1.0 - tail)
    return low, min(n, high + 1)


def _first(n: int, holds: Callable[[int], bool]) -> int:
    """The smallest k in 0…n for which the (once true, always true) condition holds, by halving."""
    low, high = 0, n
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return low
