from datetime import timedelta

import pytest

from kizuna.facts.catalogue import Fact
from kizuna.prove.trials.models import Look, Plan
from kizuna.prove.trials.operations import look_due, plan_trial, take_looks
from kizuna.prove.trials.operations.looks import _looked
from kizuna.prove.trials.operations.plan import BadPlan, TrialOver
from kizuna.prove.trials.queries import Shown, Verdict, effect
from kizuna.prove.trials.queries.looks import AS_TAKEN
from kizuna.prove.trials.tests.world import NOW, PRACTICE, START, assigned, day, order, practice, shop, tell
from kizuna.stats.arms import effect_share
from kizuna.stats.estimate import Moments
from kizuna.stats.sequential import group_sequential

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_looked() -> None:
    _looked.clear()


def _shares(held: tuple[int, int], treated: tuple[int, int]) -> tuple[Moments, Moments]:
    return tuple(Moments(n=n, sum_y=y, sum_yy=y) for n, y in (held, treated))  # type: ignore[return-value]


def test_a_planned_trial_needs_more_early_than_late() -> None:
    practice()
    plan_trial(practice=PRACTICE, ends_at=day(200), people_planned=1000, actor="test", now=START)
    tell(*shop(treated=100, held_out=100, treated_buy=45, held_out_buy=28))
    found = effect(practice=PRACTICE, metric="repeat_rate", now=NOW)
    control, treated = _shares((100, 28), (100, 45))
    look = group_sequential(
        effect=lambda level: effect_share(control=control, treated=treated, level=level), fraction=0.2
    )
    assert isinstance(found.effect, Shown)
    assert (found.fraction, found.effect.p) == (0.2, pytest.approx(look.p))  # type: ignore[union-attr]
    single = effect_share(control=control, treated=treated)
    assert single.p < 0.05  # type: ignore[union-attr]
    assert found.verdict is Verdict.UNCLEAR  # by itself it would be «significant»; as the first of many looks it is not


def test_the_looks_before_are_paid_for() -> None:
    practice()
    plan_trial(practice=PRACTICE, ends_at=day(200), people_planned=400, actor="test", now=START)
    tell(*shop(treated=100, held_out=100, treated_buy=40, held_out_buy=30))
    take_looks(practice=PRACTICE, now=NOW)
    facts: list[Fact] = [order(900_001, 95)]
    for person in range(1001, 1201):
        facts += [order(person, 20), assigned(person, 40, held_out=person % 2 == 0)]
        if (person <= 1160 and person % 2 == 1) or (person <= 1120 and person % 2 == 0):
            facts.append(order(person, 50))
    tell(*facts)
    later = day(100)
    found = effect(practice=PRACTICE, metric="repeat_rate", now=later)
    control, treated = _shares((200, 90), (200, 120))
    paid = group_sequential(
        effect=lambda level: effect_share(control=control, treated=treated, level=level),
        fraction=1.0,
        past_fractions=(0.5,),
    )
    assert isinstance(found.effect, Shown)
    assert found.effect.p == pytest.approx(paid.p)  # type: ignore[union-attr]
    assert len(found.looks) == 1


def test_a_look_that_crossed_decides_for_good() -> None:
    practice()
    plan_trial(practice=PRACTICE, ends_at=day(200), people_planned=400, actor="test", now=START)
    tell(*shop(treated=100, held_out=100, treated_buy=80, held_out_buy=20))
    assert take_looks(practice=PRACTICE, now=NOW)[0].verdict is Verdict.WORKS
    facts: list[Fact] = [order(900_001, 95)]
    for person in range(1001, 1201):
        facts += [order(person, 20), assigned(person, 40, held_out=person % 2 == 0)]
        facts += [order(person, 50)] if person % 2 == 0 else []
    tell(*facts)
    found = effect(practice=PRACTICE, metric="repeat_rate", now=day(100))
    assert (found.verdict, found.decided_on) == (Verdict.WORKS, found.looks[0].day)
    assert found.effect.method == AS_TAKEN  # type: ignore[union-attr]


def _ended() -> None:
    """A planned trial whose last look found nothing, and whose customers after it would have."""
    practice()
    plan_trial(practice=PRACTICE, ends_at=day(200), people_planned=200, actor="test", now=START)
    tell(*shop(treated=100, held_out=100, treated_buy=36, held_out_buy=30))
    (last,) = take_looks(practice=PRACTICE, now=NOW)
    assert (last.fraction, last.verdict) == (1.0, Verdict.UNCLEAR)
    facts: list[Fact] = [order(900_001, 95)]
    for person in range(1001, 1201):
        facts += [order(person, 20), assigned(person, 40, held_out=person % 2 == 0)]
        facts += [order(person, 50)] if person % 2 else []
    tell(*facts)


