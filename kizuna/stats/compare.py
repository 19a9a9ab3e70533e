"""Two groups or two periods: after minus before, with an interval and the p value that belongs to it.

Each p value inverts the interval shown beside it: p < 1 - level exactly when the interval excludes 0, so an arrow
and its band can never contradict each other. Pass the p values of everything on the page to ``multiplicity``.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from kizuna.stats.distributions import t_of, two_sided_p, two_sided_t_p, z_of
from kizuna.stats.estimate import Moments, NotEnough
from kizuna.stats.moments import counts_of_nps, spread, successes_of_share
from kizuna.stats.roots import root_between
from kizuna.stats.scores import nps_variance, tango_upper, tango_variance, wilson_limits


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """``after`` minus ``before`` in the metric's unit, its ``level`` interval and two-sided p value by ``method``.

    ``degrees`` are those of the t quantile the interval uses; infinite for the normal one.
    """

    value: float
    low: float
    high: float
    level: float
    p: float
    method: str
    degrees: float = math.inf


def difference_nps(
    *,
    before: Moments,
    after: Moments,
    level: float = 0.95,
    method: Literal["score", "wald", "adjusted_wald"] = "score",
) -> Difference | NotEnough:
    """The change of NPS in points, from moments of y = +1, 0, -1.

    Formula: score: Δ - √((θ₂ - l₂)² + (u₁ - θ₁)²) … Δ + √((u₂ - θ₂)² + (θ₁ - l₁)²) with Tango's limits l, u of each.
        Wald: Δ ± z·√(v₁ + v₂), v = (p + d - (p - d)²)/n; adjusted: the same after P + 3/4, D + 3/4, n + 3, and Δ is
        then the difference of the adjusted scores, as published.
    Unit: points. Range: -200…200 (score). Needs: n ≥ 1 in both.
    Fails when: the same persons answered in both groups (the covariance is ignored: too wide).
    Source: G. Zou & A. Donner, Statistics in Medicine 27 (2008) 1693-1702 (MOVER), Tango 1998; Wald and adjusted
        Wald: Rocks 2016, Measuring U (2021).
    """
    empty = _empty(before, after)
    if empty is not None:
        return empty
    one, two = _trinomial(before), _trinomial(after)
    if method == "score":
        return _nps_by_score(one=one, two=two, level=level)
    extra = 0.75 if method == "adjusted_wald" else 0.0
    sides = [(p + extra, d + extra, n + 4.0 * extra) for p, d, n in (one, two)]
    (score_1, v_1), (score_2, v_2) = (((p - d) / n, nps_variance(promoters=p, detractors=d, n=n)) for p, d, n in sides)
    if v_1 + v_2 == 0.0:
        return NotEnough(reason="no_variation", have=before.n + after.n, need=before.n + after.n + 1)
    value, error = 100.0 * (score_2 - score_1), 100.0 * math.sqrt(v_1 + v_2)
    return _normal(value=value, error=error, level=level, method=method)


def difference_share(*, before: Moments, after: Moments, level: float = 0.95) -> Difference | NotEnough:
    """The change of a share, from moments of y = 0 or 1.

    Formula: Δ - √((p₂ - l₂)² + (u₁ - p₁)²) … Δ + √((u₂ - p₂)² + (p₁ - l₁)²) with Wilson's limits l, u of each.
    Unit: share. Range: -1…1. Needs: n ≥ 1 in both. Fails when: units are not independent, or the same in both groups.
    Source: R. G. Newcombe, Statistics in Medicine 17 (1998) 873-890, method 10.
    """
    empty = _empty(before, after)
    if empty is not None:
        return empty
    n_1, n_2 = before.n, after.n
    p_1, p_2 = successes_of_share(moments=before) / n_1, successes_of_share(moments=after) / n_2
    z = z_of(level=level)
    low_1, high_1 = wilson_limits(share=p_1, n=n_1, z=z)
    low_2, high_2 = wilson_limits(share=p_2, n=n_2, z=z)
    sides = (p_1, low_1, high_1), (p_2, low_2, high_2)

    def error(which: int, at: float) -> float:
        return math.sqrt(max(0.0, at * (1.0 - at)) / (n_1 if which == 1 else n_2))

    return _by_squares(sides=sides, error=error, level=level, scale=1.0, method="newcombe")


def difference_mean(*, before: Moments, after: Moments, level: float = 0.95) -> Difference | NotEnough:
    """The change of a mean by Welch's t, which does not ask for equal variances.

    Formula: Δ ± t(ν)·√(s₁²/n₁ + s₂²/n₂), ν = (v₁ + v₂)²/(v₁²/(n₁ - 1) + v₂²/(n₂ - 1)), v = s²/n.
    Unit: the metric's. Range: any. Needs: n ≥ 2 in both, some spread in one.
    Fails when: few and very skewed values. Source: B. L. Welch, Biometrika 34 (1947) 28-35.
    """
    few = _few(before, after)
    if few is not None:
        return few
    v_1, v_2 = variance_of_mean(moments=before), variance_of_mean(moments=after)
    if v_1 + v_2 == 0.0:
        return NotEnough(reason="no_variation", have=before.n + after.n, need=before.n + after.n + 1)
    value = after.sum_y / after.n - before.sum_y / before.n
    return welch(value=value, sides=((v_1, before.n), (v_2, after.n)), level=level, method="welch")


def difference_ratio(*, before: Moments, after: Moments, level: float = 0.95) -> Difference | NotEnough:
    """The change of a ratio Σy/Σx, linearised within each group, on Welch's degrees of freedom.

    Formula: v = Σ(y - Rx)²/((n - 1)·n·x̄²) of each group, then as ``difference_mean``.
    Unit: y's per x's. Range: any. Needs: n ≥ 2 and Σx ≠ 0 in both, some spread in one.
    Fails when: x̄ is within a few standard errors of 0 in one group (``NotEnough``, as for ``moments.ratio``).
    Source: Cochran, Sampling Techniques (3rd ed. 1977), 6.3; Deng, Knoblich & Lu, KDD 2018 (arXiv 1803.06336).
    """
    few = _few(before, after)
    if few is not None:
        return few
    sides = []
    for moments in (before, after):
        side = linearised(moments=moments, level=level)
        if isinstance(side, NotEnough):
            return side
        sides.append(side)
    (r_1, v_1), (r_2, v_2) = sides
    if v_1 + v_2 == 0.0:
        return NotEnough(reason="no_variation", have=before.n + after.n, need=before.n + after.n + 1)
    return welch(value=r_2 - r_1, sides=((v_1, before.n), (v_2, after.n)), level=level, method="welch_ratio")


def difference_total(*, before: Moments, after: Moments, level: float = 0.95) -> Difference | NotEnough:
    """The change of a total over a random number of units (sales of two months).

    Formula: Δ ± z·√(Σy₁² + Σy₂²), the compound Poisson variance.
    Unit: y's. Range: any. Needs: 10 units in both together (at fewer the normal tail promises too much).
    Fails when: arrivals come in bursts, a few huge units dominate, or the two periods differ in length
        (February and March differ by a tenth before anything happened: compare totals per day or like periods).
    Source: Fay & Feuer, Statistics in Medicine 16 (1997) 791-801 (the variance of a weighted sum of Poisson counts).
    """
    n = before.n + after.n
    if n < 10:
        return NotEnough(reason="no_data" if n == 0 else "too_few", have=n, need=10)
    variance = before.sum_yy + after.sum_yy
    if variance == 0.0:
        return NotEnough(reason="no_variation", have=n, need=n + 1)
    value = after.sum_y - before.sum_y
    return _normal(value=value, error=math.sqrt(variance), level=level, method="compound_poisson")


_Side = tuple[float, float, float]  # value, low, high


def _nps_by_score(*, one: tuple[int, int, int], two: tuple[int, int, int], level: float) -> Difference:
    z = z_of(level=level)
    sides = []
    for promoters, detractors, n in (one, two):
        high = tango_upper(promoters=promoters, detractors=detractors, n=n, z=z)
        low = -tango_upper(promoters=detractors, detractors=promoters, n=n, z=z)
        sides.append(((promoters - detractors) / n, low, high))

    def error(which: int, at: float) -> float:
        promoters, detractors, n = one if which == 1 else two
        variance = tango_variance(delta=at, promoters=promoters, detractors=detractors, n=n)
        return math.sqrt(max(0.0, variance) / n)

    return _by_squares(sides=(sides[0], sides[1]), error=error, level=level, scale=100.0, method="tango_mover")


def _by_squares(
    *,
    sides: tuple[_Side, _Side],
    error: Callable[[int, float], float],
    level: float,
    scale: float,
    method: str,
) -> Difference:
    """MOVER: the distances to each group's own limits, added as squares, and the p value that inverts it."""
    (value_1, low_1, high_1), (value_2, low_2, high_2) = sides
    value = value_2 - value_1
    low = value - math.hypot(value_2 - low_2, high_1 - value_1)
    high = value + math.hypot(high_2 - value_2, value_1 - low_1)
    p = two_sided_p(z=_score_of_zero(value_1=value_1, value_2=value_2, error=error))
    return Difference(value=scale * value, low=scale * low, high=scale * high, level=level, p=p, method=method)


