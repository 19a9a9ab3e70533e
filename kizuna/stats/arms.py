"""The effect of a practice: treated minus control between two independent arms, from their moments.

The verdict stands on the absolute scale; a relative lift is for display and excludes 0 exactly when the absolute test
does. Each p value inverts the interval beside it, as in ``compare``.
"""

import math
from dataclasses import dataclass
from typing import Protocol

from kizuna.stats.compare import Difference, difference_nps, linearised, student, variance_of_mean, welch
from kizuna.stats.distributions import t_of, z_of
from kizuna.stats.estimate import Moments, NotEnough
from kizuna.stats.moments import spread
from kizuna.stats.shares import difference_share_by_score
from kizuna.stats.skew import Kind, skewness_of, too_few_count, welch_holds


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """Treated minus control in the metric's unit, its ``level`` interval, two-sided p value and standard error.

    ``se`` is half the interval over its quantile, so it is never 0, also where an arm has no spread of its own.
    ``degrees`` are those of the t quantile; infinite for the normal one.
    """

    value: float
    low: float
    high: float
    level: float
    p: float
    method: str
    se: float
    degrees: float
    n_control: int
    n_treated: int


class Bounded(Protocol):
    """Anything that was shown with an interval: an effect, or what a look at a running trial may say."""

    @property
    def value(self) -> float: ...
    @property
    def low(self) -> float: ...
    @property
    def high(self) -> float: ...
    @property
    def level(self) -> float: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustedEffect:
    """An effect after the covariate was taken out: by which θ, and which share of the variance that removed."""

    effect: Effect
    theta: float
    variance_reduction_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Lift:
    """Treated over control, minus 1, as a share (0.1 = a tenth more), with its Fieller interval."""

    value: float
    low: float
    high: float
    level: float
    method: str


def effect_mean(
    *, control: Moments, treated: Moments, level: float = 0.95, skewness: float | None = None
) -> Effect | NotEnough:
    """The effect on a mean: Welch's t where it holds its level, else the t with one variance for both arms.

    Formula: ȳ_t - ȳ_c ± t(ν)·√(s_t²/n_t + s_c²/n_c), ν by Satterthwaite. Where the arms are uneven and the values too
        lopsided for that (``skew.welch_holds``): ± t(N - 2)·s·√(1/n_t + 1/n_c) with the pooled s. Under randomisation
        a practice that does nothing leaves both arms one distribution, so this test keeps 5 %.
    Unit: the metric's. Range: any. Needs: ten units that count in the smaller arm (``skew.too_few_count``), spread.
        Non-negative values; else pass their ``skewness`` (0 for a symmetrical score).
    Fails when: pooled, and the practice changes the spread much: 100 held out of 1,000 and yen cut to 0.9 or raised to
        1.3 times, the 95 % cover 94 and 98 %. Its false alarms are mostly on the side of the smaller arm's tail
        (with a small hold-out: "harms"), and gains are seen late. Split evenly for yen.
    Source: B. L. Welch, Biometrika 34 (1947) 28-35; Student 1908; Boos & Hughes-Oliver, The American Statistician 54
        (2000) 121-128 (how large n must be); for the pooled one as a randomisation test: E. J. G. Pitman 1937.
    """
    fewest, total = min(control.n, treated.n), control.n + treated.n
    if fewest < 2:
        return NotEnough(reason="no_data" if fewest == 0 else "too_few", have=fewest, need=2)
    few = too_few_count(both=control + treated, fewest=fewest, skewness=skewness)
    if few is not None:
        return few
    variances = variance_of_mean(moments=control) * control.n, variance_of_mean(moments=treated) * treated.n
    if sum(variances) == 0.0:
        return NotEnough(reason="no_variation", have=total, need=total + 1)
    lopsided = skewness_of(moments=control + treated) if skewness is None else skewness
    value = treated.sum_y / treated.n - control.sum_y / control.n
    found = _by_t(
        value=value, variances=variances, arms=(control, treated), skewness=lopsided, level=level, method="mean"
    )
    return effect_of_difference(found=found, n_control=control.n, n_treated=treated.n)


def effect_share(*, control: Moments, treated: Moments, level: float = 0.95) -> Effect | NotEnough:
    """The effect on a share, from moments of y = 0 or 1: the score test and the interval that inverts it.

    Formula: ``shares.difference_share_by_score``. Unit: share. Range: -1…1. Needs: three expected successes and
        three expected failures in the smaller arm. Fails when: units are not independent.
    Source: Miettinen & Nurminen, Statistics in Medicine 4 (1985) 213-226.
    """
    found = difference_share_by_score(before=control, after=treated, level=level)
    return _effect_or_not(found=found, control=control, treated=treated)


