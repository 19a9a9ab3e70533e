"""28 daily looks at trials in which nothing is done, and at one in which something is; seeds fixed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from kizuna.stats.arms import Effect, effect_mean, effect_nps, effect_share
from kizuna.stats.distributions import z_of_p
from kizuna.stats.estimate import Moments, NotEnough
from kizuna.stats.planning import looks_inflation, power_share
from kizuna.stats.sequential import confidence_sequence, obf_bounds

Floats = NDArray[np.float64]
Draw = Callable[[np.random.Generator, tuple[int, int]], Floats]
Estimator = Callable[..., Effect | NotEnough]
Record = Callable[[str, object], None]

DAYS = 28
BOUNDS = obf_bounds(fractions=[(day + 1) / DAYS for day in range(DAYS)])


@dataclass
class Outcome:
    """In how many of the trials each rule said "it works" or "it harms" on any of the days."""

    planned: float
    anytime: float
    peeking: float


def bought(share: float) -> Draw:
    return lambda chance, shape: (chance.random(shape) < share).astype(float)


def answered(chance: np.random.Generator, shape: tuple[int, int]) -> Floats:
    mood = chance.random(shape)
    return np.where(mood < 0.10, 1.0, np.where(mood < 0.48, -1.0, 0.0))


def spent(chance: np.random.Generator, shape: tuple[int, int]) -> Floats:
    return np.where(chance.random(shape) < 0.3, np.exp(chance.standard_normal(shape)), 0.0)


def growing(draw: Draw, chance: np.random.Generator, trials: int, per_day: int) -> Iterator[list[Moments]]:
    sums, squares = np.zeros(trials), np.zeros(trials)
    for day in range(DAYS):
        y = draw(chance, (trials, per_day))
        sums, squares = sums + y.sum(1), squares + (y * y).sum(1)
        n = per_day * (day + 1)
        yield [Moments(n=n, sum_y=a, sum_yy=b) for a, b in zip(sums.tolist(), squares.tolist(), strict=True)]


def watch(
    *, control: tuple[Draw, int], treated: tuple[Draw, int], estimate: Estimator, trials: int, seed: int = 20263
) -> Outcome:
    chance = np.random.default_rng(seed)
    people = (control[1] + treated[1]) * DAYS
    planned, anytime, peeking = (np.zeros(trials, dtype=bool) for _ in range(3))
    days = zip(growing(*args(control, chance, trials)), growing(*args(treated, chance, trials)), strict=True)
    for bound, (controls, treateds) in zip(BOUNDS, days, strict=True):
        for trial, (one, two) in enumerate(zip(controls, treateds, strict=True)):
            found = estimate(control=one, treated=two)
            if isinstance(found, NotEnough):
                continue
            z = z_of_p(p=found.p)
            planned[trial] |= z >= bound
            peeking[trial] |= z >= 1.959964
            anytime[trial] |= confidence_sequence(effect=found, tuned_for_n=people).rejected
    return Outcome(planned=float(planned.mean()), anytime=float(anytime.mean()), peeking=float(peeking.mean()))


def args(arm: tuple[Draw, int], chance: np.random.Generator, trials: int) -> tuple[Draw, np.random.Generator, int, int]:
    return arm[0], chance, trials, arm[1]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("draw", "estimate"),
    [(answered, effect_nps), (bought(0.05), effect_share), (spent, effect_mean)],
    ids=["nps", "share", "spend"],
)
@pytest.mark.parametrize(("held_out", "served"), [(20, 20), (10, 90)])
def test_where_nothing_is_done(
    draw: Draw, estimate: Estimator, held_out: int, served: int, record_testsuite_property: Record
) -> None:
    found = watch(control=(draw, held_out), treated=(draw, served), estimate=estimate, trials=10_000)
    record_testsuite_property(f"{estimate.__name__}, {held_out} and {served} a day", found)
    assert found.planned <= 0.05 + 3 * (0.05 * 0.95 / 10_000) ** 0.5
    assert found.anytime <= 0.05
    assert found.peeking > 0.15


def score(control: Floats, treated: Floats, n_c: int, n_t: int) -> Floats:
    """``effect_share``'s z of many trials at once; 0 where it gives no verdict."""
    n = n_c + n_t
    pooled = (control + treated) / n
    with np.errstate(divide="ignore", invalid="ignore"):
        error = np.sqrt(pooled * (1 - pooled) * (1 / n_c + 1 / n_t) * n / (n - 1))
        z: Floats = np.where(
            min(n_c, n_t) * np.minimum(pooled, 1 - pooled) >= 3 - 1e-9, (treated / n_t - control / n_c) / error, 0.0
        )
    return z


def test_the_z_of_many_trials_at_once_is_that_of_one() -> None:
    chance = np.random.default_rng(5)
    control, treated = (chance.binomial(n, 0.05, 200).astype(np.float64) for n in (100, 900))
    for one, two, z in zip(control.tolist(), treated.tolist(), score(control, treated, 100, 900), strict=True):
        found = effect_share(
            control=Moments(n=100, sum_y=one, sum_yy=one), treated=Moments(n=900, sum_y=two, sum_yy=two)
        )
        assert (z_of_p(p=found.p) if isinstance(found, Effect) else 0.0) == pytest.approx(abs(z), abs=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize("share", [0.02, 0.05, 0.1, 0.3])
@pytest.mark.parametrize(("held_out", "served"), [(20, 20), (10, 90), (4, 36), (100, 100)])
def test_of_a_hundred_thousand_trials_no_more_than_five_percent_cross(
    share: float, held_out: int, served: int, record_testsuite_property: Record
) -> None:
    chance, trials = np.random.default_rng(20268), 100_000
    control, treated, crossed = np.zeros(trials), np.zeros(trials), np.zeros(trials, dtype=bool)
    for day, bound in enumerate(BOUNDS, start=1):
        control += chance.binomial(held_out, share, trials)
        treated += chance.binomial(served, share, trials)
        crossed |= np.abs(score(control, treated, held_out * day, served * day)) >= bound
    record_testsuite_property(f"crossed, share {share}, {held_out} and {served} a day", float(crossed.mean()))
    assert crossed.mean() <= 0.05 + 3 * (0.05 * 0.95 / trials) ** 0.5


@pytest.mark.slow
def test_most_of_the_power_is_kept(record_testsuite_property: Record) -> None:
    a_day = round(power_share(control=0.10, treated=0.15).control / DAYS)
    found = watch(control=(bought(0.10), a_day), treated=(bought(0.15), a_day), estimate=effect_share, trials=10_000)
    record_testsuite_property("power", found)
    assert 0.75 <= found.planned <= 0.80
    assert found.anytime <= 0.55
    more = round(a_day * looks_inflation(looks=DAYS))
    again = watch(control=(bought(0.10), more), treated=(bought(0.15), more), estimate=effect_share, trials=10_000)
    assert again.planned >= 0.785


def test_a_few_hundred_trials_already_show_it() -> None:
    found = watch(control=(answered, 20), treated=(answered, 20), estimate=effect_nps, trials=300)
    assert found.planned <= 0.09
    assert found.anytime <= 0.05
    assert found.peeking >= 0.17
