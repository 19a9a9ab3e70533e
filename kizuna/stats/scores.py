"""Scores from counts: the Net Promoter Score from promoters, passives and detractors; a share from successes.

NPS is on its own scale of -100…100 points, shares are 0-1. A negative or impossible count is a programming
error (``ValueError``); an empty sample is ``NotEnough``, never 0.
"""

import math

from kizuna.stats.distributions import z_of
from kizuna.stats.estimate import Interval, NotEnough
from kizuna.stats.roots import root_between


def nps_tango(*, promoters: int, passives: int, detractors: int, level: float = 0.95) -> Interval | NotEnough:
    """The NPS with Tango's score interval, the default: in range and honest for unanimous and small samples.

    Formula: NPS = 100·(P - D)/n; the limits are the Δ with |P - D - nΔ| = z·√(n·(p̃ + d̃ - Δ²)), where p̃, d̃ are the
        maximum-likelihood shares of promoters and detractors among those with p - d = Δ (a quadratic's root).
    Unit: points. Range: -100…100. Needs: n ≥ 1.
    Fails when: one person answers many times (the n answers are taken as independent).
    Source: T. Tango, Statistics in Medicine 17 (1998) 891-908; for the trinomial NPS: B. Rocks, The American
        Statistician 70 (2016) 365-372.
    """
    n = _sample(promoters, passives, detractors)
    if n == 0:
        return NotEnough(reason="no_data", have=0, need=1)
    z = z_of(level=level)
    high = tango_upper(promoters=promoters, detractors=detractors, n=n, z=z)
    low = -tango_upper(promoters=detractors, detractors=promoters, n=n, z=z)
    value = 100.0 * (promoters - detractors) / n
    return Interval(value=value, low=100.0 * low, high=100.0 * high, level=level, n=n, method="tango")


def nps_wald(*, promoters: int, passives: int, detractors: int, level: float = 0.95) -> Interval | NotEnough:
    """The NPS with the textbook interval; kept for comparison with other tools' figures.

    Formula: NPS ± z·SE, SE = 100·√((p + d - (p - d)²)/n).
    Unit: points. Range: may leave -100…100. Needs: n ≥ 1.
    Fails when: the sample is small or nearly unanimous: coverage 40 % at n = 5, width 0 when all agree.
    Source: Rocks 2016 (see ``nps_tango``).
    """
    n = _sample(promoters, passives, detractors)
    if n == 0:
        return NotEnough(reason="no_data", have=0, need=1)
    value = 100.0 * (promoters - detractors) / n
    half = z_of(level=level) * nps_standard_error(promoters=promoters, passives=passives, detractors=detractors)
    return Interval(value=value, low=value - half, high=value + half, level=level, n=n, method="wald")


def nps_adjusted_wald(*, promoters: int, passives: int, detractors: int, level: float = 0.95) -> Interval | NotEnough:
    """The NPS with the adjusted Wald interval: the Wald interval after adding three imagined answers.

    Formula: P + 3/4, D + 3/4, passives + 3/2, n + 3, then ``nps_wald``; the value stays the observed NPS.
    Unit: points. Range: may leave -100…100 (10 of 10 promoters: 47.5…106.3). Needs: n ≥ 1.
    Fails when: it is used in place of a score interval near the ends of the scale.
    Source: Rocks 2016; Sauro & Lewis, Measuring U, "Confidence intervals for Net Promoter Scores" (2021).
    """
    n = _sample(promoters, passives, detractors)
    if n == 0:
        return NotEnough(reason="no_data", have=0, need=1)
    centre = 100.0 * (promoters - detractors) / (n + 3)
    half = (
        z_of(level=level)
        * 100.0
        * math.sqrt(nps_variance(promoters=promoters + 0.75, detractors=detractors + 0.75, n=n + 3.0))
    )
    value = 100.0 * (promoters - detractors) / n
    return Interval(value=value, low=centre - half, high=centre + half, level=level, n=n, method="adjusted_wald")


