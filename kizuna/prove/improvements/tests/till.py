"""Nagoya mends its till; the other stores go on as they were."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from random import Random

from django.db import transaction

from kizuna.facts.catalogue import Fact, SurveyAnswered
from kizuna.facts.outbox.operations import publish
from kizuna.prove.improvements.operations import move
from kizuna.prove.improvements.queries import Movement, improvement, movement
from kizuna.prove.improvements.tests.shop import ACTOR, NOW, stores, wanted
from kizuna.understand.metrics.operations import catch_up

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
    """One answer."""
    return SurveyAnswered(
        occurred_at=at, person_id=None, answer_id=next(_ids), instrument="nps", score=score, store=store
    )


def told(*facts: Fact) -> None:
    """Publish the facts and bring everything up to date."""
    with transaction.atomic():
        publish(facts=facts, now=NOW, wake=False)
    catch_up(now=NOW)


def shown(*, lift: float, where: tuple[str, ...] = ("nagoya",), codes: tuple[str, ...] = STORES) -> Movement:
    """What the metric did since the improvement was done in those stores."""
    stores(*codes)
    dice = Random(11)
    told(*(fact for code in codes for fact in answers(code, lift=lift if code == "nagoya" else 0.0, dice=dice)))
    number = wanted(stores=where, metric="nps")
    move(improvement_id=number, state="done", done_on=DONE.date(), actor=ACTOR, now=NOW)
    found = movement(shown=improvement(improvement_id=number), now=NOW)
    assert found is not None
    return found
