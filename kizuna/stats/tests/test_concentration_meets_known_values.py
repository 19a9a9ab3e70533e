import math
import random
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kizuna.stats.concentration import (
    TopSums,
    deciles,
    gini,
    gini_coefficient,
    top_rank,
    top_share,
    top_share_of_values,
)
from kizuna.stats.estimate import Interval, NotEnough
from kizuna.stats.tests.cast import interval

Compute = Callable[..., Interval | NotEnough]
CHANCE = random.Random(20)
CUSTOMERS = [CHANCE.lognormvariate(9, 1) for _ in range(400)]


@pytest.mark.parametrize(
    ("values", "published"),
    [
        ([541, 1463, 2445, 3438, 4437, 5401, 6392, 8304, 11904, 22261], 0.4620911),  # R: ineq, DescTools
        ([50, 50, 70, 70, 70, 90, 150, 150, 150, 150], 0.226),  # R: DescTools
        ([1, 3, 2, 1, 1, 1, 4], 0.3076923),  # R: phylotools
    ],
)
def test_gini(values: list[float], published: float) -> None:
    assert gini_coefficient(values=values) == pytest.approx(published, abs=5e-8)


def test_gini_of_a_log_normal_population() -> None:
    # σ = 1: G = 2Φ(1/√2) - 1 = 0.5205; the top fifth holds Φ(1 - Φ⁻¹(0.8)) = 0.5629
    chance = random.Random(1)
    values = [chance.lognormvariate(0, 1) for _ in range(20_000)]
    assert interval(gini(values=values)).value == pytest.approx(0.5205, abs=0.01)
    assert interval(top_share_of_values(values=values)).value == pytest.approx(0.5629, abs=0.01)


def jackknife(compute: Compute) -> float:
    left_out = [interval(compute(values=CUSTOMERS[:i] + CUSTOMERS[i + 1 :])).value for i in range(len(CUSTOMERS))]
    centre = sum(left_out) / len(left_out)
    variance = sum((value - centre) ** 2 for value in left_out) * (len(left_out) - 1) / len(left_out)
    return math.sqrt(variance)


@pytest.mark.parametrize("compute", [gini, top_share_of_values])
def test_the_linearised_error_agrees_with_the_jackknife(compute: Compute) -> None:
    found = interval(compute(values=CUSTOMERS))
    assert (found.high - found.low) / (2 * 1.96) == pytest.approx(jackknife(compute), rel=0.07)


def test_the_sums_of_a_database_give_the_same_top_share() -> None:
    ordered = sorted(CUSTOMERS, reverse=True)
    threshold = ordered[top_rank(n=400) - 1]
    for top in ([y for y in ordered if y >= threshold], [y for y in ordered if y > threshold]):
        sums = TopSums(
            n=400,
            total=sum(ordered),
            total_of_squares=sum(y * y for y in ordered),
            threshold=threshold,
            top_count=len(top),
            top_total=sum(top),
            top_total_of_squares=sum(y * y for y in top),
        )
        found, expected = interval(top_share(sums=sums)), interval(top_share_of_values(values=CUSTOMERS))
        assert found.value == pytest.approx(expected.value, rel=1e-12)
        assert (found.low, found.high) == pytest.approx((expected.low, expected.high), rel=1e-9)
    assert found.value == pytest.approx(sum(ordered[:80]) / sum(ordered), rel=1e-12)


def test_a_fifth_of_a_number_that_five_does_not_divide_counts_the_border_in_part() -> None:
    values = [float(v) for v in range(1, 104)]  # a fifth of 103 is 20.6 customers
    top = sorted(values, reverse=True)
    assert interval(top_share_of_values(values=values)).value == pytest.approx(
        (sum(top[:20]) + 0.6 * top[20]) / sum(top)
    )


@given(st.lists(st.integers(0, 1_000_000), min_size=100, max_size=120))
def test_the_top_holds_at_least_its_own_part(values: list[int]) -> None:
    for compute in (top_share_of_values, gini):
        found = compute(values=values)
        if isinstance(found, Interval):
            assert 0 <= found.low <= found.value <= found.high <= 1
    if isinstance(top := top_share_of_values(values=values), Interval):
        assert top.value >= 0.2 - 1e-9


@given(st.lists(st.integers(0, 1_000_000), min_size=10, max_size=60))
def test_deciles_are_equal_groups_from_the_best_down(values: list[int]) -> None:
    groups = deciles(values=values)
    if isinstance(groups, NotEnough):
        assert sum(values) == 0
        return
    assert [group.rank for group in groups] == list(range(1, 11))
    assert sum(group.count for group in groups) == len(values)
    assert max(g.count for g in groups) - min(g.count for g in groups) <= 1
    assert groups[-1].cumulative_share == pytest.approx(1.0)
    averages = [group.total / group.count for group in groups]
    assert all(a >= b - 1e-6 for a, b in pairwise(averages))


def test_negative_values_are_refused() -> None:
    with pytest.raises(ValueError, match="refunds"):
        gini(values=[-1.0] + [1.0] * 200)


def test_too_few_customers_are_said_to_be_too_few() -> None:
    assert top_share_of_values(values=[1.0, 2.0]) == NotEnough(reason="too_few", have=2, need=100)
