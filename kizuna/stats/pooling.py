"""One practice, tried several times: what it does on average, how much that varies, and what the next try may bring."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from kizuna.stats.distributions import chi_square_above, t_of, two_sided_p, two_sided_t_p, z_of
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
        μ = Σw*y/Σw*, w* = 1/(se² + τ²). "normal": μ ± z/√Σw*. "hartung_knapp": μ ± t(k - 1)·√(max(1, q)/Σw*) with
        q = Σw*(y - μ)²/(k - 1), never narrower than the t without q. I² = max(0, (Q - (k - 1))/Q).
        Prediction: μ ± t(k - 2)·√(τ² + se_μ²).
    Unit: the effects'. Range: any. Needs: two trials; three for a prediction.
    Fails when: the trials were chosen for their results, or share their control people; "normal" with fewer than about
        ten trials (its 95 % are 88-93 %).
    Source: DerSimonian & Laird, Controlled Clinical Trials 7 (1986) 177-188; Hartung & Knapp, Statistics in Medicine 20
        (2001) 3875-3889, with the floor of Knapp & Hartung, Statistics in Medicine 22 (2003) 2693-2710; I²: Higgins &
        Thompson, Statistics in Medicine 21 (2002) 1539-1558; prediction: Higgins, Thompson & Spiegelhalter, JRSS A 172
        (2009) 137-159.
    """
    k = len(studies)
    if any(not (study.se > 0.0 and math.isfinite(study.se)) for study in studies):
        raise ValueError("each trial needs a standard error above 0")
    if k < 2:
        return NotEnough(reason="no_data" if k == 0 else "too_few", have=k, need=2)
    q, tau2 = _between(studies)
    value, weights = _average(studies, tau2)
    se = 1.0 / math.sqrt(sum(weights))
    if interval == "normal":
        half, p = z_of(level=level) * se, two_sided_p(z=value / se)
    else:
        apart = sum(w * (s.value - value) ** 2 for w, s in zip(weights, studies, strict=True)) / (k - 1)
        se *= math.sqrt(max(1.0, apart))
        half, p = t_of(level=level, degrees=k - 1.0) * se, two_sided_t_p(t=value / se, degrees=k - 1.0)
    reach = t_of(level=level, degrees=k - 2.0) * math.sqrt(tau2 + se * se) if k >= 3 else None
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


def cochran_q(*, studies: Sequence[Study]) -> tuple[float, float]:
    """Q = Σw(y - ȳ_w)² with w = 1/se², and its p value on k - 1 degrees: do the effects differ at all?

    Unit: none, probability. Needs: two effects that are independent. Fails when: few and small groups (se is guessed).
    Source: W. G. Cochran, Biometrics 10 (1954) 101-129.
    """
    if len(studies) < 2:
        raise ValueError("two effects or more can differ")
    q, _ = _between(studies)
    return q, chi_square_above(value=q, degrees=len(studies) - 1.0)


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
