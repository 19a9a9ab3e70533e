"""Before launch: can this shop answer this question at all? People per arm, and days.

Two arms in any split, one test at the end or looks on the way (``looks_inflation``). Nothing here knows the result:
power computed from an observed effect says nothing that its p value did not say.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from kizuna.stats.brownian import crossed_in_the_end
from kizuna.stats.distributions import noncentral_t_above, t_of, z_of, z_upper
from kizuna.stats.roots import root_between
from kizuna.stats.sequential import obf_bounds
from kizuna.stats.skew import welch_needs

_LARGEST = 10**12  # people; more than there are


@dataclass(frozen=True, slots=True, kw_only=True)
class Needed:
    """The people each arm needs, whose outcome is in."""

    control: int
    treated: int

    @property
    def total(self) -> int:
        """Both arms together."""
        return self.control + self.treated


def power_mean(
    *,
    change: float,
    deviation: float,
    hold_out_share: float = 0.5,
    level: float = 0.95,
    power: float = 0.8,
    looks: int = 1,
    skewness: float = 0.0,
) -> Needed:
    """The people needed to see a mean move by ``change``.

    Formula: the smallest n_c with P(T > t(N - 2)) ≥ power, T noncentral t with N - 2 degrees and
        Δ/(s·√(1/n_c + 1/n_t)), n_t = n_c(1 - h)/h; times ``looks_inflation``; and at least what Welch's t needs at this
        ``skewness`` (``skew.welch_needs``).
    Unit: people. Range: ≥ 2 in each. Needs: the deviation of a person's value, from past data.
    Fails when: the deviation is guessed. Source: J. Cohen, Statistical Power Analysis (1988), ch. 2; R: power.t.test.
    """
    if not (change != 0.0 and deviation > 0.0):
        raise ValueError("a change that is not 0 and a deviation above 0 are needed")
    ratio = _treated_per_control(hold_out_share)
    effect = abs(change) / deviation

    def seen(n: int) -> bool:
        treated = math.ceil(n * ratio - 1e-9)
        degrees = float(n + treated - 2)
        shift = effect / math.sqrt(1.0 / n + 1.0 / treated)
        return noncentral_t_above(t=t_of(level=level, degrees=degrees), degrees=degrees, shift=shift) >= power

    normal = (_both(level, power) / effect) ** 2 * (1.0 + 1.0 / ratio)
    n = max(2, math.ceil(2.0 / ratio), math.floor(normal) - 2)  # the normal answer is a little too small
    while not seen(n):
        n += 1
    n = math.ceil(n * looks_inflation(looks=looks, level=level, power=power) - 1e-9)
    return _no_fewer_than_welch(_arms(n, ratio), skewness)


def power_share(
    *,
    control: float,
    treated: float,
    hold_out_share: float = 0.5,
    level: float = 0.95,
    power: float = 0.8,
    looks: int = 1,
) -> Needed:
    """The people needed to tell a share of ``control`` from one of ``treated``.

    Formula: n_c = (z_α/2·√(p̄q̄(1 + 1/r)) + z_power·√(p_c q_c + p_t q_t/r))²/(p_t - p_c)², r = n_t/n_c,
        p̄ = (p_c + r·p_t)/(1 + r); times ``looks_inflation``. No continuity correction, as the score test has none.
    Unit: people. Range: ≥ 1. Needs: two different shares. Fails when: the control share is guessed far off.
    Source: Fleiss, Tytun & Ury, Biometrics 36 (1980) 343-346, without their correction; R: power.prop.test.
    """
    if not (0.0 <= control <= 1.0 and 0.0 <= treated <= 1.0) or control == treated:
        raise ValueError("two different shares between 0 and 1 are needed")
    ratio = _treated_per_control(hold_out_share)
    middle = (control + ratio * treated) / (1.0 + ratio)
    by_chance = z_of(level=level) * math.sqrt(middle * (1.0 - middle) * (1.0 + 1.0 / ratio))
    spread = control * (1.0 - control) + treated * (1.0 - treated) / ratio
    by_change = z_upper(probability=_probability(power)) * math.sqrt(spread)
    n = ((by_chance + by_change) / (treated - control)) ** 2
    return _arms(n * looks_inflation(looks=looks, level=level, power=power), ratio)


def power_nps(
    *,
    change: float,
    promoter_share: float = 0.25,
    detractor_share: float = 0.4,
    hold_out_share: float = 0.5,
    level: float = 0.95,
    power: float = 0.8,
    looks: int = 1,
) -> Needed:
    """The answers needed to see an NPS move by ``change`` points; divide by the response rate for the people to ask.

    Formula: n_c = v(1 + 1/r)(z_α/2 + z_power)²·100²/Δ², v = p + d - (p - d)²; times ``looks_inflation``.
    Unit: answers. Range: ≥ 1. Needs: the shares of promoters and detractors today.
    Fails when: the arms answer at different rates (``srm.response_by_arm``).
    Source: S.-C. Chow et al., Sample Size Calculations in Clinical Research, 3.2, with the variance of Rocks 2016.
    """
    if change == 0.0:
        raise ValueError("a change that is not 0 is needed")
    ratio = _treated_per_control(hold_out_share)
    variance = nps_answer_variance(promoter_share=promoter_share, detractor_share=detractor_share)
    n = variance * (1.0 + 1.0 / ratio) * (_both(level, power) * 100.0 / change) ** 2
    return _arms(n * looks_inflation(looks=looks, level=level, power=power), ratio)


def nps_answer_variance(*, promoter_share: float, detractor_share: float) -> float:
    """p + d - (p - d)²: the variance of one answer coded +1, 0, -1."""
    if min(promoter_share, detractor_share) < 0.0 or promoter_share + detractor_share > 1.0:
        raise ValueError("shares of promoters and detractors lie in 0…1 and add to at most 1")
    return promoter_share + detractor_share - (promoter_share - detractor_share) ** 2


def days_needed(*, needed: Needed, per_day: float, hold_out_share: float, window_days: int = 0) -> int:
    """The days until both arms have their people, plus the days their outcome takes.

    Formula: max(n_c/(h·a), n_t/((1 - h)·a)) rounded up, + ``window_days``; a = new people a day whose outcome will be
        known (for a survey: answers, not invitations). Unit: days. Range: ≥ 1. Needs: a > 0.
    Fails when: the first day meets a stock of waiting people (then it takes fewer days).
    Source: arithmetic of a constant arrival rate.
    """
    if not per_day > 0.0 or window_days < 0:
        raise ValueError("people a day must be above 0, and a window cannot be negative")
    _treated_per_control(hold_out_share)
    days = max(needed.control / (hold_out_share * per_day), needed.treated / ((1.0 - hold_out_share) * per_day))
    return max(1, math.ceil(days - 1e-9)) + window_days


@lru_cache(maxsize=256)
def looks_inflation(*, looks: int, level: float = 0.95, power: float = 0.8) -> float:
    """How many times more people a design with so many equally spaced O'Brien-Fleming looks needs: 1.0 to 1.07.

    Formula: (θ/(z_α/2 + z_power))², θ the drift with which ``brownian.crossed_in_the_end`` is the power.
    Unit: factor. Range: ≥ 1. Needs: one look or more. Fails when: looks bunch early (then it is less).
    Source: Jennison & Turnbull (2000), ch. 2 and 7 (inflation factors).
    """
    if looks < 1:
        raise ValueError("a trial has at least one look")
    plain = _both(level, power)
    if looks == 1:
        return 1.0
    fractions = tuple((look + 1) / looks for look in range(looks))
    bounds = obf_bounds(fractions=fractions, alpha=1.0 - level)
    drift = _rising_root(
        lambda theta: crossed_in_the_end(fractions=fractions, bounds=bounds, drift=theta) - power, start=plain
    )
    return max(1.0, (drift / plain) ** 2)


def _rising_root(f: Callable[[float], float], *, start: float) -> float:
    """The root of a rising function near ``start`` > 0."""
    high = start
    while f(high) < 0.0:
        high *= 1.3
        if high > _LARGEST:
            raise ValueError("no such effect exists")
    return root_between(f=f, a=0.0, b=high, fa=-1.0, fb=max(f(high), 1e-300), tolerance=1e-6)


def _no_fewer_than_welch(needed: Needed, skewness: float) -> Needed:
    fewest = min(needed.control, needed.treated)
    floor = welch_needs(n_control=needed.control, n_treated=needed.treated, skewness=skewness)
    if fewest >= floor:
        return needed
    grow = floor / fewest
    return Needed(control=math.ceil(needed.control * grow), treated=math.ceil(needed.treated * grow))


def _arms(n_control: float, ratio: float) -> Needed:
    control = max(1, math.ceil(n_control - 1e-9))
    return Needed(control=control, treated=max(1, math.ceil(control * ratio - 1e-9)))


def _treated_per_control(hold_out_share: float) -> float:
    if not 0.0 < hold_out_share < 1.0:
        raise ValueError(f"a hold-out share lies between 0 and 1, not {hold_out_share}")
    return (1.0 - hold_out_share) / hold_out_share


def _both(level: float, power: float) -> float:
    return z_of(level=level) + z_upper(probability=_probability(power))


def _probability(power: float) -> float:
    if not 0.0 < power < 1.0:
        raise ValueError(f"a power lies between 0 and 1, not {power}")
    return power
