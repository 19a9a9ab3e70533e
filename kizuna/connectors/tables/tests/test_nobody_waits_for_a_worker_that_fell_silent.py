"""The lease of an import ends with the heartbeat of the worker that held it, not ten minutes later."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from kizuna.connectors.tables.models import ImportRun
from kizuna.connectors.tables.operations import imports, run_due
from kizuna.connectors.tables.operations.imports import digest_of
from kizuna.facts.outbox.operations import beat, end_beat
from kizuna.facts.outbox.rules import worker_name

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(tmp_path: Path) -> ImportRun:
    path = tmp_path / "orders.csv"
    path.write_text(
        "order_id,ordered_at,customer,sku,product,quantity,unit_price_yen\nA1,2026-07-09,C1,T1,茶,1,980\n",
        encoding="utf-8",
    )
    return ImportRun.objects.create(
        state="running",
        actor="system",
        file_name=path.name,
        path=str(path),
        digest=digest_of(path=path),
        size_bytes=path.stat().st_size,
        layout="generic_orders",
        kind="orders",
        created_at=timezone.now(),
        lease_until=timezone.now() + timedelta(minutes=10),
        lease_of="web1:42",
    )


def _beats(worker: str, *, now: datetime, seconds_ago: int) -> None:
    beat(worker=worker, started_at=now - timedelta(hours=1), now=now - timedelta(seconds=seconds_ago))


def test_a_worker_that_lives_keeps_its_import(run: ImportRun) -> None:
    now = timezone.now()
    _beats("web1:42", now=now, seconds_ago=50)
    assert run_due(now=now) == 0


def test_a_demos_clock_that_is_ahead_silences_nobody(run: ImportRun) -> None:
    ahead = timezone.now() + timedelta(days=3)
    ImportRun.objects.update(lease_until=ahead + timedelta(minutes=10))
    _beats("web1:42", now=timezone.now(), seconds_ago=1)
    assert run_due(now=ahead) == 0


def test_after_a_minute_of_silence_another_takes_it(run: ImportRun) -> None:
    now = timezone.now()
    _beats("web1:42", now=now, seconds_ago=61)
    assert run_due(now=now) > 0
    run.refresh_from_db()
    assert (run.state, run.imported) == ("done", 1)


def test_a_worker_that_ended_leaves_its_import_at_once(run: ImportRun) -> None:
    now = timezone.now()
    _beats("web1:42", now=now, seconds_ago=1)
    end_beat(worker="web1:42")
    assert run_due(now=now) > 0


def test_in_a_container_the_next_worker_has_the_same_name_and_does_not_wait_for_itself(run: ImportRun) -> None:
    now = timezone.now()
    ImportRun.objects.update(lease_of=worker_name())
    _beats(worker_name(), now=now, seconds_ago=1)
    assert run_due(now=now) > 0


def test_a_lease_without_a_worker_runs_to_its_end(run: ImportRun) -> None:
    ImportRun.objects.update(lease_of="")
    assert run_due(now=timezone.now()) == 0


@pytest.mark.parametrize("beating", [True, False])
def test_only_a_worker_with_a_heartbeat_signs_its_lease(run: ImportRun, beating: bool) -> None:
    now = timezone.now()
    ImportRun.objects.update(lease_until=None, lease_of="")
    if beating:
        _beats(worker_name(), now=now, seconds_ago=1)
    claimed = imports._claim(now=now)
    assert claimed
    assert claimed.lease_of == (worker_name() if beating else "")
