"""Effects where nobody drew lots: stores before and after, and groups made alike by weighting.

These stand one grade below a trial, whatever their p value: what differed between the groups and was not measured is in
the effect. Whoever shows them says so.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from random import Random

from kizuna.stats.arms import Effect, effect_of_difference
from kizuna.stats.compare import student, variance_of_mean, welch
from kizuna.stats.estimate import Interval, Moments, NotEnough
from kizuna.stats.moments import spread
from kizuna.stats.skew import Kind

_LEAST_OVERLAP = 0.8  # of the treated people must have somebody to be compared with
_ALL_CHOICES = 20_000  # up to so many choices of stores each is looked at, beyond that a sample of them
_SAMPLED_CHOICES = 9_999


@dataclass(frozen=True, slots=True, kw_only=True)
class StorePeriods:
    """One store's moments of the metric before the start and after it."""

    before: Moments
    after: Moments


@dataclass(frozen=True, slots=True, kw_only=True)
class Placebo:
    """How many of the ``choices`` of stores that might have been treated differ from the rest as much as the real one,
    the real one among them. ``exact`` when every choice was looked at. ``p`` cannot fall below 1 / ``choices``.
    """

    p: float
    as_large: int
    choices: int
    exact: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StratumMoments:
    """The people of one stratum (one segment, spend class and store, say), without and with the practice."""

    name: str
    control: Moments
    treated: Moments


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightedEffect:
    """An effect over strata; ``overlap_share`` of the treated people had somebody to be compared with."""

    effect: Effect
    overlap_share: float
    dropped: tuple[str, ...]


def difference_in_differences(
    *, control: Sequence[StorePeriods], treated: Sequence[StorePeriods], kind: Kind = "mean", level: float = 0.95
) -> Effect | NotEnough:
    """How much more the treated stores changed than the others: the store is the unit, however many people it has.

    Formula: d = ȳ_after - ȳ_before of each store; Welch's t of the d's with five stores or more on both sides, else
        one spread for all and t(G - 2), which also serves one single treated store. NPS in points.
    Unit: the metric's. Range: any. Needs: one store on each side, four together; n_control and n_treated of the result
        are stores. Fails when: the sides were already drifting apart (``pre_trend``); one treated store had its own
        event; customers walk from control to treated stores.
    Source: Donald & Lang, Review of Economics and Statistics 89 (2007) 221-233; Bertrand, Duflo & Mullainathan,
        Quarterly Journal of Economics 119 (2004) 249-275 (why not the people).
    """
    scale = 100.0 if kind == "nps" else 1.0
    sides = [_changes(stores, scale) for stores in (control, treated)]
    return _compare_stores(sides[0], sides[1], level=level, method="difference_in_differences")


def placebo_stores(
    *, control: Sequence[StorePeriods], treated: Sequence[StorePeriods], kind: Kind = "mean", seed: int
) -> Placebo | NotEnough:
    """Had other stores been named the treated ones, how often would they differ from the rest as much?

    Formula: p = #{choices of as many stores with |mean change of them - mean change of the rest| ≥ that of the treated}
        / #choices; all choices up to 20,000, else 9,999 drawn with ``seed`` and the real one.
    Unit: probability. Range: 1/#choices…1. Needs: one store on each side, four together.
    Fails when: it is expected to be small: one treated store of five never comes below .2, whatever happened. It asks
        for no bell curve, so it stands beside the t of ``difference_in_differences`` and does not replace it.
    Source: Fisher, The Design of Experiments (1935) §21; Conley & Taber, Review of Economics and Statistics 93 (2011)
        113-125; Phipson & Smyth, Statistical Applications in Genetics and Molecular Biology 9 (2010) art. 39 (the
        real choice counts).
    """
    scale = 100.0 if kind == "nps" else 1.0
    rest, named = _changes(control, scale), _changes(treated, scale)
    if min(len(rest), len(named)) == 0:
        return NotEnough(reason="no_data", have=0, need=1)
    if len(rest) + len(named) < 4:
        return NotEnough(reason="too_few_stores", have=len(rest) + len(named), need=4)
    changes, count = [*named, *rest], len(named)
    everything, real = math.fsum(changes), _apart(math.fsum(named), count, math.fsum(changes), len(changes))
    exact = math.comb(len(changes), count) <= _ALL_CHOICES
    as_large = choices = 0 if exact else 1
    for chosen in combinations(changes, count) if exact else _drawn(changes, count, seed):
        choices += 1
        # The same stores added up in another order must not fall short of themselves.
        as_large += _apart(math.fsum(chosen), count, everything, len(changes)) >= real * (1.0 - 1e-9) - 1e-12
    return Placebo(p=as_large / choices, as_large=as_large, choices=choices, exact=exact)


