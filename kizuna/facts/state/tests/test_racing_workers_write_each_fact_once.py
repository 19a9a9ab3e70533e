import threading
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from kizuna.facts.catalogue import SurveyAnswered
from kizuna.facts.lake.operations import write_due
from kizuna.facts.outbox.models import Batch, OutboxEntry
from kizuna.facts.outbox.operations import publish, react_due
from kizuna.facts.state.operations import advance, catch_up, verify

NOW = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)


class Race:
    """Two shops publish while three workers write, fold and react, each on a connection of its own."""

    def __init__(self) -> None:
        self.published = threading.Event()
        self.heard: list[str] = []
        self.failures: list[Exception] = []

    def hear(self, *, fact: SurveyAnswered, fact_id: str, now: datetime) -> None:
        self.heard.append(fact_id)

    def shop(self, first: int) -> None:
        for number in range(first, first + 100):
            fact = SurveyAnswered(occurred_at=NOW, person_id=number % 9, answer_id=number, instrument="nps", score=9.0)
            with transaction.atomic():
                publish(facts=[fact], now=NOW)

    def worker(self, _: int) -> None:
        done = 1
        while done or not self.published.is_set():
            done = write_due(now=NOW, limit=7)
            advance(now=NOW)
            done += react_due(now=NOW, reactions={SurveyAnswered: (self.hear,)}, limit=7)

    def start(self, work: Callable[[int], None], *firsts: int) -> list[threading.Thread]:
        threads = [threading.Thread(target=self._run, args=(work, first)) for first in firsts]
        for thread in threads:
            thread.start()
        return threads

    def _run(self, work: Callable[[int], None], first: int) -> None:
        try:
            work(first)
        except Exception as failure:
            self.failures.append(failure)
        finally:
            connection.close()


@pytest.mark.postgres
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one worker")
@pytest.mark.django_db(transaction=True)
def test_racing_workers_write_fold_and_react_to_each_fact_once() -> None:
    race = Race()
    workers = race.start(race.worker, 1, 2, 3)
    for thread in race.start(race.shop, 1000, 2000):
        thread.join()
    race.published.set()
    for thread in workers:
        thread.join()
    assert not race.failures
    catch_up(now=NOW)
    report = verify(now=NOW)
    assert report.ok, report
    assert (report.fact_count, report.pending_count, report.unit_counts["answers"]) == (200, 0, 200)
    assert sorted(race.heard) == sorted(f"{entry}:0" for entry in OutboxEntry.objects.values_list("id", flat=True))
    assert not Batch.objects.filter(written_at=None).exists()
