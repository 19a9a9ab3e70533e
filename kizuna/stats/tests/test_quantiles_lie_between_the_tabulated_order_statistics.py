import pytest
from hypothesis import given
from hypothesis import strategies as st

from kizuna.stats.estimate import Interval, NotEnough
from kizuna.stats.quantiles import median, quantile, ranks_of_limits, units_for_quantile
from kizuna.stats.tests.cast import interval


# The tabulated ranks of the limits of a 95 % interval for a median (binomial, one half)
@pytest.mark.parametrize(
    ("n", "low", "high"), [(6, 1, 6), (8, 1, 8), (9, 2, 8), (10, 2, 9), (20, 6, 15), (50, 18, 33), (100, 40, 61)]
)
def test_ranks_of_the_median(n: int, low: int, high: int) -> None:
    assert ranks_of_limits(n=n, share=0.5) == (low, high)


def test_a_median_needs_six_units_and_the_ninetieth_percentile_thirty_six() -> None:
    assert units_for_quantile(share=0.5) == 6
    assert units_for_quantile(share=0.9) == 36
    assert median(values=[1, 2, 3, 4, 5]) == NotEnough(reason="too_few", have=5, need=6)
    assert isinstance(median(values=[1, 2, 3, 4, 5, 6]), Interval)
    assert isinstance(quantile(values=list(range(36)), share=0.9), Interval)
    assert quantile(values=list(range(35)), share=0.9) == NotEnough(reason="too_few", have=35, need=36)


@given(st.lists(st.floats(-1e9, 1e9), min_size=40, max_size=80), st.sampled_from([0.1, 0.25, 0.5, 0.75, 0.9]))
def test_the_value_lies_between_its_limits_which_are_data(values: list[float], share: float) -> None:
    found = interval(quantile(values=values, share=share))
    assert found.low <= found.value <= found.high
    assert found.low in values
    assert found.high in values


def test_the_value_is_the_one_of_r_and_numpy() -> None:
    assert interval(median(values=[6, 1, 4, 2, 3, 5, 8])).value == 4
    assert interval(quantile(values=list(range(1, 41)), share=0.9)).value == pytest.approx(
        36.1
    )  # R: quantile(1:40, .9)