def _score_of_zero(*, value_1: float, value_2: float, error: Callable[[int, float], float]) -> float:
    """The z at which the interval's nearer end is exactly 0.

    That end is 0 when the two distances are the legs of a right triangle over Δ: a = |Δ|cos φ for group 2 and
    b = |Δ|sin φ for group 1. Each leg's z is its distance over the standard error at its far end, so one unknown,
    φ, is left, and no limit has to be solved again.
    """
    value = value_2 - value_1
    if value == 0.0:
        return 0.0
    size, sign = abs(value), math.copysign(1.0, value)

    def legs(angle: float) -> tuple[float, float, float, float]:
        a, b = size * math.cos(angle), size * math.sin(angle)
        return a, error(2, value_2 - sign * a), b, error(1, value_1 + sign * b)

    def imbalance(angle: float) -> float:
        a, error_a, b, error_b = legs(angle)
        of_group_1, of_group_2 = b * error_a, a * error_b
        return (of_group_1 - of_group_2) / (of_group_1 + of_group_2)

    # At the ends one leg is 0; where its error is 0 too (a share of 0 or 1) only the limit, ±1, is defined.
    angle = root_between(f=imbalance, a=0.0, b=math.pi / 2.0, fa=-1.0, fb=1.0, tolerance=1e-12)
    a, error_a, b, error_b = legs(angle)
    steps = math.hypot(error_a, error_b)
    return math.inf if steps == 0.0 else math.hypot(a, b) / steps


