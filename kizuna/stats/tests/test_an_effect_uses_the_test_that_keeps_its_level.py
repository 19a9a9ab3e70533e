import math

import numpy as np
import pytest

from kizuna.stats.arms import Effect, effect_mean, effect_nps, effect_ratio
from kizuna.stats.estimate import Moments, NotEnough
from kizuna.stats.skew import skewness_of, too_few_count, welch_needs
from kizuna.stats.tests.cast import moments_of, nps_moments, share_moments

# R's `sleep`
FEWER = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
MORE = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]


def effect(found: Effect | NotEnough) -> Effect:
    assert isinstance(found, Effect), found
    return found


def test_even_arms_are_welchs() -> None:
    # R: t.test(extra ~ group, sleep) → p = .07939, -3.3654832 … 0.2054832
    found = effect(effect_mean(control=moments_of(FEWER), treated=moments_of(MORE), skewness=0.0))
    assert found.method == "welch_mean"
    assert found.p == pytest.approx(0.07939, abs=5e-6)
    assert (found.low, found.high) == pytest.approx((-0.2054832, 3.3654832), abs=1e-6)
    assert found.degrees == pytest.approx(17.776, abs=1e-3)
    assert found.se == pytest.approx(found.value / 1.8608, rel=1e-4)


def test_a_small_lopsided_hold_out_is_judged_as_by_drawing_lots_again() -> None:
    chance = np.random.default_rng(12)
    yen = np.where(chance.random(600) < 0.6, np.exp(0.7 * chance.standard_normal(600)), 0.0)
    control, treated = yen[:60], yen[60:] * 1.5
    found = effect(effect_mean(control=moments_of(control.tolist()), treated=moments_of(treated.tolist())))
    assert found.method == "pooled_t_mean"
    everybody = np.concatenate([control, treated])
    lots = np.array([chance.permutation(everybody)[:60].mean() for _ in range(20_000)])
    apart = np.abs(lots - everybody.mean())
    exact = float(np.mean(apart >= abs(control.mean() - everybody.mean())))
    assert found.p == pytest.approx(exact, abs=0.02)
    assert 0.005 < exact < 0.2


def test_skewness_is_exact_where_the_moments_hold_it() -> None:
    for values, kind in (([1.0] * 3 + [0.0] * 17, "share"), ([1.0] * 3 + [0.0] * 9 + [-1.0] * 8, "nps")):
        y = np.array(values)
        expected = float(np.mean((y - y.mean()) ** 3) / np.var(y) ** 1.5)
        assert skewness_of(moments=moments_of(values), kind=kind) == pytest.approx(expected)  # type: ignore[arg-type]


def test_skewness_of_yen_is_taken_as_that_of_a_log_normal() -> None:
    # mean e^½, square e², n as one: σ = 1 has the skewness 6.1849
    yen = Moments(n=1_000_000, sum_y=1e6 * math.exp(0.5), sum_yy=1e6 * math.exp(2.0))
    assert skewness_of(moments=yen) == pytest.approx(6.1849, abs=1e-4)
    # a third of them buyers: E y³ = e^4.5/3
    mean, square, cube = math.exp(0.5) / 3, math.exp(2.0) / 3, math.exp(4.5) / 3
    variance = square - mean**2
    expected = (cube - 3 * mean * square + 2 * mean**3) / variance**1.5
    fewer = Moments(n=1_000_000, sum_y=1e6 * mean, sum_yy=1e6 * square)
    assert skewness_of(moments=fewer) == pytest.approx(expected)


def test_even_arms_need_nothing_for_their_skewness_and_uneven_ones_much() -> None:
    assert welch_needs(n_control=100, n_treated=100, skewness=9.0) == 0.0
    assert welch_needs(n_control=100, n_treated=900, skewness=6.0) == pytest.approx(36 * 36 * (8 / 9) ** 2 / (10 / 9))
    assert welch_needs(n_control=900, n_treated=100, skewness=-6.0) == pytest.approx(
        welch_needs(n_control=100, n_treated=900, skewness=6.0)
    )


def test_ten_must_count() -> None:
    # 100 people of whom 20 bought the same: 20 count. In an arm of 40 of them 8 do, in one of 50 ten
    both = share_moments(successes=20, n=100)
    assert too_few_count(both=both, fewest=40, skewness=None) == NotEnough(reason="too_few", have=40, need=50)
    assert too_few_count(both=both, fewest=50, skewness=None) is None
    assert too_few_count(both=moments_of([-1.0, 1.0]), fewest=50, skewness=0.0) is None


def test_too_few_say_how_many_it_takes() -> None:
    nine = nps_moments(detractors=3, passives=3, promoters=3)
    assert effect_nps(control=nine, treated=nine) == NotEnough(reason="too_few", have=9, need=10)
    nobody = moments_of([])
    for estimate in (effect_mean, effect_nps, effect_ratio):
        assert estimate(control=nobody, treated=moments_of([1.0] * 20)) == NotEnough(
            reason="no_data", have=0, need=10 if estimate is effect_nps else 2
        )
    same = moments_of([5.0] * 20)
    assert effect_mean(control=same, treated=same) == NotEnough(reason="no_variation", have=40, need=41)


def test_a_ratio_is_linearised() -> None:
    orders = [1.0, 2.0, 1.0, 3.0] * 10
    yen, more = [30.0, 50.0, 20.0, 100.0] * 10, [33.0, 55.0, 22.0, 110.0] * 10
    found = effect(effect_ratio(control=moments_of(yen, orders), treated=moments_of(more, orders)))
    assert found.value == pytest.approx(20.0 / 7.0)
    residual = np.array(more) - 220.0 / 7.0 * np.array(orders)
    other = np.array(yen) - 200.0 / 7.0 * np.array(orders)
    error = math.sqrt((residual @ residual + other @ other) / (39 * 40) / 1.75**2)
    assert found.se == pytest.approx(error)
