"""When is Welch's t to be believed? How lopsided a value per customer is, and how many an arm must then hold.

With a hold-out of 10 % and yen per customer, Welch's t raises 8-30 % false alarms instead of 5 %, nearly all of them
"the practice works": the few in the hold-out seldom hold a big spender, and when they hold none both their mean and
their variance are too small at once. An even split has no such trouble, whatever the skewness.
"""

import math
from typing import Literal

from kizuna.stats.estimate import Moments, NotEnough

Kind = Literal["mean", "share", "nps"]

_WELCH_NEEDS = 36.0  # times the squared skewness (Cochran's 25 promises 6 %; 36 keeps 5.5 % in the simulations)
_ARM_NEEDS = 10.0  # units that count: below, not even equal variances save the level


def skewness_of(*, moments: Moments, kind: Kind = "mean") -> float:
    """The skewness of one unit's value, from the moments of both arms together.

    Formula: share: (1 - 2p)/√(p(1 - p)). NPS: (m - 3mq + 2m³)/v^1.5, m = p - d, q = p + d, v = q - m² (y³ = y). Mean:
        third moments are not kept, so that of a log-normal with zeros and the same k = n·Σy²/(Σy)²:
        (k²e^s - 3k + 2)/(k - 1)^1.5, s = min(1, log k): buyers' amounts are taken to spread no wider than σ = 1.
    Unit: none. Range: any. Needs: some spread; a mean of non-negative values.
    Fails when: a few amounts are far beyond a log-normal's (a wholesaler among consumers): cap the metric first.
    Source: moments of the log-normal and of mixtures with 0 (Aitchison & Brown, The Lognormal Distribution, 1957).
    """
    m, q = moments.sum_y / moments.n, moments.sum_yy / moments.n
    variance = q - m * m
    if variance <= 1e-12 * q:
        return 0.0
    if kind == "mean":
        k = _uneven(moments)
        if math.isinf(k):
            return math.inf
        return (k * k * min(math.e, k) - 3.0 * k + 2.0) / ((k - 1.0) * math.sqrt(k - 1.0))
    third = m - 3.0 * m * q + 2.0 * m * m * m  # y³ = y for 0, 1 and -1
    return third / (variance * math.sqrt(variance))


def welch_holds(*, n_control: int, n_treated: int, skewness: float) -> bool:
    """Whether the smaller arm is large enough for Welch's t to keep its level.

    Formula: n ≥ 36·γ²·(1 - r)²/(1 + r), r = smaller/larger arm: the squared skewness of the difference of means is
        γ²(1 - r)²/((1 + r)·n). Needs: n ≥ 1 in both. Fails when: γ is guessed far too low.
    Source: Cochran, Sampling Techniques (3rd ed. 1977), 2.15 (n > 25γ²), for two arms as in Kohavi, Deng, Longbotham &
        Xu, KDD 2014, rule 7.
    """
    return min(n_control, n_treated) >= welch_needs(n_control=n_control, n_treated=n_treated, skewness=skewness)


def welch_needs(*, n_control: int, n_treated: int, skewness: float) -> float:
    """The units in the smaller arm from which Welch's t keeps its level (see ``welch_holds``)."""
    ratio = min(n_control, n_treated) / max(n_control, n_treated)
    lopsided = (1.0 - ratio) ** 2 / (1.0 + ratio)
    return 0.0 if lopsided == 0.0 else _WELCH_NEEDS * skewness * skewness * lopsided


def too_few_count(*, both: Moments, fewest: int, skewness: float | None) -> NotEnough | None:
    """Why there is no verdict on a mean: the smaller arm holds fewer than ten units that count.

    Formula: fewest·(Σy)²/(n·Σy²) ≥ 10: of n customers with yen, so many carry the sum (all of them when all are equal,
        the buyers when buyers are equal). With a known ``skewness`` γ instead of the guess: fewest ≥ 10·(1 + γ²/8).
    """
    weight = 1.0 + skewness * skewness / 8.0 if skewness is not None else _uneven(both)
    if fewest >= _ARM_NEEDS * weight:
        return None
    need = math.ceil(_ARM_NEEDS * weight) if math.isfinite(weight) else fewest + 1
    return NotEnough(reason="no_data" if fewest == 0 else "too_few", have=fewest, need=max(need, fewest + 1))


def _uneven(moments: Moments) -> float:
    """k = n·Σy²/(Σy)², one plus the squared coefficient of variation; 1 when all are equal."""
    if moments.sum_yy == 0.0:
        return 1.0
    if moments.sum_y == 0.0:
        return math.inf
    return max(1.0, moments.n * moments.sum_yy / (moments.sum_y * moments.sum_y))