def average_of_stores(*, stores: Sequence[Interval]) -> Interval:
    """The plain average of some stores, each counted once, with how sure it is of these very stores.

    Formula: v̄ - √Σ(v_i - l_i)²/G … v̄ + √Σ(h_i - v_i)²/G (variance estimates recovered from each store's own interval).
    Unit: the stores'. Range: theirs. Needs: one store. Fails when: it is read as an interval for other stores.
    Source: Zou & Donner, Statistics in Medicine 27 (2008) 1693-1702.
    """
    count, value = len(stores), math.fsum(one.value for one in stores) / len(stores)
    return Interval(
        value=value,
        low=value - math.sqrt(math.fsum((one.value - one.low) ** 2 for one in stores)) / count,
        high=value + math.sqrt(math.fsum((one.high - one.value) ** 2 for one in stores)) / count,
        level=stores[0].level,
        n=sum(one.n for one in stores),
        method="average_of_stores",
    )


def pre_trend(
    *, control: Sequence[Sequence[float]], treated: Sequence[Sequence[float]], level: float = 0.95
) -> Effect | NotEnough:
    """Whether the stores were drifting apart before the start: the difference of their slopes per period.

    Formula: least-squares slope of each store's means over the periods before the start (oldest first, none missing),
        compared as in ``difference_in_differences``.
    Unit: the metric's per period. Range: any. Needs: three periods; four stores. Fails when: its p > .05 is taken for
        proof of parallel trends: with few stores hardly any drift is ever seen. Show the interval beside the effect.
    Source: Roth, American Economic Review: Insights 4 (2022) 305-322.
    """
    lengths = {len(means) for means in (*control, *treated)}
    if len(lengths) > 1:
        raise ValueError("every store needs the same periods")
    periods = lengths.pop() if lengths else 0
    if periods < 3:
        return NotEnough(reason="too_few_periods", have=periods, need=3)
    return _compare_stores(
        [_slope(means) for means in control], [_slope(means) for means in treated], level=level, method="pre_trend"
    )


