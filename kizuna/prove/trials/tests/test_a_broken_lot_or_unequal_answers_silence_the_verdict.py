import pytest

from kizuna.facts.catalogue import Fact
from kizuna.prove.trials.operations import take_looks
from kizuna.prove.trials.queries import Shown, Verdict, effect
from kizuna.prove.trials.tests.world import NOW, PRACTICE, answer, assigned, practice, shop, tell
from kizuna.stats.srm import sample_ratio

pytestmark = pytest.mark.django_db


def test_three_hundred_against_two_hundred_is_no_even_lot() -> None:
    practice(holdout_share=0.5)
    tell(*shop(treated=300, held_out=200, treated_buy=200, held_out_buy=40))
    found = effect(practice=PRACTICE, metric="repeat_rate", now=NOW)
    wanted = sample_ratio(counts=[200, 300], shares=[0.5, 0.5])
    assert found.srm_p == wanted.p  # type: ignore[union-attr]
    assert found.srm_alert
    assert isinstance(found.effect, Shown)
    assert found.effect.p < 1e-6
    assert found.verdict is Verdict.UNCLEAR
    assert "割合" in found.because.ja


def test_the_same_numbers_are_fine_where_two_fifths_were_to_be_held_out() -> None:
    practice(holdout_share=0.4)
    tell(*shop(treated=300, held_out=200, treated_buy=200, held_out_buy=40))
    found = effect(practice=PRACTICE, metric="repeat_rate", now=NOW)
    assert (found.srm_alert, found.verdict) == (False, Verdict.WORKS)


def test_served_customers_who_answer_more_often_are_other_people() -> None:
    practice(goals=[("nps", 30)])
    facts: list[Fact] = [assigned(person, held_out=person > 300) for person in range(1, 601)]
    facts += [answer(person, 5, 10) for person in range(1, 201)]
    facts += [answer(person, 5, 3 if person % 2 else 9) for person in range(301, 401)]
    tell(*facts)
    found = effect(practice=PRACTICE, metric="nps", now=NOW)
    assert found.response_alert
    assert found.verdict is Verdict.UNCLEAR
    assert "回答率" in found.because.ja
    assert found.left.without_value == 300


def test_a_silenced_look_never_decides_a_planned_trial() -> None:
    practice(holdout_share=0.5)
    tell(*shop(treated=300, held_out=200, treated_buy=200, held_out_buy=40))
    take_looks(practice=PRACTICE, now=NOW)
    (look,) = take_looks(practice=PRACTICE, now=NOW)[0].looks
    assert look.verdict is Verdict.UNCLEAR
