import pytest

from kizuna.act.practices.operations import PracticeUnknown
from kizuna.facts.catalogue import Fact
from kizuna.prove.trials.queries import NothingAssigned, Shown, Verdict, effect
from kizuna.prove.trials.rules.told import report_json
from kizuna.prove.trials.tests.world import NOW, PRACTICE, answer, assigned, link, order, practice, shop, tell
from kizuna.stats.arms import Lift, effect_share, lift
from kizuna.stats.estimate import Interval, Moments, NotEnough
from kizuna.stats.sequential import confidence_sequence
from kizuna.understand.metrics.rules.windows import NoWindow

pytestmark = pytest.mark.django_db


def test_ninety_of_two_hundred_against_forty_come_back() -> None:
    practice()
    tell(*shop(treated=200, held_out=200, treated_buy=90, held_out_buy=40))
    found = effect(practice=PRACTICE, metric="repeat_rate", now=NOW)
    control, treated = found.arms
    assert (control.name, control.held_out, control.counted) == ("holdout", True, 200)
    assert (treated.name, treated.counted) == ("a", 200)
    assert isinstance(control.value, Interval)
    assert isinstance(treated.value, Interval)
    assert (control.value.value, treated.value.value) == (0.2, 0.45)
    assert isinstance(found.effect, Shown)
    assert found.effect.value == pytest.approx(0.25)
    # The arms had nothing before that explains what came later, so the plain score test and its lift stand.
    one, other = Moments(n=200, sum_y=40, sum_yy=40), Moments(n=200, sum_y=90, sum_yy=90)
    plain = effect_share(control=one, treated=other)
    assert not isinstance(plain, NotEnough)
    anytime = confidence_sequence(effect=plain, tuned_for_n=4000)
    assert (found.effect.low, found.effect.high, found.effect.p) == pytest.approx(
        (anytime.low, anytime.high, anytime.p)
    )
    assert found.lift == lift(kind="share", control=one, treated=other, absolute=found.effect)
    assert (found.verdict, found.grade, found.srm_p) == (Verdict.WORKS, 3, 1.0)


def test_what_the_time_before_explains_is_taken_out() -> None:
    practice(goals=[("sales", 30)])
    facts = shop(treated=150, held_out=150, treated_buy=0, held_out_buy=0)
    for person in range(1, 301):
        usual = 1000 * (person % 10 + 1)
        facts += [order(person, -10, usual), order(person, 12, usual + (400 if person <= 150 else 0) + person % 7)]
    tell(*facts)
    found = effect(practice=PRACTICE, metric="sales", now=NOW)
    assert isinstance(found.effect, Shown)
    assert found.effect.value == pytest.approx(400, abs=1)
    assert found.variance_reduction_share > 0.99
    assert found.verdict is Verdict.WORKS


def test_where_customers_count_several_times_the_lift_is_that_of_the_ratio() -> None:
    practice(goals=[("average_order_value", 30)])
    facts: list[Fact] = [order(900_000, 59)]
    for person in range(1, 301):
        held_out = person % 2 == 0
        facts += [order(person, -5), assigned(person, held_out=held_out)]
        yen = (1000 if held_out else 1300) + 40 * (person % 7)
        facts += [order(person, 10, yen), *([order(person, 12, yen - 30)] if person % 3 == 0 else [])]
    tell(*facts)
    found = effect(practice=PRACTICE, metric="average_order_value", now=NOW)
    assert isinstance(found.effect, Shown)
    assert isinstance(found.lift, Lift)
    control = next(arm.value for arm in found.arms if arm.held_out)
    assert isinstance(control, Interval)
    assert found.lift.value == pytest.approx(found.effect.value / control.value)
    assert 0.2 < found.lift.low < found.lift.value < found.lift.high < 0.4


def test_no_difference_is_not_known_yet_and_the_days_are_told() -> None:
    practice()
    tell(*shop(treated=100, held_out=100, treated_buy=30, held_out_buy=29))
    found = effect(practice=PRACTICE, metric="repeat_rate", now=NOW)
    assert found.verdict is Verdict.UNCLEAR
    assert "偶然" in found.because.ja
    assert found.days_needed is not None
    assert found.days_needed > 100
    assert report_json(report=found)["days_needed"] == found.days_needed


