"""Keep the lake to few files: merge small ones, remove what was replaced, forget what is safely stored."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import uuid4

from django.db import transaction

from kizuna.facts.catalogue import CATALOGUE
from kizuna.facts.lake.models import LakeFile
from kizuna.facts.lake.operations.files import file_row, is_old, replacing
from kizuna.facts.lake.queries import connect, lake_path, mergeable
from kizuna.facts.lake.rules import GRACE, ROW_GROUP, file_name, files_to_merge, quote, source_sql
from kizuna.facts.outbox.models import OutboxEntry
from kizuna.facts.rows.operations import reach

KEEP_PAYLOADS = timedelta(days=7)


def compact_due(*, now: datetime) -> int:
    """Merge small files of one type and month, remove files long replaced, empty old payloads.

    Answers how many files were merged; call again while it is not 0.
    """
    merged = _merge_one_group(now=now)
    _remove_retired(now=now)
    old = OutboxEntry.objects.filter(batch__written_at__lt=now - KEEP_PAYLOADS, parked_at=None)
    done = old.filter(wakes=False) | old.filter(reacted_at__isnull=False)
    spent = list(done.exclude(payload=b"").order_by("id").values_list("id", flat=True)[:1000])
    OutboxEntry.objects.filter(id__in=spent).update(payload=b"")
    return merged


def remove_garbage(*, now: datetime) -> int:
    """Delete files below ``facts/`` that no row names and that nobody can still be writing; answers how many."""
    known = set(LakeFile.objects.values_list("path", flat=True))
    removed = 0
    for path in lake_path(name="facts").rglob("*"):
        if path.is_file() and str(path.relative_to(lake_path(name=""))) not in known and is_old(path=path, now=now):
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def _merge_one_group(*, now: datetime) -> int:
    groups: dict[tuple[str, date], list[LakeFile]] = {}
    for row in mergeable().order_by("fact_type", "month", "fact_count"):
        groups.setdefault((row.fact_type, row.month), []).append(row)
    for (fact_type, month), rows in groups.items():
        chosen = [rows[place] for place in files_to_merge(counts=[row.fact_count for row in rows])]
        if chosen:
            _merge(fact_type=fact_type, month=month, chosen=chosen, now=now)
            return len(chosen)
    return 0


def _merge(*, fact_type: str, month: date, chosen: Sequence[LakeFile], now: datetime) -> None:
    name = file_name(fact_type=fact_type, month=month, name=f"m{uuid4().hex}")
    source = source_sql(fact=CATALOGUE[fact_type], paths=[lake_path(name=row.path) for row in chosen])
    database = connect().cursor()
    try:
        with replacing(path=lake_path(name=name)) as temporary:
            database.execute(
                f"COPY ({source} ORDER BY person_id, entry_id, seq) TO {quote(text=str(temporary))}"
                f" (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP})"
            )
    finally:
        database.close()
    reach(label="lake.merged")
    with transaction.atomic():
        ids = [row.pk for row in chosen]
        live = LakeFile.objects.select_for_update().filter(id__in=ids, retired_at=None)
        if len(live) != len(ids):  # another worker merged some of them meanwhile; ours is garbage
            return
        LakeFile.objects.filter(id__in=ids).update(retired_at=now)
        count = sum(row.fact_count for row in chosen)
        file_row(name=name, fact_type=fact_type, month=month, count=count, batch_id=None, now=now).save()
        reach(label="lake.merge_registered")


def _remove_retired(*, now: datetime) -> None:
    retired = list(LakeFile.objects.filter(retired_at__lt=now - GRACE)[:500])
    for row in retired:
        lake_path(name=row.path).unlink(missing_ok=True)
    LakeFile.objects.filter(id__in=[row.pk for row in retired]).delete()
