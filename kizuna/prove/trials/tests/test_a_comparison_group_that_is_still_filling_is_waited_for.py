"""With ten in a hundred held out, the first few customers are most often all served."""

import pytest

from kizuna.act.practices.operations import end
from kizuna.facts.catalogue import Fact
from kizuna.prove.trials.operations import plan_trial
from kizuna.prove.trials.queries import Report, Verdict, as_json, effect
from kizuna.prove.trials.tests.world import NOW, PRACTICE, assigned, order, practice, tell
from kizuna.stats.estimate import NotEnough

pytestmark = pytest.mark.django_db


def _few(*, held_out: bool = False, arm: str = "a") -> list[Fact]:
    return [
        order(900_000, 59),
        *(fact for person in (1, 2, 3) for fact in (order(person, -5), assigned(person, held_out=held_out, arm=arm))),
    ]


def _read() -> Report:
    return effect(practice=PRACTICE, metric="repeat_rate", now=NOW)


def test_nobody_is_held_out_yet_and_the_grade_is_that_of_the_design() -> None:
    practice(holdout_share=0.1)
    tell(*_few())
    found = _read()
    assert found.grade == 3
    assert found.verdict is Verdict.UNCLEAR
    assert found.effect == NotEnough(reason="none_held_out", have=0, need=1)
    assert "まだ対照群に入った方がいません" in found.because.ja
    assert "次回" not in found.because.ja
    assert as_json(report=found)["lift"] == as_json(report=found)["effect"]


def test_where_staff_choose_it_waits_for_the_weaker_grade() -> None:
    practice(holdout_share=0.1)
    plan_trial(practice=PRACTICE, ends_at=None, people_planned=None, by_lot=False, actor="test", now=NOW)
    tell(*_few())
    assert (_read().grade, _read().effect) == (2, NotEnough(reason="none_held_out", have=0, need=1))


def test_a_design_without_a_hold_out_stays_an_association() -> None:
    practice(holdout_share=0.0)
    tell(*_few())
    found = _read()
    assert (found.grade, found.verdict) == (1, Verdict.UNCLEAR)
    assert "次回は対照群を設けてください" in found.because.ja


def test_no_way_stands_in_for_the_empty_comparison_group() -> None:
    practice(holdout_share=0.1, arms=("a", "b"))
    tell(*_few(), *(fact for person in (11, 12, 13) for fact in (order(person, -5), assigned(person, arm="b"))))
    found = _read()
    assert (found.grade, found.effect) == (3, NotEnough(reason="none_held_out", have=0, need=1))


def test_between_two_ways_the_first_is_waited_for() -> None:
    practice(holdout_share=0.0, arms=("a", "b"))
    tell(*_few(arm="b"))
    found = _read()
    assert (found.grade, found.effect) == (3, NotEnough(reason="none_in_first", have=0, need=1))


def test_everybody_may_be_held_out_first() -> None:
    practice(holdout_share=0.5)
    tell(*_few(held_out=True))
    found = _read()
    assert (found.grade, found.effect) == (3, NotEnough(reason="none_served", have=0, need=1))


def test_a_practice_that_ended_before_anybody_was_held_out_waits_for_nobody() -> None:
    practice(holdout_share=0.1)
    tell(*_few())
    end(practice=PRACTICE, actor="test", now=NOW)
    found = _read()
    assert (found.grade, found.verdict) == (1, Verdict.UNCLEAR)
    assert "いないまま終わった" in found.because.ja