def effect_nps(*, control: Moments, treated: Moments, level: float = 0.95) -> Effect | NotEnough:
    """The effect on the NPS in points, from moments of y = +1, 0, -1; never as a relative lift.

    Formula: ``compare.difference_nps`` (score). Unit: points. Range: -200…200. Needs: n ≥ 10 in both.
    Fails when: one person answers many times. Source: Tango 1998; Zou & Donner 2008.
    """
    fewest = min(control.n, treated.n)
    if fewest < 10:
        return NotEnough(reason="no_data" if fewest == 0 else "too_few", have=fewest, need=10)
    found = difference_nps(before=control, after=treated, level=level)
    return _effect_or_not(found=found, control=control, treated=treated)


def effect_ratio(*, control: Moments, treated: Moments, level: float = 0.95) -> Effect | NotEnough:
    """The effect on a ratio Σy/Σx (yen per order of a customer), on moments of the linearised ratio.

    Formula: variance of a unit: Σ(y - Rx)²/((n - 1)·x̄²) in each arm, then as ``effect_mean``.
    Unit: y's per x's. Range: any. Needs: as ``effect_mean``, of y and of x; Σx ≠ 0 in both.
    Fails when: x̄ is within a few standard errors of 0 in one arm (``NotEnough``), or the practice changes how many
        units have an x at all: a ratio of those who came is then no comparison of like with like.
    Source: Cochran, Sampling Techniques, 6.3; Deng, Knoblich & Lu, KDD 2018 (arXiv 1803.06336).
    """
    fewest, total, both = min(control.n, treated.n), control.n + treated.n, control + treated
    if fewest < 2:
        return NotEnough(reason="no_data" if fewest == 0 else "too_few", have=fewest, need=2)
    denominators = Moments(n=both.n, sum_y=both.sum_x, sum_yy=both.sum_xx)
    for moments in (both, denominators):
        few = too_few_count(both=moments, fewest=fewest, skewness=None)
        if few is not None:
            return few
    one, two = linearised(moments=control, level=level), linearised(moments=treated, level=level)
    if isinstance(one, NotEnough):
        return one
    if isinstance(two, NotEnough):
        return two
    if one[1] + two[1] == 0.0:
        return NotEnough(reason="no_variation", have=total, need=total + 1)
    found = _by_t(
        value=two[0] - one[0],
        variances=(one[1] * control.n, two[1] * treated.n),
        arms=(control, treated),
        skewness=max(skewness_of(moments=both), skewness_of(moments=denominators)),
        level=level,
        method="ratio",
    )
    return effect_of_difference(found=found, n_control=control.n, n_treated=treated.n)


def effect_of_kind(
    *, kind: Kind, control: Moments, treated: Moments, level: float = 0.95, skewness: float | None = None
) -> Effect | NotEnough:
    """``effect_mean``, ``effect_share`` or ``effect_nps``."""
    if kind == "share":
        return effect_share(control=control, treated=treated, level=level)
    if kind == "nps":
        return effect_nps(control=control, treated=treated, level=level)
    return effect_mean(control=control, treated=treated, level=level, skewness=skewness)


