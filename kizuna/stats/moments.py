"""Intervals from moments: everything a metric shows is computed from n, Σy, Σy² (and Σx, Σx², Σxy) of a group.

Moments are additive, so a roll-up over groups is exact; the price is that a variance is a difference of large sums.
A spread that is within rounding of 0 is therefore treated as 0 (``spread``), and a sample without any spread gives
no interval unless the metric's bounds are known: five equal answers do not prove that the sixth will be equal.
"""

import math
from typing import Literal

from kizuna.stats.distributions import gamma_quantile, t_of, z_of
from kizuna.stats.estimate import Interval, Moments, NotEnough
from kizuna.stats.scores import nps_tango, share_wilson

_ROUNDING = 1e-12  # Σy² of a million doubles is good to about 1e-13 of itself


def mean(*, moments: Moments, level: float = 0.95, bounds: tuple[float, float] | None = None) -> Interval | NotEnough:
    """The mean of y with Student's t interval.

    Formula: ȳ ± t(n-1)·s/√n, s² = (Σy² - (Σy)²/n)/(n - 1); ``bounds`` cut the limits to the metric's range.
        Without any spread and with ``bounds`` (lo, hi): [ȳ - u(ȳ - lo), ȳ + u(hi - ȳ)], u = 1 - (1 - level)^(1/n),
        the exact upper limit of the share of units that could differ from the n equal ones.
    Unit: the metric's. Range: the metric's. Needs: n ≥ 2, and some spread or ``bounds``.
    Fails when: values are very skewed and few (yen of 10 orders): coverage falls below ``level``.
    Source: Student, Biometrika 6 (1908) 1-25; the case of no spread: Clopper & Pearson, Biometrika 26 (1934) 404-413.
    """
    n = moments.n
    if n < 2:
        return _few(n)
    value = moments.sum_y / n
    variance = spread(n=n, total=moments.sum_y, total_of_squares=moments.sum_yy) / (n - 1)
    if variance == 0.0:
        return _all_equal(value=value, n=n, effective=n, level=level, bounds=bounds)
    half = t_of(level=level, degrees=n - 1) * math.sqrt(variance / n)
    low, high = _cut(value - half, value + half, bounds)
    return Interval(value=value, low=low, high=high, level=level, n=n, method="t")


def ratio(
    *,
    moments: Moments,
    level: float = 0.95,
    bounds: tuple[float, float] | None = None,
    method: Literal["fieller", "delta"] = "fieller",
) -> Interval | NotEnough:
    """Σy/Σx over units that each have a y and an x (yen and orders of a customer, days and gaps of a customer).

    Formula: Fieller: the θ with |ȳ - θx̄| ≤ t(n-1)·√((s_yy - 2θ·s_xy + θ²·s_xx)/n), the roots of a quadratic.
        Delta: R ± t(n-1)·√((s_yy - 2R·s_xy + R²·s_xx)/n)/|x̄|.
    Unit: y's per x's. Range: any, or ``bounds``. Needs: n ≥ 2, Σx ≠ 0, and x̄ more than t standard errors from 0.
    Fails when: x̄ is not clearly different from 0: Fieller's set is then unbounded and ``NotEnough`` says
        ``denominator_near_zero`` with the n that the present spread would need.
    Source: E. C. Fieller, JRSS B 16 (1954) 175-185; V. H. Franz, arXiv 0710.2024; Cochran, Sampling Techniques, 6.3.
    """
    n = moments.n
    if n < 2:
        return _few(n)
    if moments.sum_x == 0.0:
        return NotEnough(reason="denominator_near_zero", have=n, need=n + 1)
    value = moments.sum_y / moments.sum_x
    centre_x, var_y, var_x, covariance = _spreads_of_means(moments)
    residual = var_y - 2.0 * value * covariance + value * value * var_x
    if residual <= _ROUNDING * (moments.sum_yy + value * value * moments.sum_xx) / (n * (n - 1)):
        effective = moments.sum_x**2 / moments.sum_xx
        return _all_equal(value=value, n=n, effective=effective, level=level, bounds=bounds)
    t = t_of(level=level, degrees=n - 1)
    doubt = t * t * var_x / (centre_x * centre_x)
    if method == "delta":
        half = t * math.sqrt(residual) / abs(centre_x)
        low, high = value - half, value + half
    elif doubt >= 1.0:
        return NotEnough(reason="denominator_near_zero", have=n, need=max(n + 1, math.ceil(n * doubt)))
    else:
        low, high = _fieller(value=value, centre_x=centre_x, t=t, spreads=(var_y, var_x, covariance))
    low, high = _cut(low, high, bounds)
    return Interval(value=value, low=min(low, value), high=max(high, value), level=level, n=n, method=method)


