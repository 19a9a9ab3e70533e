"""The effect of a practice: treated minus control between two independent arms, from their moments.

The verdict stands on the absolute scale; a relative lift is for display and excludes 0 exactly when the absolute test
does. Each p value inverts the interval beside it, as in ``compare``.
"""

import math
from dataclasses import dataclass
from typing import Literal

from kizuna.stats.compare import (
    Difference,
    difference_mean,
    difference_nps,
    difference_ratio,
    difference_share,
    variance_of_mean,
    welch,
)
from kizuna.stats.distributions import t_of, z_of, z_of_p
from kizuna.stats.estimate import Moments, NotEnough
from kizuna.stats.moments import spread

Kind = Literal["mean", "share", "nps"]


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


def effect_mean(*, control: Moments, treated: Moments, level: float = 0.95) -> Effect | NotEnough:
    """The effect on a mean by Welch's t.

    Formula: ȳ_t - ȳ_c ± t(ν)·√(s_t²/n_t + s_c²/n_c), ν by Satterthwaite (``compare.difference_mean``).
    Unit: the metric's. Range: any. Needs: n ≥ 2 in both, some spread in one.
    Fails when: few and very skewed values, above all in the smaller arm of an uneven split.
    Source: B. L. Welch, Biometrika 34 (1947) 28-35.
    """
    found = difference_mean(before=control, after=treated, level=level)
    return _effect_or_not(found=found, control=control, treated=treated)


def effect_share(*, control: Moments, treated: Moments, level: float = 0.95) -> Effect | NotEnough:
    """The effect on a share, from moments of y = 0 or 1.

    Formula: ``compare.difference_share``. Unit: share. Range: -1…1. Needs: n ≥ 1 in both.
    Fails when: units are not independent. Source: R. G. Newcombe, Statistics in Medicine 17 (1998) 873-890.
    """
    found = difference_share(before=control, after=treated, level=level)
    return _effect_or_not(found=found, control=control, treated=treated)


def effect_nps(*, control: Moments, treated: Moments, level: float = 0.95) -> Effect | NotEnough:
    """The effect on the NPS in points, from moments of y = +1, 0, -1; never as a relative lift.

    Formula: ``compare.difference_nps`` (score). Unit: points. Range: -200…200. Needs: n ≥ 1 in both.
    Fails when: one person answers many times. Source: Tango 1998; Zou & Donner 2008.
    """
    found = difference_nps(before=control, after=treated, level=level)
    return _effect_or_not(found=found, control=control, treated=treated)


def effect_ratio(*, control: Moments, treated: Moments, level: float = 0.95) -> Effect | NotEnough:
    """The effect on a ratio Σy/Σx (yen per order of a customer), on moments of the linearised ratio.

    Formula: ``compare.difference_ratio``. Unit: y's per x's. Range: any. Needs: n ≥ 2 and Σx ≠ 0 in both.
    Fails when: x̄ is within a few standard errors of 0 in one arm (``NotEnough``).
    Source: Cochran, Sampling Techniques, 6.3; Deng, Knoblich & Lu, KDD 2018 (arXiv 1803.06336).
    """
    found = difference_ratio(before=control, after=treated, level=level)
    return _effect_or_not(found=found, control=control, treated=treated)


def effect_of_kind(*, kind: Kind, control: Moments, treated: Moments, level: float = 0.95) -> Effect | NotEnough:
    """``effect_mean``, ``effect_share`` or ``effect_nps``."""
    if kind == "share":
        return effect_share(control=control, treated=treated, level=level)
    if kind == "nps":
        return effect_nps(control=control, treated=treated, level=level)
    return effect_mean(control=control, treated=treated, level=level)


def effect_cuped(
    *, control: Moments, treated: Moments, kind: Kind = "mean", level: float = 0.95
) -> AdjustedEffect | NotEnough:
    """The effect after the part that the covariate x (the same person's pre-period value) explains was taken out.

    Formula: (ȳ_t - ȳ_c) - θ(x̄_t - x̄_c), θ = Σ cov_k/Σ var_k within arms; variance Σ_k (s_yy - 2θs_xy + θ²s_xx)/n_k
        times (N - 2)/(N - 3), plus (x̄_t - x̄_c)²·σ²/S_xx for the estimated θ; Welch's degrees.
    Unit: the metric's (NPS: points). Range: any. Needs: 4 units; x from before the assignment, in the same units of
        analysis. Without x, or without any spread of it, the effect of ``kind`` as it is.
    Fails when: x was measured after the assignment (it then removes the effect itself).
    Source: Deng, Xu, Kohavi & Walker, WSDM 2013; the variance of θ: Cochran, Biometrics 13 (1957) 261-281.
    """
    plain = effect_of_kind(kind=kind, control=control, treated=treated, level=level)
    if isinstance(plain, NotEnough):
        return plain
    arms = (_Arm.of(control), _Arm.of(treated)) if min(control.n, treated.n) >= 2 else None
    within = 0.0 if arms is None else sum(arm.s_xx for arm in arms)
    total = control.n + treated.n
    if arms is None or within == 0.0 or total < 4:
        return AdjustedEffect(effect=plain, theta=0.0, variance_reduction_share=0.0)
    theta = sum(arm.s_xy for arm in arms) / within
    left = [max(0.0, arm.s_yy - 2.0 * theta * arm.s_xy + theta * theta * arm.s_xx) for arm in arms]
    residual, around = sum(left), sum(arm.s_yy for arm in arms)
    if residual <= 1e-12 * around or around == 0.0:
        return AdjustedEffect(effect=plain, theta=0.0, variance_reduction_share=0.0)
    apart = arms[1].x - arms[0].x
    lost = (total - 2.0) / (total - 3.0)
    variances = [lost * s / (arm.n * (arm.n - 1)) for s, arm in zip(left, arms, strict=True)]
    doubt = apart * apart * residual / (total - 3.0) / within
    scale = 100.0 if kind == "nps" else 1.0
    found = welch(
        value=scale * (arms[1].y - arms[0].y - theta * apart),
        sides=((scale * scale * variances[0], control.n), (scale * scale * variances[1], treated.n)),
        extra=scale * scale * doubt,
        level=level,
        method="cuped",
    )
    effect = _effect(found=found, control=control, treated=treated)
    return AdjustedEffect(
        effect=effect, theta=scale * theta, variance_reduction_share=max(0.0, 1.0 - residual / around)
    )


