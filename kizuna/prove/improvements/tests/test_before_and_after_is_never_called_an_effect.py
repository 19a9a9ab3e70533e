"""Nagoya mends its till; what its NPS did is held against the stores that did not."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from random import Random

import pytest
from django.db import transaction

from kizuna.facts.catalogue import Fact, SurveyAnswered
from kizuna.facts.outbox.operations import publish
from kizuna.prove.improvements.models import Improvement
from kizuna.prove.improvements.operations import move
from kizuna.prove.improvements.queries import Movement, improvement, movement
from kizuna.prove.improvements.tests.shop import ACTOR, NOW, signed_in, stores, wanted
from kizuna.prove.trials.queries import Verdict
from kizuna.understand.metrics.operations import catch_up

pytestmark = pytest.mark.django_db
STORES = ("nagoya", "kyoto", "osaka", "kobe", "nara", "otsu")
DONE = NOW - timedelta(days=60)
_ids = count(1)


def answers(store: str, *, lift: float, dice: Random) -> Iterator[Fact]:
    """Forty answers a month for nine months: NPS near 0, from the day of the change better by ``lift``."""
    for number in range(360):
        at = NOW - timedelta(days=270) + timedelta(days=0.75 * number)
        happy = 0.4 + (lift / 200.0 if at > DONE else 0.0)
        roll = dice.random()
        score = 10 if roll < happy else (7 if roll < 0.6 + happy / 4 else 2)
        yield answer(store, at, score)


def answer(store: str, at: datetime, score: float) -> SurveyAnswered:
    return SurveyAnswered(
        occurred_at=at, person_id=None, answer_id=next(_ids), instrument="nps", score=score, store=store
    )


def told(*facts: Fact) -> None:
    with transaction.atomic():
        publish(facts=facts, now=NOW, wake=False)
    catch_up(now=NOW)


def shown(*, lift: float, where: tuple[str, ...] = ("nagoya",), codes: tuple[str, ...] = STORES) -> Movement:
    stores(*codes)
    dice = Random(11)
    told(*(fact for code in codes for fact in answers(code, lift=lift if code == "nagoya" else 0.0, dice=dice)))
    number = wanted(stores=where, metric="nps")
    move(improvement_id=number, state="done", done_on=DONE.date(), actor=ACTOR, now=NOW)
    found = movement(shown=improvement(improvement_id=number), now=NOW)
    assert found is not None
    return found


def test_against_other_stores_it_is_an_effect_of_the_second_grade() -> None:
    found = shown(lift=120.0)
    assert (found.grade, found.treated, found.control) == (2, 1, 5)
    assert found.effect is not None
    assert found.effect.low > 0.0
    assert found.verdict is Verdict.WORKS


def test_no_change_is_not_known_yet() -> None:
    found = shown(lift=0.0)
    assert (found.grade, found.verdict) == (2, Verdict.UNCLEAR)


def test_done_everywhere_there_is_nothing_to_compare_with() -> None:
    found = shown(lift=120.0, where=())
    assert (found.grade, found.effect, found.verdict) == (1, None, None)
    assert "全店" in found.because.ja


def test_three_stores_are_too_few() -> None:
    found = shown(lift=120.0, codes=("nagoya", "kyoto", "osaka"))
    assert (found.grade, found.effect) == (1, None)


def test_a_page_of_the_first_grade_does_not_say_effect(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kizuna.prove.improvements.views.pages.present", lambda: NOW)
    shown(lift=120.0, where=())
    page = signed_in("manager").get(f"/improvements/{Improvement.objects.get().pk}/").content.decode()
    moved = page[page.index("指標の動き") : page.index("数値</summary>")]
    assert "★1" in moved
    assert "平均への回帰" in moved
    assert "効果あり" not in moved
    assert "p = " not in moved
