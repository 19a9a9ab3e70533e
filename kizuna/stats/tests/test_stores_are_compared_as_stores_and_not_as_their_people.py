from statistics import fmean, stdev

import pytest

from kizuna.stats.arms import Effect
from kizuna.stats.estimate import Moments, NotEnough
from kizuna.stats.quasi import StorePeriods, difference_in_differences, pre_trend
from kizuna.stats.tests.cast import nps_moments

# R's `sleep`: t.test of the two groups: t = -1.8608, df = 17.776, p = .07939, -3.3654832 … 0.2054832
FEWER = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
MORE = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]


def effect(found: Effect | NotEnough) -> Effect:
    assert isinstance(found, Effect), found
    return found


def store(change: float, people: int = 50) -> StorePeriods:
    return StorePeriods(
        before=Moments(n=people, sum_y=people * 20.0, sum_yy=people * 500.0),
        after=Moments(n=2 * people, sum_y=2 * people * (20.0 + change), sum_yy=people * 1_500.0),
    )


def test_many_stores_are_welchs_test_of_their_changes() -> None:
    control, treated = [store(change) for change in FEWER], [store(change) for change in MORE]
    found = effect(difference_in_differences(control=control, treated=treated))
    assert found.p == pytest.approx(0.07939, abs=5e-6)
    assert (found.low, found.high) == pytest.approx((-0.2054832, 3.3654832), abs=1e-6)
    assert (found.n_control, found.n_treated) == (10, 10)


def test_ten_times_the_people_in_a_store_prove_nothing_more() -> None:
    few, many = ([store(change, people) for change in FEWER] for people in (50, 500))
    treated = [store(change) for change in MORE]
    one = effect(difference_in_differences(control=few, treated=treated))
    two = effect(difference_in_differences(control=many, treated=treated))
    assert one.p == pytest.approx(two.p)


def test_one_treated_store_is_measured_against_how_much_stores_change_anyway() -> None:
    found = effect(difference_in_differences(control=[store(change) for change in FEWER], treated=[store(6.0)]))
    error = stdev(FEWER) * (1 + 1 / 10) ** 0.5
    assert found.value == pytest.approx(6.0 - fmean(FEWER))
    assert found.se == pytest.approx(error)
    assert found.degrees == 9.0
    # t(9) at 95 % is 2.262157
    assert found.high - found.value == pytest.approx(2.262157 * error, rel=1e-6)


def test_nps_is_in_points() -> None:
    def answers(promoters: int) -> Moments:
        return nps_moments(detractors=30, passives=70 - promoters, promoters=promoters)

    stores = [StorePeriods(before=answers(20), after=answers(20 + change)) for change in (0, 2, 4, 6)]
    better = [StorePeriods(before=answers(20), after=answers(20 + change)) for change in (10, 12)]
    found = effect(difference_in_differences(control=stores, treated=better, kind="nps"))
    assert found.value == pytest.approx(8.0)


def test_too_few_stores_say_so() -> None:
    few = difference_in_differences(control=[store(1.0), store(2.0)], treated=[store(3.0)])
    assert few == NotEnough(reason="too_few_stores", have=3, need=4)
    assert isinstance(difference_in_differences(control=[], treated=[store(1.0)]), NotEnough)
    same = difference_in_differences(control=[store(1.0)] * 3, treated=[store(1.0)] * 3)
    assert isinstance(same, NotEnough)
    assert same.reason == "no_variation"


def test_stores_that_were_drifting_apart_are_seen_before_the_start() -> None:
    flat = [[10.0, 10.2, 9.9, 10.1], [12.0, 11.9, 12.1, 12.0], [8.0, 8.1, 8.0, 7.9], [9.0, 9.0, 9.2, 9.1]]
    rising = [[10.0, 11.0, 12.1, 13.0], [9.0, 10.1, 11.0, 12.1]]
    found = effect(pre_trend(control=flat, treated=rising))
    assert found.value == pytest.approx(1.01, abs=0.05)
    assert found.p < 0.001
    assert effect(pre_trend(control=flat[:2], treated=flat[2:])).p > 0.1
    assert pre_trend(control=[[1.0, 2.0]], treated=[[1.0, 2.0]]) == NotEnough(reason="too_few_periods", have=2, need=3)
    with pytest.raises(ValueError, match="same periods"):
        pre_trend(control=[[1.0, 2.0, 3.0]], treated=[[1.0, 2.0]])
