"""How many answers are needed: for an interval this narrow, or to see a change this large.

Screens use these to say "あと 120 件" instead of colouring noise. All are for two equal groups unless they say so, and
return whole units, rounded up.
"""

import math

from kizuna.stats.distributions import noncentral_t_above, t_of, z_of, z_upper

_USUAL_NPS_VARIANCE = 0.6  # 25 % promoters, 40 % detractors: a common Japanese mix; the worst case is 1


def answers_for_nps(*, half_width: float, variance: float = _USUAL_NPS_VARIANCE, level: float = 0.95) -> int:
    """The answers that bring an NPS to ± ``half_width`` points.

    Formula: n = z²·v·100²/h², v = p + d - (p - d)². Unit: answers. Range: ≥ 1.
    Needs: a guess of v (0…1; ``nps_answer_variance``). Fails when: v is guessed from a handful of answers.
    Source: inverts the Wald interval of Rocks, The American Statistician 70 (2016) 365-372.
    """
    _positive(half_width, variance)
    return _units(z_of(level=level) ** 2 * variance * (100.0 / half_width) ** 2)


def answers_for_nps_change(
    *, change: float, variance: float = _USUAL_NPS_VARIANCE, level: float = 0.95, power: float = 0.8
) -> int:
    """The answers in each of two groups that show a change of ``change`` NPS points with probability ``power``.

    Formula: n = 2·v·(z_α/2 + z_power)²·100²/Δ². Unit: answers in each group. Range: ≥ 1.
    Needs: a guess of v. Fails when: many changes are tested at once (pass a stricter ``level``).
    Source: S.-C. Chow et al., Sample Size Calculations in Clinical Research, 3.2.
    """
    _positive(change, variance)
    return _units(2.0 * variance * _both(level, power) ** 2 * (100.0 / change) ** 2)


def nps_answer_variance(*, promoter_share: float, detractor_share: float) -> float:
    """p + d - (p - d)²: the variance of one answer coded +1, 0, -1."""
    if min(promoter_share, detractor_share) < 0.0 or promoter_share + detractor_share > 1.0:
        raise ValueError("shares of promoters and detractors lie in 0…1 and add to at most 1")
    return promoter_share + detractor_share - (promoter_share - detractor_share) ** 2


def detectable_nps_change(
    *, n: int, variance: float = _USUAL_NPS_VARIANCE, level: float = 0.95, power: float = 0.8
) -> float:
    """The smallest change in points that two groups of ``n`` answers show with probability ``power``.

    Formula: the inverse of ``answers_for_nps_change``. Unit: points. Range: > 0. Needs: n ≥ 1.
    Fails when: it is computed after the fact from the observed change. Source: as there.
    """
    _positive(n, variance)
    return 100.0 * _both(level, power) * math.sqrt(2.0 * variance / n)


def units_for_share(*, half_width: float, share: float = 0.5, level: float = 0.95) -> int:
    """The units whose Wilson interval for a share near ``share`` is no wider than ± ``half_width``.

    Formula: the smallest n with z·√(p(1-p)/n + z²/4n²)/(1 + z²/n) ≤ h; with k = n/z²,
        4h²(k + 1)² ≥ 4p(1-p)k + 1, a quadratic in k. Unit: units. Range: ≥ 1. Needs: a guess of the share.
    Fails when: units are clustered. Source: Wilson 1927; W. W. Piegorsch, Computational Statistics & Data
        Analysis 46 (2004) 309-316.
    """
    _positive(half_width)
    if not 0.0 <= share <= 1.0:
        raise ValueError(f"a share lies between 0 and 1, not {share}")
    squared = half_width * half_width
    middle = 2.0 * squared - share * (1.0 - share)  # half the linear coefficient of 4h²k² + 2·2m·k + 4h² - 1, over 2
    under = middle * middle - squared * (4.0 * squared - 1.0)
    k = 0.0 if under < 0.0 else (-middle + math.sqrt(under)) / (2.0 * squared)
    return _units(z_of(level=level) ** 2 * max(0.0, k))


def units_for_share_change(*, before: float, after: float, level: float = 0.95, power: float = 0.8) -> int:
    """The units in each of two groups that show a share moving from ``before`` to ``after``.

    Formula: n = (z_α/2·√(2p̄(1-p̄)) + z_power·√(p₁(1-p₁) + p₂(1-p₂)))²/(p₁ - p₂)², p̄ the mean of both.
    Unit: units in each group. Range: ≥ 1. Needs: two different shares. Fails when: the shares are guessed far off.
    Source: J. L. Fleiss, Statistical Methods for Rates and Proportions (1981), 3.2; R: power.prop.test.
    """
    if not (0.0 <= before <= 1.0 and 0.0 <= after <= 1.0) or before == after:
        raise ValueError("two different shares between 0 and 1 are needed")
    pooled = (before + after) / 2.0
    by_chance = z_of(level=level) * math.sqrt(2.0 * pooled * (1.0 - pooled))
    by_change = z_upper(probability=_probability(power)) * math.sqrt(before * (1.0 - before) + after * (1.0 - after))
    return _units(((by_chance + by_change) / (after - before)) ** 2)


def units_for_mean(*, half_width: float, deviation: float, level: float = 0.95) -> int:
    """The units whose t interval for a mean is expected to be ± ``half_width``, given the standard ``deviation``.

    Formula: the smallest n with t(n-1)·s/√n ≤ h. Unit: units. Range: ≥ 2. Needs: a guess of s.
    Fails when: values are very skewed. Source: Student 1908; Cochran, Sampling Techniques, 4.6.
    """
    _positive(half_width, deviation)
    n = max(2, math.ceil((z_of(level=level) * deviation / half_width) ** 2))
    while t_of(level=level, degrees=n - 1) * deviation / math.sqrt(n) > half_width:
        n += 1
    return n


def units_for_mean_change(*, change: float, deviation: float, level: float = 0.95, power: float = 0.8) -> int:
    """The units in each of two groups that show a mean moving by ``change``, given the standard ``deviation``.

    Formula: the smallest n with P(T > t(2n - 2)) ≥ power, T noncentral t with 2n - 2 degrees and √(n/2)·Δ/s.
    Unit: units in each group. Range: ≥ 2. Needs: a guess of s. Fails when: values are very skewed.
    Source: J. Cohen, Statistical Power Analysis (1988), ch. 2; R: power.t.test.
    """
    _positive(change, deviation)
    _probability(power)
    effect = change / deviation
    n = max(2, math.floor(2.0 * (_both(level, power) / effect) ** 2) - 1)  # the normal answer is a little too small
    while (
        noncentral_t_above(t=t_of(level=level, degrees=2 * n - 2), degrees=2 * n - 2, shift=math.sqrt(n / 2.0) * effect)
        < power
    ):
        n += 1
    return n


def _both(level: float, power: float) -> float:
    return z_of(level=level) + z_upper(probability=_probability(power))


def _probability(power: float) -> float:
    if not 0.0 < power < 1.0:
        raise ValueError(f"a power lies between 0 and 1, not {power}")
    return power


def _positive(*numbers: float) -> None:
    if any(not number > 0.0 for number in numbers):
        raise ValueError("widths, changes, variances and counts must be above 0")


def _units(number: float) -> int:
    return max(1, math.ceil(number - 1e-9))
