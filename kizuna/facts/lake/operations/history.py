"""History by the million rows, straight from a query into the lake."""

import shutil
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from django.db import transaction

from kizuna.facts.catalogue import Fact
from kizuna.facts.lake.models import LakeFile
from kizuna.facts.lake.operations.files import file_row, settle
from kizuna.facts.lake.queries import arrow, connect, lake_path
from kizuna.facts.lake.rules import ROW_GROUP, file_name, quote, sql_columns
from kizuna.facts.outbox.models import Batch, OutboxEntry
from kizuna.facts.rows.operations import reserve_ids

if TYPE_CHECKING:
    import duckdb


def write_query(
    *, fact: type[Fact], sql: str, now: datetime, database: "duckdb.DuckDBPyConnection | None" = None
) -> int:
    """Put the rows of a DuckDB SELECT into the lake as one batch of history; answers how many.

    ``sql`` yields the fact's columns by name (times as TIMESTAMPTZ; columns with a default may be left
    out). Meant for benches and for history by the million
    rows, which the outbox's payloads would only slow down. The batch is accounted for by an outbox entry
    without payload, wakes no reaction, and is verified like any other. ``database`` is the connection that
    knows the tables ``sql`` names, when they are temporary.

    Raises: ValueError when the columns do not fit the fact.
    """
    with transaction.atomic():
        batch_id, entry_id = reserve_ids(model=Batch, count=1)[0], reserve_ids(model=OutboxEntry, count=1)[0]
    used = database or connect()
    parts = _query_to_files(database=used, fact=fact, sql=sql, batch_id=batch_id, entry_id=entry_id, now=now)
    count = sum(part.fact_count for part in parts)
    if not count:
        return 0
    with transaction.atomic():
        Batch.objects.create(id=batch_id, claimed_at=now, written_at=now, fact_count=count)
        OutboxEntry.objects.create(
            id=entry_id,
            fact_type=fact.__name__,
            fact_count=count,
            payload=b"",
            recorded_at=now,
            batch_id=batch_id,
            due_at=now,
            wakes=False,
        )
        LakeFile.objects.bulk_create(parts)
    return count


def _query_to_files(
    *, database: "duckdb.DuckDBPyConnection", fact: type[Fact], sql: str, batch_id: int, entry_id: int, now: datetime
) -> list[LakeFile]:
    folder = lake_path(name=f"tmp/query-{uuid4().hex}")
    folder.mkdir(parents=True)
    try:
        given = {row[0] for row in database.execute(f"DESCRIBE {sql}").fetchall()}
        database.execute(
            f"COPY (SELECT {entry_id}::BIGINT AS entry_id, row_number() OVER () - 1 AS seq,"
            f" TIMESTAMPTZ {quote(text=now.isoformat())} AS recorded_at, {sql_columns(fact=fact, given=given)},"
            f" strftime(jst_day(occurred_at), '%Y-%m') AS jst_month FROM ({sql}) ORDER BY jst_month, person_id)"
            f" TO {quote(text=str(folder))}"
            f" (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP}, PARTITION_BY (jst_month))"
        )
        return [
            _adopt(path=path, number=number, fact_type=fact.__name__, batch_id=batch_id, now=now)
            for number, path in enumerate(sorted(folder.rglob("*.parquet")))
        ]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _adopt(*, path: Path, number: int, fact_type: str, batch_id: int, now: datetime) -> LakeFile:
    _, _, pq = arrow()
    month = date.fromisoformat(path.parent.name.removeprefix("jst_month=") + "-01")
    name = file_name(fact_type=fact_type, month=month, name=f"{batch_id:012d}-{number}")
    target = lake_path(name=name)
    target.parent.mkdir(parents=True, exist_ok=True)
    settle(path=path)
    path.rename(target)
    settle(path=target.parent)
    count = pq.read_metadata(target).num_rows
    return file_row(name=name, fact_type=fact_type, month=month, count=count, batch_id=batch_id, now=now)
