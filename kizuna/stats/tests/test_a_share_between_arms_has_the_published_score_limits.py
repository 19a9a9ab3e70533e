import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kizuna.stats.compare import Difference
from kizuna.stats.estimate import NotEnough
from kizuna.stats.shares import difference_share_by_score
from kizuna.stats.tests.cast import difference, share_moments

# Newcombe, Statistics in Medicine 17 (1998) 873-890, table II, method "Miettinen-Nurminen"
PUBLISHED = [
    (56, 70, 48, 80, 0.0528, 0.3382),
    (9, 10, 3, 10, 0.1700, 0.8406),
    (10, 10, 0, 20, 0.7156, 1.0000),
    (10, 10, 0, 10, 0.6636, 1.0000),
]


@pytest.mark.parametrize(("k_2", "n_2", "k_1", "n_1", "low", "high"), PUBLISHED)
def test_its_limits(k_2: int, n_2: int, k_1: int, n_1: int, low: float, high: float) -> None:
    found = difference(
        difference_share_by_score(before=share_moments(successes=k_1, n=n_1), after=share_moments(successes=k_2, n=n_2))
    )
    assert (found.low, found.high) == pytest.approx((low, high), abs=5.1e-5)


def test_its_p_is_the_chi_square_with_n_minus_one() -> None:
    # 56/70 and 48/80: Pearson's χ² by hand, times 149/150; its tail is that of a squared normal
    found = difference(
        difference_share_by_score(before=share_moments(successes=48, n=80), after=share_moments(successes=56, n=70))
    )
    pearson = 150 * (56 * 32 - 14 * 48) ** 2 / (70 * 80 * 104 * 46)
    assert found.p == pytest.approx(math.erfc(math.sqrt(pearson * 149 / 150 / 2)), rel=1e-9)


def test_with_fewer_than_three_expected_there_is_no_verdict() -> None:
    found = difference_share_by_score(before=share_moments(successes=1, n=20), after=share_moments(successes=3, n=180))
    assert found == NotEnough(reason="too_few", have=20, need=150)
    nobody = difference_share_by_score(before=share_moments(successes=0, n=20), after=share_moments(successes=0, n=20))
    assert nobody == NotEnough(reason="no_variation", have=40, need=41)


arms = st.tuples(st.integers(0, 200), st.integers(0, 200)).filter(any)


@given(arms, arms)
@settings(max_examples=300)
def test_p_and_interval_are_one_statement(one: tuple[int, int], two: tuple[int, int]) -> None:
    before, after = (share_moments(successes=k, n=k + rest) for k, rest in (one, two))
    found = difference_share_by_score(before=before, after=after)
    if not isinstance(found, Difference):
        return
    assert -1.0 <= found.low <= found.value <= found.high <= 1.0
    if 1e-9 < found.p < 1 - 1e-9:
        touching = difference(difference_share_by_score(before=before, after=after, level=1.0 - found.p))
        assert min(abs(touching.low), abs(touching.high)) <= 1e-6
