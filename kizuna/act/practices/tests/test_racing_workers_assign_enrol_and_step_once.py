"""Several workers on PostgreSQL: every customer has one lot and one enrolment, every step one message."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import close_old_connections, connection, transaction

from kizuna.act.outreach.models import Message
from kizuna.act.outreach.tests.races import together
from kizuna.act.practices.models import Assignment, Enrolment
from kizuna.act.practices.operations import end, enrol, step_due, sweep
from kizuna.act.practices.queries import check_invariants
from kizuna.act.practices.rules.candidates import Candidate
from kizuna.act.practices.tests.shop import DAY, Shop, begin, thanks
from kizuna.facts.outbox.models import OutboxEntry

WORKERS = 8

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def racing() -> Shop:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer")
    made = Shop()
    made.template()
    return made


def _race(work: Callable[[], object]) -> list[BaseException]:
    failures: list[BaseException] = []
    gate = threading.Barrier(WORKERS)

    def run() -> None:
        try:
            gate.wait()
            work()
        except BaseException as failure:
            failures.append(failure)
        finally:
            close_old_connections()
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


@pytest.mark.parametrize("count", [30, 300])
def test_the_same_candidates_are_taken_once(racing: Shop, count: int) -> None:
    begin(racing, thanks(holdout_share=0.2))
    for number in range(30):
        racing.order(str(number), f"customer{number}", wake=False)
    people = [racing.person(str(number)) for number in range(30)]
    candidates = [
        Candidate(person_id=people[number % 30], cause=f"shipment:{number}", at=racing.now) for number in range(count)
    ]
    assert _race(lambda: enrol(practice="thank-you", candidates=candidates, now=racing.now)) == []
    assert Assignment.objects.count() == 30
    treated = Assignment.objects.filter(held_out=False).count()
    assert Enrolment.objects.count() == treated * count // 30
    facts = OutboxEntry.objects.filter(fact_type="PracticeAssigned").values_list("fact_count", flat=True)
    assert sum(facts) == 30


def test_due_people_are_moved_by_one_worker_each(racing: Shop) -> None:
    begin(racing, thanks())
    for number in range(60):
        racing.order(str(number), f"customer{number}", delivered_at=racing.now, wake=False)
    racing.fold()
    racing.wait(timedelta(minutes=1))
    assert _race(lambda: sweep(now=racing.now)) == []
    assert Enrolment.objects.count() == 60
    racing.wait(3 * DAY)
    moved: list[int] = []
    assert _race(lambda: moved.extend(step_due(now=racing.now, limit=7) for _ in range(4))) == []
    assert sum(moved) == 60
    assert Message.objects.count() == 60
    assert set(racing.standing()) == {("end", "done")}
    racing.fold()
    assert check_invariants(now=racing.now) == []


def test_whoever_comes_in_while_a_practice_ends_leaves_with_the_others(racing: Shop) -> None:
    begin(racing, thanks())
    for number in range(5):
        racing.order(str(number), f"customer{number}", wake=False)
    candidates = [
        Candidate(person_id=racing.person(str(number)), cause=f"order:{number}", at=racing.now) for number in range(5)
    ]
    inside = threading.Event()

    def come_in() -> None:
        with transaction.atomic():
            enrol(practice="thank-you", candidates=candidates, now=racing.now)
            inside.set()
            time.sleep(0.3)  # the end is asked for before this commits

    def leave() -> None:
        inside.wait(10)
        end(practice="thank-you", actor="test", people="leave", now=racing.now)

    together(come_in, leave)
    assert list(Enrolment.objects.values_list("state", "reason")) == [("left", "practice_ended")] * 5