def total(*, moments: Moments, level: float = 0.95, nonnegative: bool = True) -> Interval | NotEnough:
    """Σy over a random number of units: what a period like this one brings, as a compound Poisson total.

    Formula: the variance of Σy is Σy². With ``nonnegative`` y the gamma limits that match both moments:
        low = (V/T)·G(T²/V; α/2), high = (V'/T')·G(T'²/V'; 1 - α/2), T = Σy, V = Σy², T' = T + ȳ, V' = V + mean of y²,
        G the gamma quantile; for y = 1 it is the exact Poisson interval. Else Σy ± z·√Σy².
    Unit: y's. Range: ≥ 0 when ``nonnegative``. Needs: n ≥ 1 and a y that is not 0.
    Fails when: arrivals are not independent (a campaign day, one customer ordering ten times), or few huge units.
    Source: F. Garwood, Biometrika 28 (1936) 437-442; Fay & Feuer, Statistics in Medicine 16 (1997) 791-801, with the
        mean unit as in Tiwari, Clegg & Zou, Statistical Methods in Medical Research 15 (2006) 547-569.
    """
    n, value, variance = moments.n, moments.sum_y, moments.sum_yy
    if n == 0:
        return NotEnough(reason="no_data", have=0, need=1)
    if variance == 0.0:
        return NotEnough(reason="no_variation", have=n, need=n + 1)
    if not nonnegative:
        half = z_of(level=level) * math.sqrt(variance)
        return Interval(value=value, low=value - half, high=value + half, level=level, n=n, method="compound_poisson")
    if value <= 0.0:
        raise ValueError("a total of non-negative values cannot be negative; say nonnegative=False")
    low, high = gamma_limits(n=n, total=value, variance=variance, level=level)
    return Interval(value=value, low=low, high=high, level=level, n=n, method="compound_poisson_gamma")


def count(*, n: int, level: float = 0.95) -> Interval:
    """A number of events as a Poisson count, with the exact interval; 0 events is a count like any other.

    Formula: [G(n; α/2), G(n + 1; 1 - α/2)], G the gamma quantile. Unit: events. Range: ≥ 0. Needs: n ≥ 0.
    Fails when: events come in bursts (variance above the mean). Source: Garwood 1936.
    """
    if n < 0:
        raise ValueError(f"a count cannot be negative: {n}")
    tail = (1.0 - level) / 2.0
    z_of(level=level)  # refuses an impossible level
    low = gamma_quantile(shape=n, probability=tail) if n else 0.0
    high = gamma_quantile(shape=n + 1, probability=1.0 - tail)
    return Interval(value=float(n), low=low, high=high, level=level, n=n, method="poisson_exact")


def nps(*, moments: Moments, level: float = 0.95) -> Interval | NotEnough:
    """The NPS from moments of y = +1, 0, -1 per respondent, with Tango's interval.

    Formula: P = (Σy² + Σy)/2, D = (Σy² - Σy)/2, then ``scores.nps_tango``. Unit: points. Range: -100…100.
    Needs: n ≥ 1. Fails when: y is not +1/0/-1 (``ValueError``). Source: see ``scores.nps_tango``.
    """
    promoters, passives, detractors = counts_of_nps(moments=moments)
    return nps_tango(promoters=promoters, passives=passives, detractors=detractors, level=level)


def share(*, moments: Moments, level: float = 0.95) -> Interval | NotEnough:
    """A share from moments of y = 0 or 1 per unit, with Wilson's interval.

    Formula: successes = Σy = Σy², then ``scores.share_wilson``. Unit: share. Range: 0…1. Needs: n ≥ 1.
    Fails when: y is not 0/1 (``ValueError``). Source: see ``scores.share_wilson``.
    """
    return share_wilson(successes=successes_of_share(moments=moments), n=moments.n, level=level)


