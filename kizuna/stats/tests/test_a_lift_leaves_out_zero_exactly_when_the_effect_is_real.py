import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kizuna.stats.arms import Effect, Lift, effect_cuped, effect_mean, effect_ratio, effect_share, lift, lift_ratio
from kizuna.stats.estimate import Moments, NotEnough
from kizuna.stats.sequential import Look, group_sequential
from kizuna.stats.tests.cast import moments_of, nps_moments, share_moments

spend = st.lists(st.integers(0, 50), min_size=10, max_size=60)
shares = st.tuples(st.integers(0, 300), st.integers(0, 300)).filter(any)


def assert_agree(effect: Effect | NotEnough, found: Lift | NotEnough) -> None:
    if isinstance(effect, Effect) and isinstance(found, Lift):
        assert found.low <= found.value <= found.high
        if abs(effect.p - 0.05) > 1e-6:
            assert (found.low > 0.0 or found.high < 0.0) == (effect.p < 0.05)


@given(spend, spend)
@settings(max_examples=300)
def test_for_a_mean(one: list[float], two: list[float]) -> None:
    control, treated = moments_of(one), moments_of(two)
    assert_agree(effect_mean(control=control, treated=treated), lift(control=control, treated=treated))


@given(shares, shares)
@settings(max_examples=300)
def test_for_a_share(one: tuple[int, int], two: tuple[int, int]) -> None:
    control, treated = (share_moments(successes=a, n=a + b) for a, b in (one, two))
    found = lift(control=control, treated=treated, kind="share")
    assert_agree(effect_share(control=control, treated=treated), found)


def test_there_is_none_for_nps_nor_over_a_baseline_that_is_negative_or_near_zero() -> None:
    answers = nps_moments(detractors=40, passives=100, promoters=60)
    refused = lift(control=answers, treated=answers, kind="nps")
    assert isinstance(refused, NotEnough)
    assert refused.reason == "signed_scale"
    loss, gain = moments_of([-3.0, -2.0, -4.0] * 4), moments_of([1.0, 2.0, 4.0] * 4)
    refused = lift(control=loss, treated=gain, skewness=0.0)
    assert refused == NotEnough(reason="baseline_not_positive", have=12, need=13)
    near = lift(control=moments_of([-3.0, 2.0, 1.5] * 4), treated=gain, skewness=0.0)
    assert isinstance(near, NotEnough)
    assert near.reason == "baseline_near_zero"
    assert near.need > 12


def test_its_ends_are_fiellers() -> None:
    # DCSTATS: 14 ± 3 over 7 ± 2 at t = 1.812461 (10 degrees, 90 %) gives 1.051413 … 4.414296. Two arms of 5,001 with
    # these errors have the t of 8,710 degrees; at the level whose quantile is 1.812461 the ends must be those
    n = 5_001
    treated = Moments(n=n, sum_y=n * 14.0, sum_yy=n * 14.0**2 + (n - 1) * n * 9.0)
    control = Moments(n=n, sum_y=n * 7.0, sum_yy=n * 7.0**2 + (n - 1) * n * 4.0)
    found = lift(control=control, treated=treated, level=0.930084, skewness=0.0)
    assert isinstance(found, Lift)
    assert abs(found.value - 1.0) < 1e-12
    assert abs(found.low + 1.0 - 1.051413) < 1e-3
    assert abs(found.high + 1.0 - 4.414296) < 1e-2


@given(spend, spend, st.integers(0, 2**32 - 1))
@settings(max_examples=200)
def test_beside_an_adjusted_effect_and_at_a_look_too(one: list[float], two: list[float], seed: int) -> None:
    chance = random.Random(seed)
    control, treated = (moments_of(y, [v / 2 + chance.random() * 30 for v in y]) for y in (one, two))
    adjusted = effect_cuped(control=control, treated=treated)
    if isinstance(adjusted, NotEnough):
        return
    found = lift(control=control, treated=treated, absolute=adjusted.effect)
    assert_agree(adjusted.effect, found)
    look = group_sequential(
        effect=lambda level: effect_mean(control=control, treated=treated, level=level), fraction=0.5
    )
    assert isinstance(look, Look)
    found = lift(control=control, treated=treated, absolute=look)
    if isinstance(found, Lift):
        assert (found.low > 0.0 or found.high < 0.0) == look.crossed


@given(spend, spend, st.integers(0, 2**32 - 1))
@settings(max_examples=300)
def test_for_a_ratio(one: list[float], two: list[float], seed: int) -> None:
    chance = random.Random(seed)
    control, treated = (moments_of(y, [1.0 + chance.randrange(4) for _ in y]) for y in (one, two))
    found = effect_ratio(control=control, treated=treated)
    if isinstance(found, Effect):
        assert_agree(found, lift_ratio(control=control, treated=treated, absolute=found))


@given(spend, spend)
@settings(max_examples=200)
def test_a_ratio_to_one_each_is_the_mean(one: list[float], two: list[float]) -> None:
    control, treated = (moments_of(y, [1.0 for _ in y]) for y in (one, two))
    effect = effect_mean(control=control, treated=treated)
    if not isinstance(effect, Effect):
        return
    mean, ratio = (
        lift(control=control, treated=treated, absolute=effect),
        lift_ratio(control=control, treated=treated, absolute=effect),
    )
    if isinstance(mean, Lift) and isinstance(ratio, Lift):
        assert (ratio.value, ratio.low, ratio.high) == pytest.approx((mean.value, mean.low, mean.high), rel=1e-9)
    else:
        assert mean == ratio


def _orders(chance: np.random.Generator, *, times: float, customers: int) -> Moments:
    """Customers with one order or several, whose yen are alike; an order is worth 100 times ``times`` on average."""
    rows = 1.0 + chance.poisson(0.7, customers)
    y = 100.0 * times * rows * np.exp(0.5 * chance.standard_normal(customers) - 0.125)
    return moments_of(y.tolist(), rows.tolist())


@pytest.mark.slow
@pytest.mark.parametrize(("held_out", "served"), [(300, 300), (200, 1_800)])
def test_a_ratios_lift_covers_the_true_one(held_out: int, served: int) -> None:
    chance, held, runs = np.random.default_rng(20_261_122), 0, 10_000
    for _ in range(runs):
        control = _orders(chance, times=1.0, customers=held_out)
        treated = _orders(chance, times=1.1, customers=served)
        effect = effect_ratio(control=control, treated=treated)
        assert isinstance(effect, Effect)
        found = lift_ratio(control=control, treated=treated, absolute=effect)
        assert isinstance(found, Lift)
        held += found.low <= 0.1 <= found.high
    assert 0.943 <= held / runs <= 0.957
