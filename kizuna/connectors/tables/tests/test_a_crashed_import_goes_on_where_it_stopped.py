from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from kizuna.connectors.tables.models import ImportRun
from kizuna.connectors.tables.operations import import_file, importer, run_due
from kizuna.connectors.tables.operations.importer import Importer, Overtaken
from kizuna.connectors.tables.operations.imports import digest_of, finish
from kizuna.customers.orders.models import Order

pytestmark = pytest.mark.django_db
HEADER = "order_id,ordered_at,customer,sku,product,quantity,unit_price_yen\n"


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(importer, "CHUNK_RECORDS", 10)
    body = "".join(f"A{n},2026-07-09,C{n % 7},T1,茶,{'x' if n % 9 == 0 else 1},980\n" for n in range(1, 96))
    file = tmp_path / "orders.csv"
    file.write_text(HEADER + body, encoding="utf-8")
    return file


def crashed_run(path: Path, chunks: int) -> ImportRun:
    """A run whose process died after some chunks, between writing errors and committing them."""
    now = timezone.now()
    run = ImportRun.objects.create(
        state="running",
        actor="system",
        file_name=path.name,
        path=str(path),
        digest=digest_of(path=path),
        size_bytes=path.stat().st_size,
        layout="generic_orders",
        kind="orders",
        created_at=now,
        started_at=now,
    )
    engine = Importer(run=run)
    for _ in range(chunks):
        engine.step(now=now)
    engine._journal._write(lines=[b'{"half a line'])
    engine.close()
    ImportRun.objects.filter(pk=run.pk).update(lease_until=now - timedelta(seconds=1))
    return run


def check(run: ImportRun) -> None:
    run.refresh_from_db()
    assert run.state == "done"
    assert (run.rows_in, run.imported, run.skipped, run.errored) == (95, 85, 0, 10)
    assert Order.objects.count() == 85


@pytest.mark.parametrize("chunks", [0, 1, 4, 10])
def test_the_command_line_takes_up_the_run_of_the_same_file(path: Path, chunks: int) -> None:
    run = crashed_run(path, chunks)
    result = import_file(path=path, layout=None, mapping=None, actor="system", now=timezone.now())
    assert result.import_id == run.pk
    check(run)
    assert result.errors_file is not None
    assert len(result.errors_file.read_text(encoding="utf-8-sig").splitlines()) == 11


def test_the_worker_takes_up_a_run_whose_lease_ran_out(path: Path) -> None:
    run = crashed_run(path, 3)
    assert run_due(now=timezone.now()) > 0
    check(run)


def test_of_two_who_hold_one_run_the_slower_lets_go_and_every_row_counts_once(path: Path) -> None:
    """A machine that slept through its lease wakes up while another works on."""
    run, now = crashed_run(path, 2), timezone.now()
    slower, faster = Importer(run=ImportRun.objects.get(pk=run.pk)), Importer(run=ImportRun.objects.get(pk=run.pk))
    try:
        assert faster.step(now=now)
        with pytest.raises(Overtaken):
            slower.step(now=now)
        while faster.step(now=now):
            pass
    finally:
        slower.close()
        faster.close()
    finish(run_id=run.pk, now=now)
    check(run)


def test_a_command_that_was_overtaken_leaves_the_run_to_the_other(path: Path) -> None:
    other: list[Importer] = []

    def overtake(done: int, total: int) -> None:
        other.append(Importer(run=ImportRun.objects.get()))
        other[0].step(now=timezone.now())

    with pytest.raises(Overtaken):
        import_file(path=path, layout=None, mapping=None, actor="system", now=timezone.now(), progress=overtake)
    run = ImportRun.objects.get()
    assert run.state == "running"
    while other[0].step(now=timezone.now()):
        pass
    other[0].close()
    finish(run_id=run.pk, now=timezone.now())
    check(run)


def test_a_run_that_somebody_still_holds_is_left_alone(path: Path) -> None:
    run = crashed_run(path, 3)
    ImportRun.objects.filter(pk=run.pk).update(lease_until=timezone.now() + timedelta(minutes=5))
    assert run_due(now=timezone.now()) == 0


def test_a_run_whose_file_changed_meanwhile_says_so(path: Path) -> None:
    run = crashed_run(path, 3)
    path.write_text(HEADER, encoding="utf-8")
    run_due(now=timezone.now())
    run.refresh_from_db()
    assert run.state == "failed"
    assert "変わって" in run.failure_ja
