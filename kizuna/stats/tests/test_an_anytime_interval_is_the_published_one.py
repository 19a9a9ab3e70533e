import math

import pytest

from kizuna.stats.arms import Effect, effect_mean
from kizuna.stats.sequential import confidence_sequence
from kizuna.stats.tests.cast import moments_of


def effect(n: int, shift: float = 0.4) -> Effect:
    control, treated = [float(i % 7) for i in range(n)], [i % 7 + shift for i in range(n)]
    found = effect_mean(control=moments_of(control), treated=moments_of(treated))
    assert isinstance(found, Effect)
    return found


def published_margin(t: int, rho2: float, alpha: float) -> float:
    """The margin for observations of variance 1, as in the authors' own R package (std_conjmix_margin)."""
    return math.sqrt(2 * (t * rho2 + 1) * math.log(math.sqrt(t * rho2 + 1) / alpha) / (t**2 * rho2))


def best_rho2(t: int, alpha: float) -> float:
    """By trying: the ρ² whose margin at t is the narrowest."""
    tried = [step / 1_000 / t for step in range(1_000, 30_000)]
    return min(tried, key=lambda rho2: published_margin(t, rho2, alpha))


@pytest.mark.parametrize("alpha", [0.05, 0.01])
@pytest.mark.parametrize("n", [70, 700, 7_000])
def test_its_radius(n: int, alpha: float) -> None:
    one = effect(n)
    found = confidence_sequence(effect=one, tuned_for_n=1_400, alpha=alpha)
    # the difference is the mean of 2n observations with variance 2n·se²
    margin = published_margin(2 * n, best_rho2(1_400, alpha), alpha) * one.se * math.sqrt(2 * n)
    assert found.high - found.value == pytest.approx(margin, rel=1e-4)
    assert found.value - found.low == pytest.approx(margin, rel=1e-4)


def test_it_is_wider_than_an_interval_for_one_look() -> None:
    one = effect(700)
    found = confidence_sequence(effect=one, tuned_for_n=1_400)
    assert 1.4 < (found.high - found.low) / (one.high - one.low) < 1.6


@pytest.mark.parametrize("shift", [0.0, 0.2, 0.3, 0.4, 0.6, 2.0])
def test_p_and_interval_are_one_statement(shift: float) -> None:
    found = confidence_sequence(effect=effect(700, shift), tuned_for_n=1_400)
    assert found.rejected == (found.p < 0.05) == (found.low > 0.0 or found.high < 0.0)
    assert 0.0 <= found.p <= 1.0
    if 0.0 < found.p < 1.0:
        assert confidence_sequence(effect=effect(700, shift), tuned_for_n=1_400, alpha=0.05).p == found.p


def test_an_impossible_plan_is_refused() -> None:
    with pytest.raises(ValueError, match="sample size"):
        confidence_sequence(effect=effect(70), tuned_for_n=0)
