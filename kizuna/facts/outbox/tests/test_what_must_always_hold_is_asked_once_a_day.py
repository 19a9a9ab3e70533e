"""Just after midnight in Japan, by one worker; every hour while something does not hold; and at one moment."""

import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from kizuna.facts.outbox.models import Checkup, WorkerBeat
from kizuna.facts.outbox.operations import check_due, check_now
from kizuna.facts.outbox.queries import last_checkup
from kizuna.facts.outbox.rules import Violation
from kizuna.words import Words

EVENING = datetime(2026, 11, 20, 14, 30, tzinfo=UTC)
"""Half past eleven at night in Japan, with the UTC day still young."""
HOUR = timedelta(hours=1)
BROKEN = Violation(rule="J1", words=Words(ja="二重", en="Twice"), count=7, examples=("message:1", "message:2"))


class Records:
    """What there is to find wrong, and when it was asked for."""

    def __init__(self) -> None:
        self.wrong: list[Violation] = []
        self.asked: list[datetime] = []

    def check(self, *, now: datetime) -> list[Violation]:
        self.asked.append(now)
        return self.wrong

    def due(self, *, now: datetime) -> int:
        return check_due(now=now, checks=(self.check, lambda *, now: []))


@pytest.fixture
def records(db: None) -> Records:
    del db
    return Records()


def _found() -> tuple[Violation, ...]:
    found = last_checkup()
    assert found is not None
    return found.violations


def test_once_each_day_in_japan(records: Records) -> None:
    moments = [EVENING + quarter * HOUR / 4 for quarter in range(4 * 48)]
    assert [at for at in moments if records.due(now=at)] == [EVENING, EVENING + HOUR / 2, EVENING + 24.5 * HOUR]
    assert records.asked == [EVENING, EVENING + HOUR / 2, EVENING + 24.5 * HOUR]
    assert _found() == ()


def test_every_hour_while_something_does_not_hold(records: Records) -> None:
    noon = EVENING - 12 * HOUR
    records.wrong = [BROKEN]
    assert records.due(now=noon) == 1
    assert _found() == (BROKEN,)
    assert [minutes for minutes in range(1, 120) if records.due(now=noon + minutes * HOUR / 60)] == [60]
    records.wrong = []
    assert records.due(now=noon + 2 * HOUR) == 1
    assert _found() == ()
    assert records.due(now=noon + 4 * HOUR) == 0


def test_a_clock_set_back_asks_at_most_once_more(records: Records) -> None:
    assert records.due(now=EVENING + HOUR) == 1
    assert [records.due(now=EVENING + step * HOUR / 6) for step in range(6)] == [1, 0, 0, 1, 0, 0]
    assert records.due(now=EVENING + HOUR) == 0


def test_the_button_counts_as_todays(records: Records) -> None:
    check_now(now=EVENING, checks=(records.check,))
    assert records.due(now=EVENING + HOUR / 4) == 0
    assert records.due(now=EVENING + HOUR) == 1


def test_a_check_that_fails_is_tried_again_and_the_last_word_stays(records: Records) -> None:
    records.wrong = [BROKEN]
    records.due(now=EVENING)

    def fails(*, now: datetime) -> Sequence[Violation]:
        raise OSError(now)

    with pytest.raises(OSError, match="2026"):
        check_due(now=EVENING + HOUR, checks=(fails,))
    assert _found() == (BROKEN,)
    assert records.due(now=EVENING + HOUR) == 1


def test_a_check_that_was_killed_is_followed_after_an_hour(records: Records) -> None:
    Checkup.objects.create(pk=1, begun_at=EVENING)
    assert last_checkup() is None
    assert records.due(now=EVENING + HOUR / 2) == 0
    assert records.due(now=EVENING + HOUR) == 1
    assert Checkup.objects.get().begun_at is None


def _beside(work: Callable[[], object]) -> None:
    """Do it on a connection of its own, to the end."""

    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(timeout=30)
    assert not thread.is_alive()


@pytest.mark.postgres
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="the tests' SQLite lies in memory and has no snapshots")
@pytest.mark.django_db(transaction=True)
def test_what_is_written_meanwhile_is_not_seen_and_does_not_wait() -> None:
    counted: list[int] = []

    def check(*, now: datetime) -> Sequence[Violation]:
        counted.append(WorkerBeat.objects.count())
        _beside(lambda: WorkerBeat.objects.create(worker=f"w{len(counted)}", started_at=now, seen_at=now))
        counted.append(WorkerBeat.objects.count())
        return []

    check_now(now=EVENING, checks=(check, check))
    assert counted == [0, 0, 0, 0]
    assert WorkerBeat.objects.count() == 2
    assert last_checkup() is not None


@pytest.mark.django_db(transaction=True)
def test_a_second_worker_leaves_it_to_the_first() -> None:
    answers: list[int] = []
    second = Records()

    def check(*, now: datetime) -> Sequence[Violation]:
        _beside(lambda: answers.append(second.due(now=now)))
        return []

    answers.append(check_due(now=EVENING, checks=(check,)))
    assert answers == [0, 1]
    assert second.asked == []
