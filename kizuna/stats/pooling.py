"""One practice, tried several times: what it does on average, how much that varies, and what the next try may bring."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from kizuna.stats.distributions import chi_square_above, f_above, t_of, two_sided_p, two_sided_t_p, z_of
from kizuna.stats.estimate import NotEnough


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """One trial's effect and its standard error, in the same unit for all that are pooled."""

    value: float
    se: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Pooled:
    """The average effect with its interval; ``tau`` is the spread of true effects between the trials.

    ``i2_share`` is the part of the variation that is not chance, ``q_p`` the p value of "all trials share one effect".
    The prediction interval says where the next trial's true effect may lie; None for fewer than three trials.
    ``weights`` add to 1, in the order given: the squares of a forest plot.
    """

    value: float
    low: float
    high: float
    level: float
    p: float
    se: float
    tau: float
    i2_share: float
    q: float
    q_p: float
    prediction_low: float | None
    prediction_high: float | None
    weights: tuple[float, ...]
    studies: int
    method: str


def pool(
    *,
    studies: Sequence[Study],
    level: float = 0.95,
    interval: Literal["hartung_knapp", "normal"] = "hartung_knapp",
) -> Pooled | NotEnough:
    """The average effect of trials whose true effects may differ (random effects).

    Formula: τ² = max(0, (Q - (k - 1))/(Σw - Σw²/Σw)), w = 1/se², Q = Σw(y - ȳ_w)² (DerSimonian-Laird);
        μ = Σw*y/Σw*, w* = 1/(se² + τ²). "normal": μ ± z/√Σw*. "hartung_knapp": μ ± t(k - 1)·√(q/Σw*) with
        q = Σw*(y - μ)²/(k - 1), or the normal one where that is wider (trials that agree by luck prove no more);
        se is the error of the wider one. I² = max(0, (Q - (k - 1))/Q). Prediction: μ ± t(k - 2)·√(τ² + 1/Σw*).
    Unit: the effects'. Range: any. Needs: two trials; three for a prediction.
    Fails when: the trials were chosen for their results, or share their control people; "normal" with fewer than about
        ten trials whose effects differ (false alarms of 8-25 % instead of 5).
    Source: DerSimonian & Laird, Controlled Clinical Trials 7 (1986) 177-188; Hartung & Knapp, Statistics in Medicine 20
        (2001) 3875-3889; the wider of both: Jackson, Law, Rücker & Schwarzer, Statistics in Medicine 36 (2017)
        3923-3934; I²: Higgins & Thompson, Statistics in Medicine 21 (2002) 1539-1558; prediction: Higgins, Thompson &
        Spiegelhalter, JRSS A 172 (2009) 137-159.
    """
    k = len(studies)
    if any(not (study.se > 0.0 and math.isfinite(study.se)) for study in studies):
        raise ValueError("each trial needs a standard error above 0")
    if k < 2:
        return NotEnough(reason="no_data" if k == 0 else "too_few", have=k, need=2)
    q, tau2 = _between(studies)
    value, weights = _average(studies, tau2)
    se = 1.0 / math.sqrt(sum(weights))
    half, p = z_of(level=level) * se, two_sided_p(z=value / se)
    reach = t_of(level=level, degrees=k - 2.0) * math.sqrt(tau2 + se * se) if k >= 3 else None
    if interval == "hartung_knapp":
        apart = sum(w * (s.value - value) ** 2 for w, s in zip(weights, studies, strict=True)) / (k - 1)
        knapp = se * math.sqrt(apart)
        if t_of(level=level, degrees=k - 1.0) * knapp > half:
            se, half = knapp, t_of(level=level, degrees=k - 1.0) * knapp
        p = max(p, two_sided_t_p(t=value / knapp, degrees=k - 1.0) if knapp > 0.0 else 0.0)
    return Pooled(
        value=value,
        low=value - half,
        high=value + half,
        level=level,
        p=p,
        se=se,
        tau=math.sqrt(tau2),
        i2_share=max(0.0, (q - (k - 1)) / q) if q > 0.0 else 0.0,
        q=q,
        q_p=chi_square_above(value=q, degrees=k - 1.0),
        prediction_low=None if reach is None else value - reach,
        prediction_high=None if reach is None else value + reach,
        weights=tuple(weight / sum(weights) for weight in weights),
        studies=k,
        method=f"dersimonian_laird_{interval}",
    )


def interaction(*, studies: Sequence[Study], degrees: Sequence[float]) -> tuple[float, float]:
    """Cochran's Q and the p value of "all these effects are one", with errors that are themselves estimates.

    Formula: Q = Σw(y - ȳ_w)², w = 1/se²; F = Q/(k - 1)/(1 + 2(k - 2)·L/(k² - 1)), L = Σ(1 - w/Σw)²/ν, on k - 1 and
        (k² - 1)/(3L) degrees; ν the degrees of each error (infinite ones leave the χ² of Q on k - 1).
    Unit: none, probability. Range: Q ≥ 0. Needs: two independent effects. Fails when: the groups hold a handful each.
    Source: Cochran, Biometrics 10 (1954) 101-129; B. L. Welch, Biometrika 38 (1951) 330-336.
    """
    k = len(studies)
    if k < 2 or len(degrees) != k:
        raise ValueError("two effects or more can differ, each with its degrees")
    q, _ = _between(studies)
    weights = [1.0 / study.se**2 for study in studies]
    total = sum(weights)
    doubt = sum((1.0 - w / total) ** 2 / nu for w, nu in zip(weights, degrees, strict=True))
    if doubt == 0.0:
        return q, chi_square_above(value=q, degrees=k - 1.0)
    f = q / (k - 1) / (1.0 + 2.0 * (k - 2) * doubt / (k * k - 1.0))
    return q, f_above(value=f, degrees=(k - 1.0, (k * k - 1.0) / (3.0 * doubt)))


def _between(studies: Sequence[Study]) -> tuple[float, float]:
    """Q and DerSimonian and Laird's τ²."""
    centre, weights = _average(studies, 0.0)
    q = sum(w * (s.value - centre) ** 2 for w, s in zip(weights, studies, strict=True))
    total = sum(weights)
    scale = total - sum(w * w for w in weights) / total
    return q, max(0.0, (q - (len(studies) - 1)) / scale)


def _average(studies: Sequence[Study], tau2: float) -> tuple[float, list[float]]:
    weights = [1.0 / (study.se**2 + tau2) for study in studies]
    return sum(w * s.value for w, s in zip(weights, studies, strict=True)) / sum(weights), weights