def effect_cuped(
    *,
    control: Moments,
    treated: Moments,
    kind: Kind = "mean",
    level: float = 0.95,
    skewness: float | None = None,
) -> AdjustedEffect | NotEnough:
    """The effect after the part that the covariate x (the same person's pre-period value) explains was taken out.

    Formula: (ȳ_t - ȳ_c) - θ(x̄_t - x̄_c), θ = Σ cov_k/Σ var_k within arms; variance of a unit in arm k
        (s_yy - 2θs_xy + θ²s_xx)·(N - 2)/(N - 3), plus (x̄_t - x̄_c)²·σ²/S_xx for the estimated θ; then the t of
        ``effect_mean``. Without x, without any spread of it, or for a share with fewer than ten that count in the
        smaller arm: the effect of ``kind`` as it is.
    Unit: the metric's (NPS: points). Range: any. Needs: as the effect of ``kind``; x from before the assignment.
    Fails when: x was measured after the assignment (it then removes the effect itself).
    Source: Deng, Xu, Kohavi & Walker, WSDM 2013; the variance of θ: Cochran, Biometrics 13 (1957) 261-281.
    """
    plain = effect_of_kind(kind=kind, control=control, treated=treated, level=level, skewness=skewness)
    if isinstance(plain, NotEnough):
        return plain
    as_it_is = AdjustedEffect(effect=plain, theta=0.0, variance_reduction_share=0.0)
    both, fewest, total = control + treated, min(control.n, treated.n), control.n + treated.n
    if fewest < 2 or (kind == "share" and too_few_count(both=both, fewest=fewest, skewness=None) is not None):
        return as_it_is
    one, two = _Sums.of(control), _Sums.of(treated)
    s_yy, s_xx = one.s_yy + two.s_yy, one.s_xx + two.s_xx
    if s_xx == 0.0 or s_yy == 0.0:
        return as_it_is
    theta = (one.s_xy + two.s_xy) / s_xx
    left = one.left(theta), two.left(theta)
    if sum(left) <= 1e-12 * s_yy:
        return as_it_is
    scale, apart, lost = 100.0 if kind == "nps" else 1.0, two.x - one.x, (total - 2.0) / (total - 3.0)
    variances = [scale**2 * lost * s / (arm.n - 1) for s, arm in zip(left, (control, treated), strict=True)]
    found = _by_t(
        value=scale * (two.y - one.y - theta * apart),
        variances=(variances[0], variances[1]),
        arms=(control, treated),
        skewness=skewness_of(moments=both, kind=kind) if skewness is None else skewness,
        level=level,
        method="cuped",
        extra=scale**2 * apart * apart * sum(left) / (total - 3.0) / s_xx,
    )
    effect = effect_of_difference(found=found, n_control=control.n, n_treated=treated.n)
    return AdjustedEffect(effect=effect, theta=scale * theta, variance_reduction_share=1.0 - sum(left) / s_yy)


def lift(
    *,
    control: Moments,
    treated: Moments,
    kind: Kind = "mean",
    level: float = 0.95,
    skewness: float | None = None,
    absolute: Bounded | None = None,
) -> Lift | NotEnough:
    """How much more than control, relatively; for display beside the absolute verdict.

    Formula: Fieller between independent arms, for δ = μ_t/μ_c - 1: the δ with
        (Δ - δȳ_c)² ≤ h² + q²(2δv_c + δ²v_c), Δ and h the absolute effect and its interval's reach towards 0,
        q = h/√(v_t + v_c). At δ = 0 it is the absolute interval, so 0 is left out exactly when that leaves it out;
        for Welch's t these are the classical limits. ``absolute`` is the effect shown beside it (adjusted by a
        covariate, or at a look of a running trial); without it, that of ``kind`` at ``level``.
    Unit: share of control. Range: any. Needs: an effect, and a control mean clearly above 0.
    Fails when: the baseline is negative or near 0 (``NotEnough``: ``baseline_not_positive``, ``baseline_near_zero``);
        always for NPS (``signed_scale``): a lift on a scale that crosses 0 flips its sign.
    Source: E. C. Fieller, JRSS B 16 (1954) 175-185; V. H. Franz, arXiv 0710.2024.
    """
    n = control.n
    effect: Bounded | NotEnough = absolute or effect_of_kind(
        kind=kind, control=control, treated=treated, level=level, skewness=skewness
    )
    if isinstance(effect, NotEnough):
        return effect
    without = _no_lift(control=control, treated=treated, kind=kind)
    if without is not None:
        return without
    base, v_c = control.sum_y / n, variance_of_mean(moments=control)
    return _over(effect=effect, base=base, variances=(v_c, variance_of_mean(moments=treated)), n=n)


def lift_ratio(*, control: Moments, treated: Moments, absolute: Bounded) -> Lift | NotEnough:
    """How much larger a ratio Σy/Σx is than control's, relatively; for display beside the absolute verdict.

    Formula: as ``lift``, with the linearised ratio R and its variance in the place of the mean and its.
    Unit: share of control. Range: any. Needs: the effect that is shown (``effect_ratio``), and control's ratio clearly
        above 0. Fails when: the ratio can be negative (NPS of customers who answer several times): do not ask.
    Source: as ``lift``; Cochran, Sampling Techniques, 6.3.
    """
    n, fewest, total = control.n, min(control.n, treated.n), control.n + treated.n
    if fewest < 2:
        return NotEnough(reason="too_few", have=fewest, need=2)
    if control.sum_y <= 0.0:
        return NotEnough(reason="baseline_not_positive", have=n, need=n + 1)
    one, two = (linearised(moments=arm, level=absolute.level) for arm in (control, treated))
    if isinstance(one, NotEnough) or isinstance(two, NotEnough):
        return NotEnough(reason="baseline_near_zero", have=n, need=n + 1)
    if one[1] + two[1] == 0.0:
        return NotEnough(reason="no_variation", have=total, need=total + 1)
    return _over(effect=absolute, base=one[0], variances=(one[1], two[1]), n=n)