def nps_standard_error(*, promoters: int, passives: int, detractors: int) -> float:
    """The standard error of the NPS in points, 100·√((p + d - (p - d)²)/n), for n ≥ 1."""
    n = _sample(promoters, passives, detractors)
    if n == 0:
        raise ValueError("a standard error needs at least one answer")
    return 100.0 * math.sqrt(nps_variance(promoters=promoters, detractors=detractors, n=n))


def share_wilson(*, successes: int, n: int, level: float = 0.95) -> Interval | NotEnough:
    """A share with Wilson's score interval.

    Formula: (p + z²/2n ± z·√(p(1-p)/n + z²/4n²)) / (1 + z²/n).
    Unit: share. Range: 0…1. Needs: n ≥ 1.
    Fails when: units are not independent (one customer's many orders); then use ``moments.ratio`` per customer.
    Source: E. B. Wilson, JASA 22 (1927) 209-212; R. G. Newcombe, Statistics in Medicine 17 (1998) 857-872, method 3.
    """
    if not 0 <= successes <= n:
        raise ValueError(f"{successes} successes of {n} are impossible")
    if n == 0:
        return NotEnough(reason="no_data", have=0, need=1)
    low, high = wilson_limits(share=successes / n, n=n, z=z_of(level=level))
    return Interval(value=successes / n, low=low, high=high, level=level, n=n, method="wilson")


def wilson_limits(*, share: float, n: float, z: float) -> tuple[float, float]:
    """Both ends of Wilson's interval; exactly 0 and 1 at the ends, where rounding would leave 1e-17."""
    squared = z * z
    centre = share + squared / (2.0 * n)
    half = z * math.sqrt(share * (1.0 - share) / n + squared / (4.0 * n * n))
    scale = 1.0 + squared / n
    low = 0.0 if share == 0.0 else max(0.0, (centre - half) / scale)
    high = 1.0 if share == 1.0 else min(1.0, (centre + half) / scale)
    return min(low, share), max(high, share)


def nps_variance(*, promoters: float, detractors: float, n: float) -> float:
    """The variance of (P - D)/n under the observed shares, on the scale of -1…1."""
    difference = (promoters - detractors) / n
    return max(0.0, (promoters + detractors) / n - difference * difference) / n


def tango_variance(*, delta: float, promoters: float, detractors: float, n: float) -> float:
    """p̃ + d̃ - Δ² for the likeliest shares with p - d = Δ: the variance of one answer under that hypothesis.

    Formula: d̃ is the larger root of 2n·d² + B·d + C = 0 with B = (2n - P + D)Δ - P - D and C = -D·Δ(1 - Δ).
    """
    if delta < 0.0:  # mirrored, so that C ≤ 0 and both forms of the root below are free of cancellation
        return tango_variance(delta=-delta, promoters=detractors, detractors=promoters, n=n)
    b = (2.0 * n - promoters + detractors) * delta - promoters - detractors
    product = detractors * delta * (1.0 - delta)
    root = math.sqrt(b * b + 8.0 * n * product)
    share = (root - b) / (4.0 * n) if b <= 0.0 else 2.0 * product / (b + root)
    return 2.0 * share + delta * (1.0 - delta)


def tango_upper(*, promoters: int, detractors: int, n: int, z: float) -> float:
    """The upper score limit of (P - D)/n on the scale of -1…1; the lower one is its mirror image.

    The score is rewritten as a bounded, increasing function of Δ, so that neither a variance of 0 at the estimate
    (all passive) nor at the end of the scale can divide by zero.
    """
    observed = (promoters - detractors) / n
    if promoters == n:
        return 1.0
    squared = z * z

    def beyond(delta: float) -> float:
        distance = n * (delta - observed) ** 2
        variance = squared * tango_variance(delta=delta, promoters=promoters, detractors=detractors, n=n)
        return distance / (distance + variance) - 0.5

    return root_between(f=beyond, a=observed, b=1.0, fa=-0.5, fb=0.5, tolerance=1e-13)


def _sample(promoters: int, passives: int, detractors: int) -> int:
    if min(promoters, passives, detractors) < 0:
        raise ValueError(f"counts cannot be negative: {promoters}, {passives}, {detractors}")
    return promoters + passives + detractors
