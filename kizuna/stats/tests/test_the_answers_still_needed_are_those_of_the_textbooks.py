import math
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kizuna.stats.distributions import z_of
from kizuna.stats.power import (
    answers_for_nps,
    answers_for_nps_change,
    detectable_nps_change,
    nps_answer_variance,
    units_for_mean,
    units_for_mean_change,
    units_for_share,
    units_for_share_change,
)
from kizuna.stats.scores import nps_standard_error, wilson_limits


def test_the_examples_of_r() -> None:
    assert units_for_share_change(before=0.5, after=0.75, power=0.9) == 77  # power.prop.test: n = 76.7
    assert units_for_mean_change(change=1, deviation=1, power=0.9) == 23  # power.t.test: n = 22.02110
    assert units_for_mean_change(change=1, deviation=1, power=0.8689528) == 20  # power.t.test(n = 20)


def test_an_nps_of_ten_in_five_hundred_answers_is_known_to_seven_points() -> None:
    variance = nps_answer_variance(promoter_share=0.4, detractor_share=0.3)
    error = nps_standard_error(promoters=200, passives=150, detractors=150)
    assert answers_for_nps(half_width=z_of(level=0.95) * error, variance=variance) == 500


@given(st.floats(0.5, 60), st.floats(0.05, 1))
def test_a_detectable_change_is_the_inverse_of_the_answers_it_needs(change: float, variance: float) -> None:
    n = answers_for_nps_change(change=change, variance=variance)
    assert detectable_nps_change(n=n, variance=variance) <= change * (1 + 1e-9)
    if n > 1:
        assert detectable_nps_change(n=n - 1, variance=variance) > change * (1 - 1e-9)


@given(st.floats(0.005, 0.4), st.floats(0, 1))
def test_a_share_is_as_narrow_as_asked_with_these_units_and_not_with_one_less(half_width: float, share: float) -> None:
    n = units_for_share(half_width=half_width, share=share)
    z = z_of(level=0.95)

    def width(n: int) -> float:
        # the formula's half-width, before the ends of the scale cut it
        return z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)

    assert width(n) <= half_width * (1 + 1e-6)
    if n > 1:
        assert width(n - 1) > half_width * (1 - 1e-6)
    low, high = wilson_limits(share=share, n=n, z=z)
    assert (high - low) / 2 <= half_width * (1 + 1e-6)


def test_a_mean_takes_a_few_more_units_than_the_normal_rule() -> None:
    # (1.96·10/5)² = 15.4 by the normal rule; with t it takes 18 (Student's t at 17 degrees: 2.1098·10/√18 = 4.97)
    assert units_for_mean(half_width=5, deviation=10) == 18


@pytest.mark.parametrize("compute", [answers_for_nps, units_for_share])
def test_a_width_of_nothing_is_refused(compute: Callable[..., int]) -> None:
    with pytest.raises(ValueError, match="above 0"):
        compute(half_width=0.0)
