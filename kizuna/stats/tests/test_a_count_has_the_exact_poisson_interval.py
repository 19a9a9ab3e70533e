import pytest
from hypothesis import given
from hypothesis import strategies as st

from kizuna.stats.estimate import Interval, Moments
from kizuna.stats.moments import count, total
from kizuna.stats.tests.cast import interval, moments_of


# Garwood 1936, as in every table of exact Poisson limits
@pytest.mark.parametrize(
    ("n", "low", "high"), [(0, 0.0, 3.689), (1, 0.0253, 5.572), (10, 4.795, 18.390), (100, 81.364, 121.627)]
)
def test_of_events(n: int, low: float, high: float) -> None:
    found = count(n=n)
    assert found.low == pytest.approx(low, abs=6e-4)
    assert found.high == pytest.approx(high, abs=6e-4)


@given(st.integers(1, 5_000_000), st.floats(0.01, 1e6))
def test_a_total_of_equal_amounts_is_a_count_times_the_amount(n: int, amount: float) -> None:
    found = interval(total(moments=Moments(n=n, sum_y=n * amount, sum_yy=n * amount * amount)))
    exact = count(n=n)
    assert found.low == pytest.approx(exact.low * amount, rel=1e-9)
    assert found.high == pytest.approx(exact.high * amount, rel=1e-9)


@given(st.lists(st.integers(0, 10_000_000), min_size=1, max_size=50))
def test_a_total_of_amounts_is_never_below_zero(values: list[int]) -> None:
    found = total(moments=moments_of(values))
    if isinstance(found, Interval):
        assert 0.0 <= found.low <= found.value <= found.high


def test_a_large_total_has_the_normal_interval() -> None:
    made = Moments(n=1_000_000, sum_y=5e9, sum_yy=4e13)
    gamma, normal = interval(total(moments=made)), interval(total(moments=made, nonnegative=False))
    assert gamma.low == pytest.approx(normal.low, rel=1e-4)
    assert gamma.high == pytest.approx(normal.high, rel=1e-4)
