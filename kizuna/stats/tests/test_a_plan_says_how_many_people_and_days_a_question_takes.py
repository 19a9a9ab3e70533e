import pytest

from kizuna.stats.brownian import crossed_in_the_end
from kizuna.stats.planning import (
    Needed,
    days_needed,
    looks_inflation,
    power_mean,
    power_nps,
    power_share,
)
from kizuna.stats.sequential import obf_bounds


def test_two_equal_arms_are_those_of_the_textbooks() -> None:
    # R: power.prop.test(p1 = .10, p2 = .12, power = .8) → 3840.847; (.5, .75, power = .9) → 76.7
    assert power_share(control=0.10, treated=0.12) == Needed(control=3_841, treated=3_841)
    assert power_share(control=0.5, treated=0.75, power=0.9) == Needed(control=77, treated=77)
    # R: power.t.test(delta = 1, power = .9) → 22.02110; (delta = .5, power = .8) → 63.76576
    assert power_mean(change=1.0, deviation=1.0, power=0.9) == Needed(control=23, treated=23)
    assert power_mean(change=0.5, deviation=1.0) == Needed(control=64, treated=64)
    assert power_mean(change=1.0, deviation=1.0, power=0.8689528) == Needed(control=20, treated=20)
    # 2·.6275·(1.959964 + .8416212)²·100²/5² = 3940.2
    assert power_nps(change=5.0) == Needed(control=3_941, treated=3_941)
    with pytest.raises(ValueError, match="at most 1"):
        power_nps(change=5.0, promoter_share=0.7, detractor_share=0.4)


def test_a_small_hold_out_costs_people() -> None:
    even, uneven = power_share(control=0.10, treated=0.12), power_share(control=0.10, treated=0.12, hold_out_share=0.1)
    assert uneven.control < even.control
    assert uneven.total > 2.5 * even.total
    assert uneven.treated == pytest.approx(9 * uneven.control, abs=1)


def test_lopsided_values_need_enough_in_the_smaller_arm_for_the_test_itself() -> None:
    easy = power_mean(change=10.0, deviation=10.0, hold_out_share=0.1)
    honest = power_mean(change=10.0, deviation=10.0, hold_out_share=0.1, skewness=6.0)
    assert easy.control < 20
    assert honest.control >= 36 * 36 * 0.7
    assert honest.treated >= 9 * honest.control - 9
    even = power_mean(change=10.0, deviation=10.0, skewness=6.0)
    assert even == power_mean(change=10.0, deviation=10.0)


def test_days_are_those_of_the_slower_arm_plus_the_window() -> None:
    needed = Needed(control=100, treated=900)
    assert days_needed(needed=needed, per_day=50.0, hold_out_share=0.1) == 20
    assert days_needed(needed=needed, per_day=50.0, hold_out_share=0.1, window_days=90) == 110
    assert days_needed(needed=needed, per_day=50.0, hold_out_share=0.05) == 40


def test_looks_cost_a_few_percent_more_people_and_keep_most_of_the_power() -> None:
    assert looks_inflation(looks=1) == 1.0
    assert looks_inflation(looks=3) == pytest.approx(1.013, abs=0.0006)
    # a little less than the 1.028 of O'Brien and Fleming's own five looks (Jennison & Turnbull 2000, table 2.4)
    assert looks_inflation(looks=5) == pytest.approx(1.025, abs=0.0006)
    days = tuple((day + 1) / 28 for day in range(28))
    bounds = obf_bounds(fractions=days)
    assert crossed_in_the_end(fractions=days, bounds=bounds, drift=0.0) == pytest.approx(0.05, abs=1e-9)
    assert crossed_in_the_end(fractions=days, bounds=bounds, drift=2.801585) == pytest.approx(0.781, abs=0.001)


def test_the_power_of_five_looks_is_the_published_one() -> None:
    # O'Brien and Fleming's five bounds, 2.040·√(5/k), spend 5 %, and need 1.028 times the people for 80 % power
    fractions = tuple((look + 1) / 5 for look in range(5))
    bounds = tuple(2.0401 / fraction**0.5 for fraction in fractions)
    assert crossed_in_the_end(fractions=fractions, bounds=bounds, drift=0.0) == pytest.approx(0.05, abs=2e-5)
    drift = 2.801585 * 1.028**0.5
    assert crossed_in_the_end(fractions=fractions, bounds=bounds, drift=drift) == pytest.approx(0.8, abs=5e-4)


def test_a_plan_without_a_question_is_refused() -> None:
    for wrong in (
        lambda: power_share(control=0.1, treated=0.1),
        lambda: power_mean(change=0.0, deviation=1.0),
        lambda: power_nps(change=0.0),
        lambda: power_nps(change=5.0, hold_out_share=1.0),
        lambda: days_needed(needed=Needed(control=1, treated=1), per_day=0.0, hold_out_share=0.5),
        lambda: looks_inflation(looks=0),
    ):
        with pytest.raises(ValueError, match=r"needed|above|between|least"):
            wrong()
