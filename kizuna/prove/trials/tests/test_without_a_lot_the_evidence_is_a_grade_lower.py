from datetime import date

import pytest

from kizuna.facts.catalogue import Fact, SurveyAnswered
from kizuna.prove.trials.operations import plan_trial, start_in_stores
from kizuna.prove.trials.queries import NoStoreStart, Shown, Verdict, effect, store_effect
from kizuna.prove.trials.queries.stores import SeveralDays
from kizuna.prove.trials.tests.world import NOW, PRACTICE, START, assigned, day, order, practice, tell
from kizuna.stats.arms import Effect
from kizuna.stats.estimate import Interval
from kizuna.understand.metrics.rules.windows import NoWindow

pytestmark = pytest.mark.django_db
_SINCE = date(2026, 2, 4)  # thirty days after the start


def _said(store: str, at: float, scores: list[float], first: int) -> list[Fact]:
    return [
        SurveyAnswered(
            occurred_at=day(at + place / 100),
            person_id=None,
            answer_id=first + place,
            instrument="csat5",
            score=score,
            store=store,
        )
        for place, score in enumerate(scores)
    ]


def _stores(*, rise: int, drift: int = 0) -> list[Fact]:
    """Eight stores, twenty answers in each thirty days; those that begin gain ``rise`` satisfied customers."""
    facts: list[Fact] = []
    for number in range(8):
        began = number < 4
        for period in range(-2, 2):
            satisfied = 8 + number % 3 + (rise if began and period == 1 else 0) + (drift * period if began else 0)
            satisfied += (number * 3 + (period + 2) ** 2 * (number % 3 + 1)) % 3
            scores = [5.0 if place < satisfied else 2.0 for place in range(20)]
            facts += _said(f"s{number}", period * 30 + 3, scores, 1000 * (number + 1) + 100 * (period + 2))
    return facts


def _began() -> None:
    start_in_stores(practice="greeting", stores=["s0", "s1", "s2", "s3"], since=_SINCE, actor="test", now=START)


def test_stores_that_began_gain_a_quarter_more() -> None:
    _began()
    tell(*_stores(rise=5))
    found = store_effect(practice="greeting", metric="csat5", now=day(60))
    assert (found.treated, found.control) == (("s0", "s1", "s2", "s3"), ("s4", "s5", "s6", "s7"))
    assert isinstance(found.effect, Effect)
    assert found.effect.value == pytest.approx(0.25, abs=0.06)
    assert (found.effect.n_control, found.effect.n_treated) == (4, 4)
    assert (found.judgement.verdict, found.grade) == (Verdict.WORKS, 2)


def test_stores_that_were_drifting_apart_before_prove_nothing() -> None:
    _began()
    tell(*_stores(rise=0, drift=3))
    found = store_effect(practice="greeting", metric="csat5", now=day(60))
    assert isinstance(found.drift, Effect)
    assert found.drift.p < 0.05
    assert found.judgement.verdict is Verdict.UNCLEAR
    assert "始める前" in found.judgement.because.ja


def test_two_weeks_are_waited_for_and_unknown_stores_are_refused() -> None:
    with pytest.raises(NoStoreStart):
        store_effect(practice="greeting", metric="csat5", now=NOW)
    _began()
    tell(*_stores(rise=5))
    assert store_effect(practice="greeting", metric="csat5", now=day(35)).judgement.verdict is Verdict.UNCLEAR
    with pytest.raises(NoWindow):
        store_effect(practice="greeting", metric="discount_share", now=day(60))
    start_in_stores(practice="greeting", stores=["s4"], since=date(2026, 2, 20), actor="test", now=START)
    with pytest.raises(SeveralDays):
        store_effect(practice="greeting", metric="csat5", now=day(60))


def test_where_staff_chose_customers_are_compared_with_their_like() -> None:
    practice(holdout_share=0.5)
    plan_trial(practice=PRACTICE, ends_at=None, people_planned=None, by_lot=False, actor="test", now=START)
    facts: list[Fact] = [order(900_000, 59)]
    # Regulars come back twice as often whatever is done, and staff served mostly regulars.
    for person in range(1, 1201):
        regular = person <= 600
        served = person % 4 != 0 if regular else person % 4 == 0
        facts += [order(person, -5), *([order(person, -9)] if regular else []), assigned(person, held_out=not served)]
        if (person // 4) % 10 < (6 if regular else 3):
            facts.append(order(person, 10))
    tell(*facts)
    found = effect(practice=PRACTICE, metric="repeat_rate", now=NOW)
    shares = {one.held_out: one.value.value for one in found.arms if isinstance(one.value, Interval)}
    assert shares[False] - shares[True] == pytest.approx(0.15, abs=0.01)
    assert isinstance(found.effect, Shown)
    assert found.effect.value == pytest.approx(0.0, abs=0.005)
    assert (found.grade, found.verdict) == (2, Verdict.UNCLEAR)