def counts_of_nps(*, moments: Moments) -> tuple[int, int, int]:
    """Promoters, passives and detractors behind moments of y = +1, 0, -1."""
    answered, balance = _whole(moments.sum_yy), _whole(moments.sum_y)
    if (answered + balance) % 2 or not abs(balance) <= answered <= moments.n:
        raise ValueError(f"these are not moments of +1, 0 and -1: {moments}")
    return (answered + balance) // 2, moments.n - answered, (answered - balance) // 2


def successes_of_share(*, moments: Moments) -> int:
    """How many of the n units are 1, for moments of y = 0 or 1."""
    successes = _whole(moments.sum_y)
    if _whole(moments.sum_yy) != successes or not 0 <= successes <= moments.n:
        raise ValueError(f"these are not moments of 0 and 1: {moments}")
    return successes


def spread(*, n: int, total: float, total_of_squares: float) -> float:
    """Σ(y - ȳ)² = Σy² - (Σy)²/n; 0 when it is within rounding of 0, for n ≥ 1."""
    around = total_of_squares - total * total / n
    return 0.0 if around <= _ROUNDING * total_of_squares else around


def gamma_limits(*, n: int, total: float, variance: float, level: float) -> tuple[float, float]:
    """The gamma limits of ``total`` (there: T = Σy > 0, V = Σy², of n units)."""
    tail = (1.0 - level) / 2.0
    z_of(level=level)
    low = variance / total * gamma_quantile(shape=total * total / variance, probability=tail)
    wider, wider_variance = total + total / n, variance + variance / n
    high = wider_variance / wider * gamma_quantile(shape=wider * wider / wider_variance, probability=1.0 - tail)
    return low, high


def _spreads_of_means(moments: Moments) -> tuple[float, float, float, float]:
    """x̄, and the variances of ȳ and x̄ and their covariance."""
    n = moments.n
    scale = n * (n - 1)
    var_y = spread(n=n, total=moments.sum_y, total_of_squares=moments.sum_yy) / scale
    var_x = spread(n=n, total=moments.sum_x, total_of_squares=moments.sum_xx) / scale
    covariance = (moments.sum_xy - moments.sum_x * moments.sum_y / n) / scale
    if var_x == 0.0 or var_y == 0.0:
        covariance = 0.0
    return moments.sum_x / n, var_y, var_x, covariance


def _fieller(*, value: float, centre_x: float, t: float, spreads: tuple[float, float, float]) -> tuple[float, float]:
    """Both roots θ of (x̄² - t²v_xx)θ² - 2(x̄ȳ - t²v_xy)θ + (ȳ² - t²v_yy) = 0, whose leading term is positive here."""
    var_y, var_x, covariance = spreads
    squared = t * t / (centre_x * centre_x)  # everything is divided by x̄², which keeps yen² from swamping the roots
    lead = 1.0 - squared * var_x
    middle = value - squared * covariance
    under = middle * middle - lead * (value * value - squared * var_y)
    root = math.sqrt(max(0.0, under))
    return (middle - root) / lead, (middle + root) / lead


def _all_equal(
    *, value: float, n: int, effective: float, level: float, bounds: tuple[float, float] | None
) -> Interval | NotEnough:
    """No spread at all: an interval only where the metric's range says how far an unseen unit could lie."""
    if bounds is None:
        return NotEnough(reason="no_variation", have=n, need=n + 1)
    z_of(level=level)
    unseen = 1.0 - (1.0 - level) ** (1.0 / effective)
    lowest, highest = bounds
    low = min(value, value - unseen * (value - lowest))
    high = max(value, value + unseen * (highest - value))
    return Interval(value=value, low=low, high=high, level=level, n=n, method="all_equal")


def _few(n: int) -> NotEnough:
    return NotEnough(reason="no_data" if n == 0 else "too_few", have=n, need=2)


def _cut(low: float, high: float, bounds: tuple[float, float] | None) -> tuple[float, float]:
    return (low, high) if bounds is None else (max(low, bounds[0]), min(high, bounds[1]))


def _whole(value: float) -> int:
    nearest = round(value)
    if abs(value - nearest) > 1e-6:
        raise ValueError(f"a sum of whole values cannot be {value}")
    return nearest
