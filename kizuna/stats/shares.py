"""The difference of two shares with the score interval of Miettinen and Nurminen: the test of trials.

``compare.difference_share`` (Newcombe) needs no iteration and colours arrows; it is too careful with few successes. The
score test's p value is the well-known χ² with N - 1, and the interval inverts the same test, so both say one thing.
"""

import math

from kizuna.stats.compare import Difference
from kizuna.stats.distributions import two_sided_p, z_of
from kizuna.stats.estimate import Moments, NotEnough
from kizuna.stats.moments import successes_of_share
from kizuna.stats.roots import root_between

_LEAST_EXPECTED = 3.0


def difference_share_by_score(*, before: Moments, after: Moments, level: float = 0.95) -> Difference | NotEnough:
    """The change of a share, from moments of y = 0 or 1.

    Formula: limits δ with (p₂ - p₁ - δ)² = z²·V(δ), V = (p̃₁q̃₁/n₁ + p̃₂q̃₂/n₂)·N/(N - 1), p̃ the likeliest shares with
        p̃₂ - p̃₁ = δ (a cubic's root). At δ = 0: the pooled z, its square the "N - 1" χ².
    Unit: share. Range: -1…1. Needs: three expected successes and three expected failures in the smaller arm: with
        fewer, an arm without any proves nothing (e⁻³ = 5 %), so only one direction could ever be found.
    Fails when: units are not independent.
    Source: Miettinen & Nurminen, Statistics in Medicine 4 (1985) 213-226; the N - 1: I. Campbell, Statistics in
        Medicine 26 (2007) 3661-3675; three: Hanley & Lippman-Hand, JAMA 249 (1983) 1743-1745.
    """
    n_1, n_2 = before.n, after.n
    if min(n_1, n_2) == 0:
        return NotEnough(reason="no_data", have=0, need=1)
    k_1, k_2 = successes_of_share(moments=before), successes_of_share(moments=after)
    total, rarer = n_1 + n_2, min(k_1 + k_2, n_1 + n_2 - k_1 - k_2)
    fewest = min(n_1, n_2)
    if rarer == 0:
        return NotEnough(reason="no_variation", have=total, need=total + 1)
    if fewest * rarer < _LEAST_EXPECTED * total:
        return NotEnough(reason="too_few", have=fewest, need=math.ceil(_LEAST_EXPECTED * total / rarer))
    value = k_2 / n_2 - k_1 / n_1
    variance = _variance(0.0, successes=(k_1, k_2), sizes=(n_1, n_2))
    z = z_of(level=level)
    high = _upper(value, successes=(k_1, k_2), sizes=(n_1, n_2), z=z)
    low = -_upper(-value, successes=(k_2, k_1), sizes=(n_2, n_1), z=z)
    return Difference(
        value=value,
        low=min(low, value),
        high=max(high, value),
        level=level,
        p=two_sided_p(z=value / math.sqrt(variance)),
        method="miettinen_nurminen",
    )


def likeliest_share(*, delta: float, successes: tuple[int, int], sizes: tuple[int, int]) -> float:
    """p̃₁, the likeliest share of group 1 when group 2's lies ``delta`` above it.

    Formula: the root of N·p³ + L₂p² + L₁p + L₀ = 0 that lies in range, by the cosine.
    Source: Miettinen & Nurminen 1985.
    """
    (k_1, k_2), (n_1, n_2) = successes, sizes
    n, k = n_1 + n_2, k_1 + k_2
    second = ((n_2 + 2.0 * n_1) * delta - n - k) / (3.0 * n)
    first = ((n_1 * delta - n - 2.0 * k_1) * delta + k) / n
    zeroth = k_1 * delta * (1.0 - delta) / n
    q = second**3 - first * second / 2.0 + zeroth / 2.0
    p = math.copysign(math.sqrt(max(0.0, second * second - first / 3.0)), q)
    cosine = 1.0 if p == 0.0 else max(-1.0, min(1.0, q / p**3))
    share = 2.0 * p * math.cos((math.pi + math.acos(cosine)) / 3.0) - second
    return max(0.0, -delta, min(1.0, 1.0 - delta, share))


def _variance(delta: float, *, successes: tuple[int, int], sizes: tuple[int, int]) -> float:
    one = likeliest_share(delta=delta, successes=successes, sizes=sizes)
    two = min(1.0, max(0.0, one + delta))
    total = sizes[0] + sizes[1]
    return (one * (1.0 - one) / sizes[0] + two * (1.0 - two) / sizes[1]) * total / (total - 1.0)


def _upper(value: float, *, successes: tuple[int, int], sizes: tuple[int, int], z: float) -> float:
    """The upper limit; the score as a bounded function, so that a variance of 0 at the ends divides nothing."""
    if value >= 1.0:
        return 1.0

    def beyond(delta: float) -> float:
        distance = (delta - value) ** 2
        both = distance + z * z * _variance(delta, successes=successes, sizes=sizes)
        return -0.5 if both == 0.0 else distance / both - 0.5

    return root_between(f=beyond, a=value, b=1.0, fa=-0.5, fb=0.5, tolerance=1e-12)
