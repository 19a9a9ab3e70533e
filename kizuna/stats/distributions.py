"""Quantiles and tails of the few distributions the intervals need.

The normal ones come from the standard library. ``scipy.special`` costs 0.2 s to import, so it is loaded
here (and in ``brownian``, with numpy) on the first call that needs it; ``scipy.stats`` is never imported.
"""

import math
from functools import lru_cache
from statistics import NormalDist

_STANDARD = NormalDist()


@lru_cache(maxsize=256)
def z_of(*, level: float) -> float:
    """The standard normal quantile that leaves ``(1 - level) / 2`` in each tail: 1.959964 for 0.95."""
    if not 0.0 < level < 1.0:
        raise ValueError(f"a confidence level lies between 0 and 1, not {level}")
    return _STANDARD.inv_cdf(0.5 + level / 2)


@lru_cache(maxsize=256)
def z_upper(*, probability: float) -> float:
    """The standard normal quantile with ``probability`` below it."""
    return _STANDARD.inv_cdf(probability)


def two_sided_p(*, z: float) -> float:
    """P(|Z| ≥ |z|) for a standard normal Z; exact also far in the tail, where 1 - Φ would round to 0."""
    return math.erfc(abs(z) / math.sqrt(2.0))


def z_of_p(*, p: float) -> float:
    """The z ≥ 0 whose two-sided p value is ``p``: the inverse of ``two_sided_p``; infinite for a p of 0."""
    if not 0.0 <= p <= 1.0:
        raise ValueError(f"a p value lies between 0 and 1, not {p}")
    return math.inf if p == 0.0 else abs(_STANDARD.inv_cdf(p / 2.0))


@lru_cache(maxsize=4096)
def t_of(*, level: float, degrees: float) -> float:
    """Student's t quantile that leaves ``(1 - level) / 2`` in each tail, for any real degrees of freedom > 0."""
    if not 0.0 < level < 1.0:
        raise ValueError(f"a confidence level lies between 0 and 1, not {level}")
    from scipy import special  # noqa: PLC0415 - the one lazy door, see the module's docstring

    return float(special.stdtrit(degrees, 0.5 + level / 2))


def two_sided_t_p(*, t: float, degrees: float) -> float:
    """P(|T| ≥ |t|) for Student's t, through the incomplete beta function (no cancellation in the tail)."""
    from scipy import special  # noqa: PLC0415

    return float(special.betainc(degrees / 2.0, 0.5, degrees / (degrees + t * t)))


def gamma_quantile(*, shape: float, probability: float) -> float:
    """The quantile of a gamma distribution with unit scale (a χ² quantile with 2·shape degrees, halved)."""
    from scipy import special  # noqa: PLC0415

    return float(special.gammaincinv(shape, probability))


def chi_square_above(*, value: float, degrees: float) -> float:
    """P(X > value) for a χ² with the given degrees of freedom."""
    from scipy import special  # noqa: PLC0415

    return float(special.gammaincc(degrees / 2.0, value / 2.0))


def f_above(*, value: float, degrees: tuple[float, float]) -> float:
    """P(X > value) for an F with the given degrees of the numerator and the denominator."""
    from scipy import special  # noqa: PLC0415

    above, below = degrees
    return float(special.betainc(below / 2.0, above / 2.0, below / (below + above * value)))


def binomial_cdf(*, k: int, n: int, share: float) -> float:
    """P(X ≤ k) for X ~ Binomial(n, share)."""
    if k < 0:
        return 0.0
    from scipy import special  # noqa: PLC0415

    return 1.0 if k >= n else float(special.betaincc(k + 1.0, float(n - k), share))


def noncentral_t_above(*, t: float, degrees: float, shift: float) -> float:
    """P(T > t) for a noncentral t with the given degrees of freedom and noncentrality."""
    from scipy import special  # noqa: PLC0415

    return 1.0 - float(special.nctdtr(degrees, shift, t))