def _over(*, effect: Bounded, base: float, variances: tuple[float, float], n: int) -> Lift | NotEnough:
    """The effect over its base, with Fieller's ends."""
    value = effect.value / base
    reach = (effect.value - effect.low if effect.value > 0.0 else effect.high - effect.value) / base
    doubt = reach * reach * variances[0] / sum(variances)
    if doubt >= 1.0:
        return NotEnough(reason="baseline_near_zero", have=n, need=max(n + 1, math.ceil(n * doubt)))
    middle = value + doubt
    root = math.sqrt(max(0.0, middle * middle - (1.0 - doubt) * (value - reach) * (value + reach)))
    low, high = (middle - root) / (1.0 - doubt), (middle + root) / (1.0 - doubt)
    return Lift(value=value, low=low, high=high, level=effect.level, method="fieller")


def _no_lift(*, control: Moments, treated: Moments, kind: Kind) -> NotEnough | None:
    n, fewest, total = control.n, min(control.n, treated.n), control.n + treated.n
    if kind == "nps":
        return NotEnough(reason="signed_scale", have=n, need=n)
    if fewest < 2:
        return NotEnough(reason="too_few", have=fewest, need=2)
    if control.sum_y <= 0.0:
        return NotEnough(reason="baseline_not_positive", have=n, need=n + 1)
    if variance_of_mean(moments=control) + variance_of_mean(moments=treated) == 0.0:
        return NotEnough(reason="no_variation", have=total, need=total + 1)
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sums:
    """One arm around its own means."""

    y: float
    x: float
    s_yy: float
    s_xx: float
    s_xy: float

    @staticmethod
    def of(moments: Moments) -> "_Sums":
        n = moments.n
        s_xx = spread(n=n, total=moments.sum_x, total_of_squares=moments.sum_xx)
        return _Sums(
            y=moments.sum_y / n,
            x=moments.sum_x / n,
            s_yy=spread(n=n, total=moments.sum_y, total_of_squares=moments.sum_yy),
            s_xx=s_xx,
            s_xy=0.0 if s_xx == 0.0 else moments.sum_xy - moments.sum_x * moments.sum_y / n,
        )

    def left(self, theta: float) -> float:
        """What remains of y's spread without θx."""
        return max(0.0, self.s_yy - 2.0 * theta * self.s_xy + theta * theta * self.s_xx)


def _by_t(
    *,
    value: float,
    variances: tuple[float, float],
    arms: tuple[Moments, Moments],
    skewness: float,
    level: float,
    method: str,
    extra: float = 0.0,
) -> Difference:
    """Welch's t of the arms' variances of a unit where it keeps its level, else the t with one variance for both."""
    n_c, n_t = arms[0].n, arms[1].n
    if welch_holds(n_control=n_c, n_treated=n_t, skewness=skewness):
        sides = (variances[0] / n_c, n_c), (variances[1] / n_t, n_t)
        return welch(value=value, sides=sides, extra=extra, level=level, method=f"welch_{method}")
    degrees = n_c + n_t - 2.0
    pooled = ((n_c - 1) * variances[0] + (n_t - 1) * variances[1]) / degrees
    error = math.sqrt(pooled * (1.0 / n_c + 1.0 / n_t) + extra)
    return student(value=value, error=error, degrees=degrees, level=level, method=f"pooled_t_{method}")


def _effect_or_not(*, found: Difference | NotEnough, control: Moments, treated: Moments) -> Effect | NotEnough:
    if isinstance(found, NotEnough):
        return found
    return effect_of_difference(found=found, n_control=control.n, n_treated=treated.n)


def effect_of_difference(*, found: Difference, n_control: int, n_treated: int) -> Effect:
    """The same difference as an ``Effect``: with its standard error and the sizes of the arms."""
    normal = math.isinf(found.degrees)
    quantile = z_of(level=found.level) if normal else t_of(level=found.level, degrees=found.degrees)
    return Effect(
        value=found.value,
        low=found.low,
        high=found.high,
        level=found.level,
        p=found.p,
        method=found.method,
        se=(found.high - found.low) / (2.0 * quantile),
        degrees=found.degrees,
        n_control=n_control,
        n_treated=n_treated,
    )
