"""Carry published facts from the outbox into Parquet files, once each, whatever is killed when.

A batch is claimed in one transaction, which fixes its number and its entries. Its files follow from
these alone: whoever finds an unwritten batch writes the same rows under the same names again, and one
last transaction registers the files and marks the batch. Only registered files are the lake.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from itertools import accumulate
from typing import Any

from django.db import connection, transaction

from kizuna.facts.catalogue import CATALOGUE, Fact
from kizuna.facts.lake.models import LakeFile
from kizuna.facts.lake.operations.files import file_row, replacing
from kizuna.facts.lake.queries import arrow, lake_path
from kizuna.facts.lake.rules import ROW_GROUP, file_name, lake_kinds
from kizuna.facts.outbox.models import Batch, OutboxEntry
from kizuna.facts.outbox.rules import Kind, to_micros, unpack
from kizuna.facts.rows.operations import reach

BATCH_FACTS = 400_000
_JST_MICROS = 9 * 3600 * 1_000_000
_DAY_MICROS = 24 * 3600 * 1_000_000


def write_due(*, now: datetime, limit: int = 1000) -> int:
    """Write up to ``limit`` outbox entries, and any batch a killed worker left behind, into the lake.

    Answers how many entries reached the lake. Safe to run from several processes at once.
    """
    _claim(now=now, limit=limit)
    unwritten = Batch.objects.filter(written_at=None).order_by("id").values_list("id", flat=True)
    return sum(_write(batch_id=batch_id, now=now) for batch_id in list(unwritten))


def write_all(*, now: datetime) -> int:
    """Write until nothing published before waits, also what another process is writing right now; answers entries."""
    written = 0
    while OutboxEntry.objects.filter(batch=None).exists() or Batch.objects.filter(written_at=None).exists():
        wrote = write_due(now=now)
        written += wrote
        if not wrote:
            time.sleep(0.02)
    return written


def _claim(*, now: datetime, limit: int) -> None:
    with transaction.atomic():
        unclaimed = OutboxEntry.objects.filter(batch=None).order_by("id")
        if connection.features.has_select_for_update_skip_locked:
            unclaimed = unclaimed.select_for_update(skip_locked=True)
        found = list(unclaimed.values_list("id", "fact_count")[:limit])
        if not found:
            return
        sums = list(accumulate(count for _, count in found))
        taken = max(1, sum(total <= BATCH_FACTS for total in sums))
        batch = Batch.objects.create(claimed_at=now, fact_count=sums[taken - 1])
        OutboxEntry.objects.filter(id__in=[entry_id for entry_id, _ in found[:taken]]).update(batch=batch)
    reach(label="lake.claimed")


@contextmanager
def _unwritten(*, batch_id: int) -> Iterator[bool]:
    """Whether the batch is ours to write. On PostgreSQL its row stays locked meanwhile, and the lock dies with us.

    SQLite has one worker, and a write lock held while Parquet is encoded would stop the web server; should
    two processes ever write the same batch there, they write the same files and only one registers them.
    """
    if not connection.features.has_select_for_update_skip_locked:
        yield Batch.objects.filter(id=batch_id, written_at=None).exists()
        return
    with transaction.atomic():
        mine = Batch.objects.select_for_update(skip_locked=True).filter(id=batch_id, written_at=None)
        yield mine.exists()


def _write(*, batch_id: int, now: datetime) -> int:
    with _unwritten(batch_id=batch_id) as mine:
        if not mine:
            return 0
        entries = list(OutboxEntry.objects.filter(batch_id=batch_id).order_by("id"))
        made: list[LakeFile] = []
        for fact_type in sorted({entry.fact_type for entry in entries}):
            table = _table(fact=CATALOGUE[fact_type], entries=[one for one in entries if one.fact_type == fact_type])
            made.extend(_write_months(fact_type=fact_type, table=table, batch_id=batch_id, now=now))
        with transaction.atomic():
            reach(label="lake.registering")
            marked = Batch.objects.filter(id=batch_id, written_at=None).update(written_at=now)
            if not marked:  # the other process of the note above was faster; its rows stand for the same files
                return 0
            LakeFile.objects.bulk_create(made)
            reach(label="lake.registered")
    reach(label="lake.written")
    return len(entries)


def _table(*, fact: type[Fact], entries: Sequence[OutboxEntry]) -> Any:
    """The entries' facts as one Arrow table with provenance."""
    pa, _, _ = arrow()
    types = _arrow_types(fact=fact)
    schema = pa.schema(list(types.items()))
    parts = []
    for entry in entries:
        columns = unpack(payload=bytes(entry.payload))
        count = entry.fact_count
        recorded = [to_micros(value=entry.recorded_at)] * count
        provenance = {"entry_id": [entry.pk] * count, "seq": range(count), "recorded_at": recorded}
        values = {**provenance, **columns}
        parts.append(pa.table([_array(kind=types[name], values=values[name]) for name in types], schema=schema))
    return pa.concat_tables(parts)


def _array(*, kind: Any, values: Any) -> Any:
    pa, _, _ = arrow()
    if pa.types.is_timestamp(kind):
        return pa.array(values, type=pa.int64()).cast(kind)
    return pa.array(values, type=kind)


def _arrow_types(*, fact: type[Fact]) -> dict[str, Any]:
    pa, _, _ = arrow()
    by_kind: dict[Kind, Any] = {
        "time": pa.timestamp("us", tz="UTC"),
        "int": pa.int64(),
        "float": pa.float64(),
        "bool": pa.bool_(),
        "text": pa.string(),
    }
    return {name: by_kind[kind] for name, kind in lake_kinds(fact=fact).items()}


def _write_months(*, fact_type: str, table: Any, batch_id: int, now: datetime) -> list[LakeFile]:
    """One file for each Japanese month among the facts, sorted by person."""
    pa, pc, pq = arrow()
    local = pc.add(table["occurred_at"].cast(pa.int64()), _JST_MICROS)
    days = pc.cast(pc.floor(pc.divide(pc.cast(local, pa.float64()), float(_DAY_MICROS))), pa.int32()).cast(pa.date32())
    months = pc.add(pc.multiply(pc.year(days), 12), pc.subtract(pc.month(days), 1))
    made = []
    for number in sorted(pc.unique(months).to_pylist()):
        month = date(number // 12, number % 12 + 1, 1)
        part = table.filter(pc.equal(months, number))
        part = part.sort_by([("person_id", "ascending"), ("entry_id", "ascending"), ("seq", "ascending")])
        name = file_name(fact_type=fact_type, month=month, name=f"{batch_id:012d}")
        with replacing(path=lake_path(name=name)) as temporary:
            pq.write_table(part, temporary, compression="zstd", row_group_size=ROW_GROUP)
        reach(label="lake.renamed")
        made.append(file_row(name=name, fact_type=fact_type, month=month, count=len(part), batch_id=batch_id, now=now))
    return made
