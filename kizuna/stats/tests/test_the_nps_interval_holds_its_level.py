"""Coverage is computed exactly, over every possible sample of n answers, and again by simulation at a fixed seed."""

from functools import lru_cache

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import gammaln, xlogy

from kizuna.stats.scores import nps_tango, nps_wald
from kizuna.stats.tests.cast import interval

# promoters, detractors: what shops see, from loved to loathed, with some passives in each
USUAL = [(0.25, 0.4), (0.4, 0.3), (0.5, 0.17), (0.1, 0.6), (0.2, 0.2), (0.6, 0.1), (0.8, 0.05), (0.05, 0.8)]
# where a score interval is known to dip for some n: hardly any passives, hardly anything else, few possible values
HARD = [(0.5, 0.5), (0.33, 0.33), (0.9, 0.02), (0.95, 0.01), (0.05, 0.05), (0.02, 0.02)]

Floats = NDArray[np.float64]


@lru_cache(maxsize=4)
def every_sample(n: int) -> tuple[Floats, Floats, Floats, Floats]:
    samples = [(p, d) for p in range(n + 1) for d in range(n + 1 - p)]
    found = [interval(nps_tango(promoters=p, passives=n - p - d, detractors=d)) for p, d in samples]
    promoters, detractors = (np.array(column, dtype=float) for column in zip(*samples, strict=True))
    return promoters, detractors, np.array([f.low for f in found]), np.array([f.high for f in found])


def exact_coverage(n: int, p: float, d: float) -> float:
    promoters, detractors, low, high = every_sample(n)
    passives = n - promoters - detractors
    ways = gammaln(n + 1) - gammaln(promoters + 1) - gammaln(detractors + 1) - gammaln(passives + 1)
    chance = np.exp(ways + xlogy(promoters, p) + xlogy(detractors, d) + xlogy(passives, max(0.0, 1 - p - d)))
    truth = 100 * (p - d)
    return float(chance[(low <= truth + 1e-9) & (truth - 1e-9 <= high)].sum())


@pytest.mark.parametrize("n", [5, 7, 10, 15, 20, 30, 50, 100])
def test_for_usual_answers_it_is_at_least_94_4_percent(n: int) -> None:
    assert min(exact_coverage(n, p, d) for p, d in USUAL) >= 0.944


@pytest.mark.parametrize("n", [5, 7, 10, 15, 20, 30, 50, 100])
def test_for_hard_answers_it_never_falls_under_92_9_percent(n: int) -> None:
    assert min(exact_coverage(n, p, d) for p, d in HARD) >= 0.929


@pytest.mark.slow
@pytest.mark.parametrize("n", [200, 400])
def test_for_large_samples_too(n: int) -> None:
    assert min(exact_coverage(n, p, d) for p, d in USUAL) >= 0.944
    assert min(exact_coverage(n, p, d) for p, d in HARD) >= 0.94


@pytest.mark.slow
@pytest.mark.parametrize("n", [5, 20, 100, 400])
@pytest.mark.parametrize(("p", "d"), USUAL)
def test_by_simulation_of_20000_surveys(n: int, p: float, d: float) -> None:
    drawn = np.random.default_rng(19981).multinomial(n, [p, 1 - p - d, d], 20_000).tolist()
    held = 0
    for promoters, passives, detractors in drawn:
        found = interval(nps_tango(promoters=promoters, passives=passives, detractors=detractors))
        held += found.low <= 100 * (p - d) + 1e-9 <= found.high + 2e-9
    # 94.4 % less three standard errors of a 20,000-run simulation
    assert held / 20_000 >= 0.944 - 3 * (0.944 * 0.056 / 20_000) ** 0.5


def test_the_textbook_interval_does_not_hold_it_which_is_why_it_is_not_the_default() -> None:
    # nearly unanimous, n = 5: the Wald interval is a single point whenever all five agree
    drawn = np.random.default_rng(5).multinomial(5, [0.9, 0.05, 0.05], 2_000).tolist()
    held = 0
    for promoters, passives, detractors in drawn:
        found = interval(nps_wald(promoters=promoters, passives=passives, detractors=detractors))
        held += found.low <= 85 <= found.high
    assert held / 2_000 < 0.45
