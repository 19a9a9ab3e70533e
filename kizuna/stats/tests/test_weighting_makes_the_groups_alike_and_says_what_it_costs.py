import pytest

from kizuna.stats.balance import Balance, balance, effective_people
from kizuna.stats.estimate import Moments, NotEnough
from kizuna.stats.tests.cast import moments_of

LOW, HIGH = [1.0, 2.0, 3.0], [7.0, 8.0, 9.0]


def found(strata: list[tuple[Moments, Moments]]) -> Balance:
    one = balance(strata=strata)
    assert isinstance(one, Balance), one
    return one


def test_groups_of_different_make_up_are_alike_within_strata() -> None:
    one = found([(moments_of(LOW * 9), moments_of(LOW)), (moments_of(HIGH), moments_of(HIGH * 9))])
    # 27 and 3 people around 2 and 8: means 2.6 and 7.4, and as much spread on either side.
    around = 20.0 + 30 * 0.9 * 0.1 * 36.0
    assert one.before == pytest.approx(4.8 / (around / 29) ** 0.5)
    assert one.after == pytest.approx(0.0)
    assert one.alike


def test_what_the_strata_do_not_hold_stays_apart() -> None:
    one = found([(moments_of(LOW * 4), moments_of(HIGH * 4))])
    assert one.after == pytest.approx(one.before)
    assert not one.alike


def test_strata_without_a_match_are_left_out_of_the_weighted_figure_alone() -> None:
    pair = (moments_of(LOW * 3), moments_of(LOW * 3))
    one = found([pair, (moments_of([]), moments_of(HIGH))])
    assert one.after == pytest.approx(0.0)
    assert one.before > 0.5
    assert balance(strata=[(moments_of([1.0]), moments_of(HIGH))]) == NotEnough(reason="no_overlap", have=0, need=1)


def test_a_thing_that_is_the_same_for_everybody_is_balanced() -> None:
    assert found([(moments_of([4.0] * 5), moments_of([4.0] * 5))]).before == 0.0


def test_people_weighted_alike_are_worth_themselves_and_uneven_ones_fewer() -> None:
    assert effective_people(strata=[(40, 10), (80, 20)]) == pytest.approx(120.0)
    # Weights .5 on 90 and .5 on 10: 1/(.25/90 + .25/10) = 36
    assert effective_people(strata=[(90, 30), (10, 30)]) == pytest.approx(36.0)
    assert effective_people(strata=[(1, 30), (10, 1)]) == 0.0
