"""Looking at a trial before it ends, without turning 5 % into 28 %.

With a planned end: group-sequential bounds that spend α as O'Brien-Fleming (``group_sequential``). Without an end: an
asymptotic confidence sequence (``confidence_sequence``), which holds at every look at once and is wider for it.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kizuna.stats.arms import Effect
from kizuna.stats.brownian import bounds_of, obf_spent
from kizuna.stats.distributions import two_sided_p, z_of_p
from kizuna.stats.estimate import NotEnough
from kizuna.stats.roots import root_between

_FINEST_LEVEL = 1.0 - 2e-15  # a bound of 8, where no look can cross


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One look at a running trial: whether it may be called now, and the interval that holds at all looks at once.

    ``z`` is the effect's p value on the normal scale, with its sign. ``p`` is the repeated p value: the smallest α
    whose bound this look crosses. ``crossed``, p < α and an interval without 0 are one and the same statement.
    """

    value: float
    low: float
    high: float
    level: float
    z: float
    bound: float
    crossed: bool
    p: float
    fraction: float
    looks: int
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnytimeEffect:
    """An effect whose interval and p value hold at any time, however often and for whatever reason one looks."""

    value: float
    low: float
    high: float
    level: float
    p: float
    rejected: bool
    method: str


def obf_bounds(*, fractions: Sequence[float], alpha: float = 0.05) -> tuple[float, ...]:
    """The z that each look must reach, when α is spent as O'Brien and Fleming would (Lan-DeMets).

    Formula: ``brownian.bounds_of`` of ``brownian.obf_spent``. Unit: z. Range: 1.96…8 at α = .05; 8 means never.
    Needs: fractions of the planned information (people whose outcome is in, over people planned), rising, in 0…1.
    Fails when: the planned end is moved because of what was seen.
    Source: Lan & DeMets, Biometrika 70 (1983) 659-663; Jennison & Turnbull (2000), ch. 7 and 19.
    """
    times = tuple(float(fraction) for fraction in fractions)
    if not 0.0 < alpha < 1.0:
        raise ValueError(f"alpha lies between 0 and 1, not {alpha}")
    if any(not 0.0 < time <= 1.0 for time in times):
        raise ValueError("fractions of the information lie between 0 and 1")
    if any(not earlier < later for earlier, later in pairwise(times)):
        raise ValueError("each look must know more than the one before")
    return bounds_of(fractions=times, spent=tuple(obf_spent(fraction=time, alpha=alpha) for time in times))


def group_sequential(
    *,
    effect: Callable[[float], Effect | NotEnough],
    fraction: float,
    past_fractions: Sequence[float] = (),
    alpha: float = 0.05,
) -> Look | NotEnough:
    """What a look at ``fraction`` of the planned information may say, after the looks that were taken before.

    Formula: crossed when |z| ≥ the Lan-DeMets bound; the interval is the effect's own at the level of that bound (a
        repeated confidence interval); p is the α at which the bound would be |z|.
    Unit: the effect's. Range: the effect's. Needs: the effect as a function of the level, as in
        ``effect=lambda level: effect_mean(control=c, treated=t, level=level)``; every look that somebody saw.
        A look that brought nobody new is the look before it and costs nothing (looks are by day at the finest).
    Fails when: looks were taken and not passed; the arms are so small that the effect's own p value is off.
    Source: Jennison & Turnbull, JRSS B 51 (1989) 305-361 (repeated intervals); Lan & DeMets 1983.
    """
    times = _looks(fraction=fraction, past_fractions=past_fractions)
    bound = obf_bounds(fractions=times, alpha=alpha)[-1]
    found = effect(min(_FINEST_LEVEL, 1.0 - two_sided_p(z=bound)))
    if isinstance(found, NotEnough):
        return found
    size = z_of_p(p=found.p)
    return Look(
        value=found.value,
        low=found.low,
        high=found.high,
        level=1.0 - alpha,
        z=math.copysign(size, found.value),
        bound=bound,
        crossed=size >= bound,
        p=_repeated_p(z=size, times=times, alpha=alpha, crossed=size >= bound),
        fraction=times[-1],
        looks=len(times),
        method=f"obf_{found.method}",
    )


def confidence_sequence(*, effect: Effect, tuned_for_n: int, alpha: float = 0.05) -> AnytimeEffect:
    """The effect with an interval that holds at all sample sizes at once, for trials without a planned end.

    Formula: Δ ± se·√(2(x + 1)/x·log(√(x + 1)/α)), x = nρ², n = both arms together; ρ² = x*/n* makes it narrowest at
        n* = ``tuned_for_n``, where x* = log((x* + 1)/α²). p = min(1, √(x + 1)·exp(-z²x/(2(x + 1)))), z = Δ/se.
    Unit: the effect's. Range: any. Needs: looks from about 100 people in the smaller arm on (it is asymptotic).
    Fails when: the first looks are at a handful of people: nothing was promised for them.
    Source: Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas, Annals of Statistics 52 (2024), arXiv 2103.06476.
    """
    if tuned_for_n < 1 or not 0.0 < alpha < 1.0:
        raise ValueError("a sample size to tune for and an alpha between 0 and 1 are needed")
    x = (effect.n_control + effect.n_treated) * _best_x(alpha) / tuned_for_n
    radius = effect.se * math.sqrt(2.0 * (x + 1.0) / x * (0.5 * math.log1p(x) - math.log(alpha)))
    z = effect.value / effect.se
    p = min(1.0, math.exp(0.5 * math.log1p(x) - z * z * x / (2.0 * (x + 1.0))))
    return AnytimeEffect(
        value=effect.value,
        low=effect.value - radius,
        high=effect.value + radius,
        level=1.0 - alpha,
        p=p,
        rejected=abs(effect.value) > radius,
        method="asymptotic_confidence_sequence",
    )


def _looks(*, fraction: float, past_fractions: Sequence[float]) -> tuple[float, ...]:
    """The looks that brought news: information that did not grow, or shrank (an erased person), is no new look."""
    times: list[float] = []
    for time in (*past_fractions, fraction):
        if not times or time > times[-1] + 1e-9:
            times.append(min(1.0, time))
    return tuple(dict.fromkeys(times))


def _repeated_p(*, z: float, times: tuple[float, ...], alpha: float, crossed: bool) -> float:
    """The α whose bound at this look is ``z``, on the known side of ``alpha``; a millionth stands for all below it."""

    def above(log_alpha: float) -> float:
        return obf_bounds(fractions=times, alpha=math.exp(log_alpha))[-1] - z

    low, high = (math.log(1e-6), math.log(alpha)) if crossed else (math.log(alpha), math.log(1.0 - 1e-9))
    at_low, at_high = above(low), above(high)
    if at_low <= 0.0 or at_high >= 0.0:  # beyond what is told apart, or exactly on a bound
        return math.exp(low if at_low <= 0.0 else high)
    p = math.exp(root_between(f=above, a=low, b=high, fa=at_low, fb=at_high, tolerance=1e-4))
    return min(p, alpha * (1.0 - 1e-9)) if crossed else max(p, alpha)


def _best_x(alpha: float) -> float:
    """The solution of x = log((x + 1)/α²), by iteration (a contraction with slope 1/(x + 1))."""
    x = -2.0 * math.log(alpha)
    for _ in range(60):
        x = math.log1p(x) - 2.0 * math.log(alpha)
    return x
