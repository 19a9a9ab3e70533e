"""Bring new state files in for old ones, all at once."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from django.db import IntegrityError, connection, transaction

from kizuna.facts.lake.operations.files import is_old, settle
from kizuna.facts.lake.queries import lake_path
from kizuna.facts.lake.rules import GRACE, quote
from kizuna.facts.outbox.models import Batch
from kizuna.facts.rows.operations import reach
from kizuna.facts.state.models import StateFile, StateGeneration
from kizuna.facts.state.queries import generation
from kizuna.facts.state.rules import Touched, fingerprint

if TYPE_CHECKING:
    import duckdb

KEEP_GENERATIONS = timedelta(days=30)
_STATE_LOCK = 0x6B697A73  # any fixed number; it only has to differ from other advisory locks of this database


@contextmanager
def state_lock(*, wait: bool) -> Iterator[bool]:
    """Whether this process may change the state. PostgreSQL frees the lock when the process dies.

    On SQLite there is one worker; should a command run beside it, the generation number decides who was first.
    """
    if connection.vendor != "postgresql":
        yield True
        return
    call = "SELECT pg_advisory_lock(%s)" if wait else "SELECT pg_try_advisory_lock(%s)"
    with connection.cursor() as cursor:
        cursor.execute(call, [_STATE_LOCK])
        held = wait or bool(cursor.fetchone()[0])
    try:
        yield held
    finally:
        if held:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_STATE_LOCK])


def write_buckets(*, database: "duckdb.DuckDBPyConnection", table: str, rows: str, number: int) -> list[StateFile]:
    """Write the rows of a SELECT with a column ``bucket`` into new files; nobody reads them before ``swap``."""
    name = f"state/{table}/{number:08d}-{uuid4().hex[:12]}"
    folder = lake_path(name=name)
    folder.mkdir(parents=True)
    database.execute(
        f"COPY ({rows}) TO {quote(text=str(folder))} (FORMAT parquet, COMPRESSION zstd, PARTITION_BY (bucket))"
    )
    made = []
    for path in sorted(folder.rglob("*.parquet")):
        settle(path=path)
        settle(path=path.parent)
        bucket = int(path.parent.name.removeprefix("bucket="))
        below = str(path.relative_to(lake_path(name="")))
        made.append(StateFile(table=table, bucket=bucket, path=below, generation=number))
    settle(path=folder)
    reach(label="state.files_written")
    return made


def swap(
    *,
    made: Sequence[StateFile],
    replaced: Mapping[str, Sequence[int] | None],
    folded: Sequence[int],
    touched: Touched,
    now: datetime,
) -> bool:
    """Make ``made`` the state in place of the replaced buckets (None: the whole table) and mark the batches folded.

    Answers False, changing nothing, when another process has swapped since ``touched.generation - 1``.
    """
    reach(label="state.swapping")
    try:
        with transaction.atomic():
            if generation() != touched.generation - 1:
                return False
            StateGeneration.objects.create(
                number=touched.generation, made_at=now, touched=touched.plain(), rules=fingerprint()
            )
            for table, buckets in replaced.items():
                old = StateFile.objects.filter(table=table, retired_at=None)
                if buckets is not None:
                    old = old.filter(bucket__in=buckets)
                old.update(retired_at=now)
            StateFile.objects.bulk_create(made)
            Batch.objects.filter(id__in=folded).update(folded_at=now)
            reach(label="state.swap_registered")
    except IntegrityError:  # two processes made the same generation at once
        return False
    reach(label="state.swapped")
    return True


def mark_folded(*, batch_ids: Sequence[int], now: datetime) -> None:
    """The batches hold nothing that changes the state."""
    Batch.objects.filter(id__in=batch_ids, folded_at=None).update(folded_at=now)


def months_of(*, database: "duckdb.DuckDBPyConnection", rows: str) -> frozenset[date]:
    """The months that occur among the rows of a SELECT."""
    return frozenset(row[0] for row in database.execute(f"SELECT DISTINCT month FROM ({rows})").fetchall())


def tidy_due(*, now: datetime) -> int:
    """Remove state files replaced a while ago or never registered, and old generations; answers how many files."""
    retired = list(StateFile.objects.filter(retired_at__lt=now - GRACE)[:2000])
    for row in retired:
        _remove(path=lake_path(name=row.path))
    StateFile.objects.filter(id__in=[row.pk for row in retired]).delete()
    current = generation()
    StateGeneration.objects.filter(made_at__lt=now - KEEP_GENERATIONS, number__lt=current).delete()
    known = set(StateFile.objects.values_list("path", flat=True))
    root = lake_path(name="")
    orphans = [
        path
        for path in lake_path(name="state").rglob("*.parquet")
        if str(path.relative_to(root)) not in known and is_old(path=path, now=now)
    ]
    for path in orphans:
        _remove(path=path)
    return len(retired) + len(orphans)


def _remove(*, path: Path) -> None:
    path.unlink(missing_ok=True)
    for folder in (path.parent, path.parent.parent):
        try:
            folder.rmdir()
        except OSError:  # not empty: a sibling is still in use
            return