def weighted_difference(
    *, strata: Sequence[StratumMoments], kind: Kind = "mean", level: float = 0.95
) -> WeightedEffect | NotEnough:
    """Treated minus control among people who are alike in all that was measured, weighted to the treated people.

    Formula: Δ = Σ w_s(ȳ_t,s - ȳ_c,s), w_s = n_t,s/Σn_t over strata with two people or more on both sides;
        variance Σ w_s²(s²_t,s/n_t,s + s²_c,s/n_c,s), degrees by Satterthwaite over all cells. NPS in points.
    Unit: the metric's. Range: any. Needs: at least 80 % of the treated in strata with somebody to compare with
        (else ``no_overlap``), some spread.
    Fails when: what decides who gets the practice is not among the strata. That cannot be seen in the data.
    Source: Rosenbaum & Rubin, JASA 79 (1984) 516-524 (subclassification); Imbens, Review of Economics and Statistics
        86 (2004) 4-29 (the effect on the treated).
    """
    everybody = sum(stratum.treated.n for stratum in strata)
    if everybody == 0 or sum(stratum.control.n for stratum in strata) == 0:
        return NotEnough(reason="no_data", have=0, need=1)
    usable = [stratum for stratum in strata if min(stratum.control.n, stratum.treated.n) >= 2]
    compared = sum(stratum.treated.n for stratum in usable)
    if compared < _LEAST_OVERLAP * everybody:
        return NotEnough(reason="no_overlap", have=compared, need=math.ceil(_LEAST_OVERLAP * everybody))
    scale = 100.0 if kind == "nps" else 1.0
    value, cells = 0.0, []
    for stratum in usable:
        weight = scale * stratum.treated.n / compared
        value += weight * (stratum.treated.sum_y / stratum.treated.n - stratum.control.sum_y / stratum.control.n)
        cells += [
            (weight * weight * variance_of_mean(moments=arm), arm.n) for arm in (stratum.treated, stratum.control)
        ]
    variance = sum(v for v, _ in cells)
    people = compared + sum(stratum.control.n for stratum in usable)
    if variance == 0.0:
        return NotEnough(reason="no_variation", have=people, need=people + 1)
    degrees = 1.0 / sum((v / variance) ** 2 / (n - 1) for v, n in cells)
    found = student(
        value=value, error=math.sqrt(variance), degrees=degrees, level=level, method="weighted_to_the_treated"
    )
    effect = effect_of_difference(found=found, n_control=people - compared, n_treated=compared)
    dropped = tuple(s.name for s in strata if s.treated.n > 0 and min(s.control.n, s.treated.n) < 2)
    return WeightedEffect(effect=effect, overlap_share=compared / everybody, dropped=dropped)


def _changes(stores: Sequence[StorePeriods], scale: float) -> list[float]:
    """The change of each store that was measured in both periods."""
    return [
        scale * (store.after.sum_y / store.after.n - store.before.sum_y / store.before.n)
        for store in stores
        if min(store.before.n, store.after.n) > 0
    ]


def _compare_stores(
    control: Sequence[float], treated: Sequence[float], *, level: float, method: str
) -> Effect | NotEnough:
    n_c, n_t = len(control), len(treated)
    if min(n_c, n_t) == 0:
        return NotEnough(reason="no_data", have=0, need=1)
    if n_c + n_t < 4:
        return NotEnough(reason="too_few_stores", have=n_c + n_t, need=4)
    around_c, around_t = _around(control), _around(treated)
    if around_c + around_t == 0.0:
        return NotEnough(reason="no_variation", have=n_c + n_t, need=n_c + n_t + 1)
    value = math.fsum(treated) / n_t - math.fsum(control) / n_c
    if min(n_c, n_t) >= 5:
        v_c, v_t = around_c / (n_c * (n_c - 1)), around_t / (n_t * (n_t - 1))
        found = welch(value=value, sides=((v_c, n_c), (v_t, n_t)), level=level, method=f"{method}_welch")
        return effect_of_difference(found=found, n_control=n_c, n_treated=n_t)
    degrees = n_c + n_t - 2.0
    error = math.sqrt((around_c + around_t) / degrees * (1.0 / n_c + 1.0 / n_t))
    found = student(value=value, error=error, degrees=degrees, level=level, method=f"{method}_pooled_t")
    return effect_of_difference(found=found, n_control=n_c, n_treated=n_t)


def _apart(total: float, count: int, everything: float, stores: int) -> float:
    """How far the mean of some stores lies from the mean of the rest."""
    return abs(total / count - (everything - total) / (stores - count))


def _drawn(changes: Sequence[float], count: int, seed: int) -> Iterator[Sequence[float]]:
    dice = Random(seed)  # noqa: S311  repeatable draws, no secrets
    for _ in range(_SAMPLED_CHOICES):
        yield dice.sample(changes, count)


def _around(values: Sequence[float]) -> float:
    return spread(n=len(values), total=math.fsum(values), total_of_squares=math.fsum(v * v for v in values))


def _slope(means: Sequence[float]) -> float:
    middle = (len(means) - 1) / 2.0
    across = math.fsum((period - middle) * mean for period, mean in enumerate(means))
    return across / math.fsum((period - middle) ** 2 for period in range(len(means)))
