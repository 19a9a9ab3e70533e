"""A step that keeps failing rests longer each time, fills no log, and the status page says so until it works again."""

import logging
import threading
from datetime import UTC, datetime

import pytest

from kizuna.cli import worker as the_worker
from kizuna.cli.steps import Steps
from kizuna.cli.worker import Worker
from kizuna.facts.outbox.operations import beat, end_beat
from kizuna.facts.outbox.queries import failing_steps
from kizuna.loop import DUE, STEPS, step_name

pytestmark = pytest.mark.django_db


class Clock:
    """Seconds that pass only when told."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Disk:
    """A step that fails while the disk is full."""

    def __init__(self) -> None:
        self.full, self.tries = True, 0
        self.error: type[Exception] = OSError

    def step(self) -> int:
        self.tries += 1
        if self.full:
            raise self.error
        return 3


def _run_for(seconds: int, *, steps: Steps, clock: Clock, disk: Disk) -> None:
    for _ in range(seconds):
        steps.run(name="write_due", step=disk.step)
        clock.now += 1


def test_the_tries_of_an_hour_are_few_and_at_least_every_five_minutes() -> None:
    clock, disk = Clock(), Disk()
    steps = Steps(worker="w1:1", clock=clock)
    _run_for(600, steps=steps, clock=clock, disk=disk)
    assert disk.tries == 10  # at 0, 1, 3, 7, 15, 31, 63, 127, 255 and 511 seconds
    _run_for(3000, steps=steps, clock=clock, disk=disk)
    assert disk.tries == 10 + 10  # from 811 on every 300 seconds


def test_it_is_logged_once_per_kind_of_failure_and_once_when_it_works_again(caplog: pytest.LogCaptureFixture) -> None:
    clock, disk = Clock(), Disk()
    steps = Steps(worker="w1:1", clock=clock)
    with caplog.at_level(logging.WARNING, logger="kizuna.worker"):
        _run_for(100, steps=steps, clock=clock, disk=disk)
        assert [record.levelname for record in caplog.records] == ["ERROR"]
        assert caplog.records[0].exc_info
        disk.error = PermissionError
        _run_for(100, steps=steps, clock=clock, disk=disk)
        assert len(caplog.records) == 2
        disk.full = False
        _run_for(300, steps=steps, clock=clock, disk=disk)
        assert [record.levelname for record in caplog.records] == ["ERROR", "ERROR", "WARNING"]


def test_the_failure_is_noted_until_the_step_works_again() -> None:
    clock, disk = Clock(), Disk()
    steps = Steps(worker="w1:1", clock=clock)
    _run_for(8, steps=steps, clock=clock, disk=disk)
    (noted,) = failing_steps()
    assert (noted.step, noted.failed_count, noted.error.endswith("OSError")) == ("write_due", 4, True)
    assert noted.due_at > noted.since
    disk.full = False
    clock.now += 300
    assert steps.run(name="write_due", step=disk.step) == 3
    assert failing_steps() == []
    # From here on it is a healthy step again: the next failure waits a second, not minutes.
    disk.full, disk.tries = True, 0
    _run_for(2, steps=steps, clock=clock, disk=disk)
    assert disk.tries == 2


def test_a_worker_that_ends_takes_its_troubles_with_it() -> None:
    steps, now = Steps(worker="w1:1", clock=Clock()), datetime.now(UTC)
    steps.run(name="write_due", step=Disk().step)
    beat(worker="w1:1", started_at=now, now=now)
    end_beat(worker="w1:1")
    assert failing_steps() == []


def test_in_the_workers_round_the_other_steps_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    disk, heard, stop = Disk(), [], threading.Event()

    def heard_of(*, now: datetime) -> int:
        heard.append(now)
        if len(heard) == 5:
            stop.set()
        return 1

    monkeypatch.setattr(the_worker, "write_due", lambda **_: disk.step())
    monkeypatch.setattr(the_worker, "DUE", (heard_of,))
    monkeypatch.setattr(the_worker, "close_old_connections", lambda: None)  # the test's own transaction lives in it
    Worker(rest=0.0).work_until(stop=stop)
    assert len(heard) == 5
    assert disk.tries == 1


def test_every_step_has_a_name_people_can_read() -> None:
    own = {name for name, _ in Worker(rest=0.0).steps()} | {"tidy"}
    assert own | {step_name(step=step) for step in DUE} == set(STEPS)
