"""Whether two groups that nobody drew by lot are alike in what was known before, and how many people that costs."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from kizuna.stats.estimate import Moments, NotEnough
from kizuna.stats.moments import spread

ALIKE = 0.1
"""Standardised differences up to this are taken for balance (Stuart 2010; Austin 2009)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """One thing known before: treated minus control in standard deviations, as they are and after weighting."""

    before: float
    after: float

    @property
    def alike(self) -> bool:
        """Whether the weighted groups are alike in it."""
        return abs(self.after) <= ALIKE


def balance(*, strata: Sequence[tuple[Moments, Moments]]) -> Balance | NotEnough:
    """How alike the groups are in one thing; ``strata`` are (control, treated) moments of it, stratum by stratum.

    Formula: (x̄_t - x̄_c) / √((s_t² + s_c²)/2), the s those of everybody before weighting in both cases, so that
        weighting cannot look good by stretching the measure. After weighting over the strata that have two people on
        both sides: Σ w_s(x̄_t,s - x̄_c,s), w_s = n_t,s/Σn_t, as in ``quasi.weighted_difference``.
    Unit: standard deviations. Range: any. Needs: two people on each side in one stratum.
    Fails when: it is taken for proof: nothing can be said of what was not measured. A thing that is the same for
        everybody is balanced (0).
    Source: Austin, Statistics in Medicine 28 (2009) 3083-3107; Stuart, Statistical Science 25 (2010) 1-21.
    """
    usable = [(c, t) for c, t in strata if min(c.n, t.n) >= 2]
    if not usable:
        return NotEnough(reason="no_overlap", have=0, need=1)
    control, treated = _together([c for c, _ in strata]), _together([t for _, t in strata])
    deviation = math.sqrt((_variance(control) + _variance(treated)) / 2.0)
    compared = sum(t.n for _, t in usable)
    weighted = math.fsum(t.n / compared * (t.sum_y / t.n - c.sum_y / c.n) for c, t in usable)
    plain = treated.sum_y / treated.n - control.sum_y / control.n
    if deviation == 0.0:
        return Balance(before=0.0, after=0.0)
    return Balance(before=plain / deviation, after=weighted / deviation)


def effective_people(*, strata: Sequence[tuple[int, int]]) -> float:
    """How many unweighted people the weighted control group is worth; ``strata`` are (control, treated) counts.

    Formula: (Σw)²/Σw² over the control people, each of stratum s with w = n_t,s/(n_c,s·Σn_t): 1/Σ(w_s²/n_c,s).
    Unit: people. Range: above 0 to the number of control people in usable strata; 0 without any.
    Needs: two people on each side in one stratum, else 0. Fails when: outcomes spread very differently in the strata.
    Source: Kish, Survey Sampling (1965) 11.7.
    """
    usable = [(c, t) for c, t in strata if min(c, t) >= 2]
    compared = sum(t for _, t in usable)
    return 1.0 / math.fsum((t / compared) ** 2 / c for c, t in usable) if usable else 0.0


def _together(parts: Sequence[Moments]) -> Moments:
    total = Moments(n=0, sum_y=0.0, sum_yy=0.0)
    for part in parts:
        total = total + part
    return total


def _variance(moments: Moments) -> float:
    return spread(n=moments.n, total=moments.sum_y, total_of_squares=moments.sum_yy) / (moments.n - 1)
