from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from kizuna.facts.audit.queries import entries
from kizuna.facts.catalogue import Fact, NoteTaken, SurveyAnswered
from kizuna.facts.outbox.models import OutboxEntry
from kizuna.facts.outbox.operations import EntryNotParked, discard_parked, publish, react_due, retry_parked
from kizuna.facts.outbox.queries import parked, status

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)
NAME = "山田太郎"


def answers(*numbers: int, wake: bool = True) -> None:
    facts = [
        SurveyAnswered(occurred_at=NOW, person_id=7, answer_id=number, instrument="nps", score=9.0)
        for number in numbers
    ]
    with transaction.atomic():
        publish(facts=facts, now=NOW, wake=wake)


class Desk:
    """Reacts to answers; stumbles over the ones it is told to."""

    def __init__(self, *stumbles: int) -> None:
        self.stumbles = set(stumbles)
        self.heard: list[tuple[int, str]] = []

    def hear(self, *, fact: Fact, fact_id: str, now: datetime) -> None:
        assert isinstance(fact, SurveyAnswered)
        OutboxEntry.objects.filter(id=0).update(attempts=0)  # reactions write to the database
        if fact.answer_id in self.stumbles:
            raise RuntimeError(f"{NAME} is not in the directory")
        self.heard.append((fact.answer_id, fact_id))

    def reactions(self) -> dict[type[Fact], tuple[Callable[..., None], ...]]:
        return {SurveyAnswered: (self.hear,)}

    def work(self, at: datetime) -> int:
        return react_due(now=at, reactions=self.reactions(), limit=100)

    def give_up_on_it(self) -> datetime:
        at = NOW
        for _ in range(8):
            self.work(at)
            at += timedelta(minutes=10)
        return at


def test_every_waking_fact_reaches_its_reaction_once_and_history_reaches_none() -> None:
    desk = Desk()
    answers(1, 2)
    answers(3, wake=False)
    with transaction.atomic():
        publish(facts=[NoteTaken(occurred_at=NOW, person_id=1, note_id=1, kind="visit")], now=NOW)
    desk.work(NOW)
    desk.work(NOW)
    entry = OutboxEntry.objects.order_by("id")[0]
    assert desk.heard == [(1, f"{entry.pk}:0"), (2, f"{entry.pk}:1")]
    assert status().reaction_count == 0


def test_a_failure_is_tried_again_later_and_what_was_done_is_not_repeated() -> None:
    desk = Desk(2)
    answers(1, 2, 3)
    desk.work(NOW)
    assert [number for number, _ in desk.heard] == [1]
    assert desk.work(NOW + timedelta(seconds=1)) == 0
    desk.stumbles.clear()
    desk.work(NOW + timedelta(seconds=3))
    assert [number for number, _ in desk.heard] == [1, 2, 3]


def test_after_eight_tries_the_fact_is_parked_and_other_entries_go_on() -> None:
    desk = Desk(2)
    answers(2)
    answers(9)
    at = desk.give_up_on_it()
    assert desk.work(at + timedelta(days=1)) == 0
    assert [number for number, _ in desk.heard] == [9]
    (one,) = parked()
    assert (one.fact_type, one.values["answer_id"], one.attempts, one.waiting_count) == ("SurveyAnswered", 2, 8, 1)
    assert "RuntimeError" in one.error
    assert NAME not in one.error


def test_a_parked_fact_can_be_tried_again() -> None:
    desk = Desk(2)
    answers(2)
    at = desk.give_up_on_it()
    desk.stumbles.clear()
    retry_parked(entry_id=parked()[0].entry_id, now=at)
    desk.work(at)
    assert [number for number, _ in desk.heard] == [2]
    assert not parked()


def test_discarding_gives_up_one_fact_and_goes_on_with_those_behind_it() -> None:
    desk = Desk(2)
    answers(1, 2, 3)
    at = desk.give_up_on_it()
    (one,) = parked()
    discard_parked(entry_id=one.entry_id, reason="unknown customer", actor="user:1", now=at)
    desk.work(at)
    assert [number for number, _ in desk.heard] == [1, 3]
    (act,) = entries(action="facts.discard_parked")
    assert (act.actor, act.target, act.detail) == (
        "user:1",
        f"SurveyAnswered {one.fact_id}",
        {"reason": "unknown customer"},
    )
    with pytest.raises(EntryNotParked):
        retry_parked(entry_id=one.entry_id, now=at)