def test_the_last_planned_look_stands_however_long_the_practice_goes_on() -> None:
    _ended()
    before = Look.objects.get()
    for later in (70, 80, 100):
        (found,) = take_looks(practice=PRACTICE, now=day(later))
        assert isinstance(found.effect, Shown)
        assert (found.effect.method, found.effect.p) == (AS_TAKEN, before.p)
        assert found.verdict is Verdict.UNCLEAR
    assert Look.objects.count() == 1


def test_the_look_after_the_end_is_the_last_whoever_is_missing() -> None:
    practice()
    plan_trial(practice=PRACTICE, ends_at=day(20), people_planned=5000, actor="test", now=START)
    tell(*shop(treated=100, held_out=100, treated_buy=36, held_out_buy=30))
    (last,) = take_looks(practice=PRACTICE, now=NOW)
    assert last.fraction == 1.0
    assert last.effect.method != AS_TAKEN  # type: ignore[union-attr]
    (after,) = take_looks(practice=PRACTICE, now=NOW + timedelta(days=1))
    assert after.effect.method == AS_TAKEN  # type: ignore[union-attr]


def test_the_end_cannot_be_moved_once_the_last_look_was_taken() -> None:
    _ended()
    for ends_at, people in ((day(300), 4000), (None, None)):
        with pytest.raises(TrialOver):
            plan_trial(practice=PRACTICE, ends_at=ends_at, people_planned=people, actor="test", now=day(70))
    assert Plan.objects.get().people_planned == 200


def test_until_then_a_plan_may_be_mended() -> None:
    practice()
    plan_trial(practice=PRACTICE, ends_at=day(200), people_planned=1000, actor="test", now=START)
    tell(*shop(treated=100, held_out=100, treated_buy=36, held_out_buy=30))
    take_looks(practice=PRACTICE, now=NOW)
    plan_trial(practice=PRACTICE, ends_at=day(250), people_planned=1200, actor="test", now=NOW)
    assert Plan.objects.get().people_planned == 1200


def test_the_days_still_needed_are_those_until_the_last_planned_look() -> None:
    practice()
    tell(*shop(treated=100, held_out=100, treated_buy=36, held_out_buy=30))
    (open_end,) = take_looks(practice=PRACTICE, now=NOW)
    assert open_end.days_needed is not None
    assert open_end.days_needed > 1000
    # 200 in 60 days, all counted: the 100 still missing take thirty days; the end with its window is 170 days off.
    plan_trial(practice=PRACTICE, ends_at=day(200), people_planned=300, actor="test", now=NOW)
    (found,) = take_looks(practice=PRACTICE, now=NOW + timedelta(hours=1))
    assert found.days_needed in (30, 31)
    plan_trial(practice=PRACTICE, ends_at=day(80), people_planned=3000, actor="test", now=NOW)
    (found,) = take_looks(practice=PRACTICE, now=NOW + timedelta(hours=1))
    assert found.days_needed == 80 + 30 - 60


def test_after_the_last_look_with_too_few_nothing_is_still_to_come() -> None:
    _ended()
    (found,) = take_looks(practice=PRACTICE, now=day(70))
    assert found.days_needed is None


def test_a_day_has_one_look_however_often_it_is_shown() -> None:
    practice(goals=[("repeat_rate", 30), ("sales", 30)])
    tell(*shop(treated=100, held_out=100, treated_buy=40, held_out_buy=30))
    for hours in (0, 1, 2):
        take_looks(practice=PRACTICE, now=NOW + timedelta(hours=hours))
    assert Look.objects.count() == 2
    take_looks(practice=PRACTICE, now=NOW + timedelta(days=1))
    assert Look.objects.count() == 4


def test_the_worker_looks_once_a_day() -> None:
    practice()
    tell(*shop(treated=100, held_out=100, treated_buy=40, held_out_buy=30))
    assert (look_due(now=NOW), look_due(now=NOW)) == (1, 0)
    assert Look.objects.count() == 1
    assert look_due(now=NOW + timedelta(days=1)) == 1


def test_without_a_planned_end_the_anytime_interval_is_shown() -> None:
    practice()
    tell(*shop(treated=100, held_out=100, treated_buy=45, held_out_buy=28))
    found = effect(practice=PRACTICE, metric="repeat_rate", now=NOW)
    assert (found.fraction, found.effect.method) == (None, "asymptotic_confidence_sequence")  # type: ignore[union-attr]


def test_an_end_that_is_over_or_of_nobody_is_refused() -> None:
    for ends_at, people in ((day(-1), 100), (day(10), None)):
        with pytest.raises(BadPlan):
            plan_trial(practice=PRACTICE, ends_at=ends_at, people_planned=people, actor="test", now=START)
    assert not Plan.objects.exists()
