import pytest

from kizuna.stats.compare import difference_mean, difference_ratio
from kizuna.stats.concentration import top_share_of_values
from kizuna.stats.estimate import Interval, NotEnough
from kizuna.stats.moments import mean, ratio, total
from kizuna.stats.tests.cast import interval, moments_of


def test_one_value_has_a_mean_but_no_interval() -> None:
    assert mean(moments=moments_of([5.0])) == NotEnough(reason="too_few", have=1, need=2)
    assert ratio(moments=moments_of([5.0], [2.0])) == NotEnough(reason="too_few", have=1, need=2)


def test_equal_values_do_not_prove_that_the_next_is_equal() -> None:
    assert mean(moments=moments_of([30.0] * 4)) == NotEnough(reason="no_variation", have=4, need=5)


def test_equal_values_on_a_known_scale_have_a_one_sided_exact_interval() -> None:
    found = interval(mean(moments=moments_of([5.0] * 10), bounds=(1.0, 5.0)))
    assert (found.value, found.high, found.method) == (5.0, 5.0, "all_equal")
    # Clopper-Pearson: with 0 of 10 differing, at most 25.887 % of all differ; each could be as low as 1
    assert found.low == pytest.approx(5 - 4 * 0.258866, abs=1e-5)


def test_rounding_does_not_pass_for_variation() -> None:
    values = [1234567.1] * 1000
    assert isinstance(mean(moments=moments_of(values)), NotEnough)
    shifted = [1234557.0, 1234577.0] * 500
    assert isinstance(mean(moments=moments_of(shifted)), Interval)


def test_a_denominator_that_may_be_zero_gives_no_ratio_and_says_how_many_would_do() -> None:
    found = ratio(moments=moments_of([1.0, 2.0, 3.0], [-1.0, 0.5, 1.0]))
    assert isinstance(found, NotEnough)
    assert found.reason == "denominator_near_zero"
    assert found.need > found.have == 3
    assert (
        difference_ratio(before=moments_of([1.0, 2.0, 3.0], [-1.0, 0.5, 1.0]), after=moments_of([1.0, 2.0], [1.0, 1.0]))
        == found
    )


def test_a_denominator_of_zero_gives_no_ratio() -> None:
    assert ratio(moments=moments_of([1.0, 2.0], [0.0, 0.0])) == NotEnough(
        reason="denominator_near_zero", have=2, need=3
    )


def test_a_total_of_zeros_says_nothing_about_the_size_of_the_next() -> None:
    assert total(moments=moments_of([0.0, 0.0])) == NotEnough(reason="no_variation", have=2, need=3)


def test_a_difference_needs_spread_on_one_side() -> None:
    flat, other = moments_of([2.0, 2.0]), moments_of([3.0, 3.0, 3.0])
    assert difference_mean(before=flat, after=other) == NotEnough(reason="no_variation", have=5, need=6)


def test_customers_who_all_spend_the_same_have_no_top_share() -> None:
    found = top_share_of_values(values=[100.0] * 200)
    assert isinstance(found, NotEnough)
    assert found.reason == "no_variation"


@pytest.mark.parametrize("level", [0.0, 1.0, -1.0, 95.0])
def test_an_impossible_level_is_refused(level: float) -> None:
    for compute in (mean, ratio, total):
        with pytest.raises(ValueError, match="level"):
            compute(moments=moments_of([1.0, 2.0, 4.0], [1.0, 2.0, 2.5]), level=level)