def linearised(*, moments: Moments, level: float) -> tuple[float, float] | NotEnough:
    """The ratio and its variance, for n ≥ 2; refused where Fieller's set would be unbounded."""
    n = moments.n
    var_x = spread(n=n, total=moments.sum_x, total_of_squares=moments.sum_xx) / (n * (n - 1))
    centre = moments.sum_x / n
    doubt = math.inf if centre == 0.0 else t_of(level=level, degrees=n - 1) ** 2 * var_x / centre**2
    if doubt >= 1.0:
        return NotEnough(
            reason="denominator_near_zero", have=n, need=n + 1 if centre == 0.0 else max(n + 1, math.ceil(n * doubt))
        )
    value = moments.sum_y / moments.sum_x
    size = moments.sum_yy + value * value * moments.sum_xx
    residual = moments.sum_yy - 2.0 * value * moments.sum_xy + value * value * moments.sum_xx
    residual = 0.0 if residual <= 1e-12 * size else residual
    return value, residual / (n * (n - 1) * centre * centre)


def welch(
    *,
    value: float,
    sides: tuple[tuple[float, int], tuple[float, int]],
    level: float,
    method: str,
    extra: float = 0.0,
) -> Difference:
    """Welch's t of ``value`` whose variance is the sum of both sides' (each with its n), plus ``extra``."""
    (v_1, n_1), (v_2, n_2) = sides
    variance = v_1 + v_2
    share_1, share_2 = v_1 / variance, v_2 / variance  # shares, so that squares of tiny variances do not underflow
    degrees = 1.0 / (share_1 * share_1 / (n_1 - 1) + share_2 * share_2 / (n_2 - 1))
    return student(value=value, error=math.sqrt(variance + extra), degrees=degrees, level=level, method=method)


def student(*, value: float, error: float, degrees: float, level: float, method: str) -> Difference:
    """``value`` ± t(degrees)·error, and the p value of the same t."""
    half = t_of(level=level, degrees=degrees) * error
    p = two_sided_t_p(t=value / error, degrees=degrees)
    return Difference(
        value=value, low=value - half, high=value + half, level=level, p=p, method=method, degrees=degrees
    )


def _normal(*, value: float, error: float, level: float, method: str) -> Difference:
    half = z_of(level=level) * error
    p = two_sided_p(z=value / error)
    return Difference(value=value, low=value - half, high=value + half, level=level, p=p, method=method)


def variance_of_mean(*, moments: Moments) -> float:
    """s²/n, for n ≥ 2."""
    n = moments.n
    return spread(n=n, total=moments.sum_y, total_of_squares=moments.sum_yy) / (n * (n - 1))


def _trinomial(moments: Moments) -> tuple[int, int, int]:
    promoters, _, detractors = counts_of_nps(moments=moments)
    return promoters, detractors, moments.n


def _empty(before: Moments, after: Moments) -> NotEnough | None:
    fewest = min(before.n, after.n)
    return NotEnough(reason="no_data", have=0, need=1) if fewest == 0 else None


def _few(before: Moments, after: Moments) -> NotEnough | None:
    fewest = min(before.n, after.n)
    if fewest >= 2:
        return None
    return NotEnough(reason="no_data" if fewest == 0 else "too_few", have=fewest, need=2)