def test_what_is_known_takes_no_more_days() -> None:
    practice()
    tell(*shop(treated=200, held_out=200, treated_buy=90, held_out_buy=40))
    assert report_json(report=effect(practice=PRACTICE, metric="repeat_rate", now=NOW))["days_needed"] is None


def test_worse_is_said_as_clearly_as_better() -> None:
    practice()
    tell(*shop(treated=200, held_out=200, treated_buy=40, held_out_buy=90))
    assert effect(practice=PRACTICE, metric="repeat_rate", now=NOW).verdict is Verdict.HARMS


def test_customers_with_many_answers_are_one_cluster() -> None:
    practice(goals=[("nps", 30)])
    facts: list[Fact] = []
    for person in range(1, 121):
        held_out = person > 60
        facts.append(assigned(person, held_out=held_out))
        facts += [answer(person, 5, 9 if (person % 3 or not held_out) else 2), answer(person, 6, 7 + person % 4)]
    tell(*facts)
    found = effect(practice=PRACTICE, metric="nps", now=NOW)
    assert isinstance(found.effect, Shown)
    # second answers: 7, 8 neutral; 9, 10 promoters: a half; first: all promoters against two thirds minus one third
    assert found.effect.value == pytest.approx(100 * ((60 + 30) / 120 - (20 + 30) / 120))
    assert "ratio" in found.arms[0].value.method or found.arms[0].value.method == "fieller"  # type: ignore[union-attr]


def test_a_metric_that_has_no_window_is_refused() -> None:
    practice()
    tell(*shop(treated=10, held_out=10, treated_buy=1, held_out_buy=1))
    with pytest.raises(NoWindow):
        effect(practice=PRACTICE, metric="top20_share", now=NOW)


def test_a_practice_that_nobody_was_assigned_to_is_refused() -> None:
    practice()
    with pytest.raises(NothingAssigned):
        effect(practice=PRACTICE, metric="nps", now=NOW)
    with pytest.raises(PracticeUnknown):
        effect(practice="nothing", metric="nps", now=NOW)


def test_a_part_without_anybody_is_not_taken_for_an_unknown_practice() -> None:
    tell(*shop(treated=10, held_out=10, treated_buy=1, held_out_buy=1))  # known from its assignments only
    with pytest.raises(NothingAssigned):
        effect(practice=PRACTICE, metric="repeat_rate", where={"store": "nagoya"}, now=NOW)


def test_merged_customers_of_two_arms_are_left_out_and_counted() -> None:
    practice()
    facts = shop(treated=60, held_out=60, treated_buy=20, held_out_buy=10)
    tell(*facts, link(61, 1), link(3, 2))  # 61 was held out and 1 served; 2 and 3 were both served
    found = effect(practice=PRACTICE, metric="repeat_rate", now=NOW)
    assert (found.left.crossed, found.left.repeated, found.left.assigned) == (1, 2, 118)
    assert [arm.counted for arm in found.arms] == [59, 58]


def test_nobody_counts_before_the_window_is_over() -> None:
    practice()
    facts = shop(treated=50, held_out=50, treated_buy=20, held_out_buy=10)
    for person in range(1000, 1030):  # orders are known until day 59, so a window from day 30 on is not over
        facts += [order(person, 20), assigned(person, 30)]
    tell(*facts)
    found = effect(practice=PRACTICE, metric="repeat_rate", now=NOW)
    assert found.left.immature == 30
    assert sum(arm.counted for arm in found.arms) == 100


def test_without_anybody_to_compare_with_nothing_is_claimed() -> None:
    practice(holdout_share=0.0)
    tell(*shop(treated=100, held_out=0, treated_buy=90, held_out_buy=0))
    found = effect(practice=PRACTICE, metric="repeat_rate", now=NOW)
    assert (found.verdict, found.grade) == (Verdict.UNCLEAR, 1)
    assert "比べる相手" in found.because.ja


def test_one_store_or_segment_gets_numbers_and_no_verdict() -> None:
    practice()
    tell(*shop(treated=200, held_out=200, treated_buy=90, held_out_buy=40))
    found = effect(practice=PRACTICE, metric="repeat_rate", where={"segment": "new"}, now=NOW)
    assert isinstance(found.effect, Shown)
    assert found.verdict is Verdict.UNCLEAR
    assert found.parts == ()