def lift(*, control: Moments, treated: Moments, kind: Kind = "mean", level: float = 0.95) -> Lift | NotEnough:
    """How much more than control, relatively; for display beside the absolute verdict.

    Formula: Fieller between independent arms: the R with (ȳ_t - Rȳ_c)² ≤ q²(v_t + R²v_c), minus 1. q is scaled so that
        R = 1 is left out exactly when the absolute test of ``kind`` rejects: q = z_level·|Δ|/(√(v_t + v_c)·z_p) with
        z_p the normal quantile of its p value (for Welch, q is nearly its t quantile; Δ = 0 leaves z_level).
    Unit: share of control. Range: any. Needs: an effect, and a control mean clearly above 0.
    Fails when: the baseline is negative or near 0 (``NotEnough``: ``baseline_not_positive``, ``baseline_near_zero``);
        always for NPS (``signed_scale``): a lift on a scale that crosses 0 flips its sign.
    Source: E. C. Fieller, JRSS B 16 (1954) 175-185; V. H. Franz, arXiv 0710.2024.
    """
    n = control.n
    effect = effect_of_kind(kind=kind, control=control, treated=treated, level=level)
    if isinstance(effect, NotEnough):
        return effect
    without = _no_lift(control=control, treated=treated, kind=kind)
    if without is not None:
        return without
    base, mean = control.sum_y / n, treated.sum_y / treated.n
    v_c, v_t = variance_of_mean(control), variance_of_mean(treated)
    quantile = _quantile_as_in(effect, error=math.sqrt(v_c + v_t))
    doubt = quantile * quantile * v_c / (base * base)
    if doubt >= 1.0:
        return NotEnough(reason="baseline_near_zero", have=n, need=max(n + 1, math.ceil(n * doubt)))
    ratio = mean / base
    spread_t = quantile * quantile * v_t / (base * base)
    root = math.sqrt(max(0.0, ratio * ratio - (1.0 - doubt) * (ratio * ratio - spread_t)))
    low, high = (ratio - root) / (1.0 - doubt) - 1.0, (ratio + root) / (1.0 - doubt) - 1.0
    return Lift(value=ratio - 1.0, low=low, high=high, level=level, method="fieller")


def _no_lift(*, control: Moments, treated: Moments, kind: Kind) -> NotEnough | None:
    n, fewest, total = control.n, min(control.n, treated.n), control.n + treated.n
    if kind == "nps":
        return NotEnough(reason="signed_scale", have=n, need=n)
    if fewest < 2:
        return NotEnough(reason="too_few", have=fewest, need=2)
    if control.sum_y <= 0.0:
        return NotEnough(reason="baseline_not_positive", have=n, need=n + 1)
    if variance_of_mean(control) + variance_of_mean(treated) == 0.0:
        return NotEnough(reason="no_variation", have=total, need=total + 1)
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Arm:
    n: int
    y: float
    x: float
    s_yy: float
    s_xx: float
    s_xy: float

    @staticmethod
    def of(moments: Moments) -> "_Arm":
        n = moments.n
        s_xx = spread(n=n, total=moments.sum_x, total_of_squares=moments.sum_xx)
        return _Arm(
            n=n,
            y=moments.sum_y / n,
            x=moments.sum_x / n,
            s_yy=spread(n=n, total=moments.sum_y, total_of_squares=moments.sum_yy),
            s_xx=s_xx,
            s_xy=0.0 if s_xx == 0.0 else moments.sum_xy - moments.sum_x * moments.sum_y / n,
        )


def _effect_or_not(*, found: Difference | NotEnough, control: Moments, treated: Moments) -> Effect | NotEnough:
    return found if isinstance(found, NotEnough) else _effect(found=found, control=control, treated=treated)


def _effect(*, found: Difference, control: Moments, treated: Moments) -> Effect:
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
        n_control=control.n,
        n_treated=treated.n,
    )


def _quantile_as_in(effect: Effect, *, error: float) -> float:
    """The quantile with which |Δ| > q·error says what the absolute test says at this level."""
    quantile = z_of(level=effect.level)
    z = z_of_p(p=effect.p)
    if effect.value == 0.0 or z == 0.0 or math.isinf(z):
        return quantile
    return quantile * abs(effect.value) / (error * z)
