"""Fold newly written batches into the unit tables by recomputing exactly what they can have changed."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Sum

from kizuna.facts.lake.models import LakeFile
from kizuna.facts.lake.operations import write_all
from kizuna.facts.lake.queries import lake_path, parquet
from kizuna.facts.state.models import StateFile
from kizuna.facts.state.operations.closure import fetch_facts, spread, touched_tables
from kizuna.facts.state.operations.rebuild import rebuild_once
from kizuna.facts.state.operations.swap import mark_folded, months_of, state_lock, swap, write_buckets
from kizuna.facts.state.operations.workspace import compute, workspace
from kizuna.facts.state.queries import generation, is_due, is_outdated, touched_since, unfolded
from kizuna.facts.state.rules import BUCKETS, UNITS, Touched, unit_sql

if TYPE_CHECKING:
    import duckdb

REBUILD_SHARE, REBUILD_FACTS = 0.25, 50_000
"""With more than this share and number of facts new, reading all once beats finding out what is touched."""

_THINGS = {
    "orders": "order",
    "lines": "order",
    "shipments": "shipment",
    "answers": "answer",
    "reviews": "review",
    "notes": "note",
    "assignments": "assignment",
    "customers": "person",
}


def advance(*, now: datetime) -> Touched:
    """Take every batch that is in the lake and not yet in the state into the unit tables.

    Exact for late, edited, voided, merged and un-merged facts: the touched things and everyone they ever
    belonged to are computed anew from all their facts; everything is, when the present state was made by the
    rules of another release. Answers what changed; nothing, when there was nothing new or another process is at it.
    """
    return _step(now=now, wait=False)


def catch_up(*, now: datetime) -> Touched:
    """Everything published so far: into the lake and into the state, before this returns.

    For commands that answer at once (an import followed by a metric); the worker does the same in steps.
    """
    before = generation()
    write_all(now=now)
    while is_due():
        _step(now=now, wait=True)
    return touched_since(generation=before)


def _step(*, now: datetime, wait: bool) -> Touched:
    with state_lock(wait=wait) as held:
        if held and is_outdated():
            return rebuild_once(now=now) or Touched(generation=generation())
        batch_ids = unfolded() if held else []
        if not batch_ids:
            return Touched(generation=generation())
        if _is_large(batch_ids=batch_ids):
            return rebuild_once(now=now) or Touched(generation=generation())
        return _advance(batch_ids=batch_ids, now=now)


def _is_large(*, batch_ids: Sequence[int]) -> bool:
    live = LakeFile.objects.filter(retired_at=None)
    total = live.aggregate(facts=Sum("fact_count"))["facts"] or 0
    fresh = live.filter(batch_id__in=batch_ids).aggregate(facts=Sum("fact_count"))["facts"] or 0
    return bool(fresh > REBUILD_FACTS and fresh > REBUILD_SHARE * total)


def _advance(*, batch_ids: Sequence[int], now: datetime) -> Touched:
    number = generation() + 1
    with workspace() as database:
        tables = touched_tables(database=database, batch_ids=batch_ids)
        if not tables:
            mark_folded(batch_ids=batch_ids, now=now)
            return Touched(generation=number - 1)
        spread(database=database, batch_ids=batch_ids)
        fetch_facts(database=database, tables=tables)
        compute(database=database)
        made: list[StateFile] = []
        replaced: dict[str, Sequence[int]] = {}
        months: dict[str, frozenset[date]] = {}
        for table in sorted(tables):
            changed = _changed(database=database, table=table)
            if changed:
                replaced[table], months[table] = changed
                made += _write_changed(database=database, table=table, buckets=changed[0], number=number)
    if not replaced:
        mark_folded(batch_ids=batch_ids, now=now)
        return Touched(generation=number - 1)
    touched = Touched(generation=number, tables=months)
    if swap(made=made, replaced=replaced, folded=batch_ids, touched=touched, now=now):
        return touched
    return Touched(generation=generation())


def _subject(*, table: str) -> str:
    """Whether a row of the table is about something touched: a customer's row by root, a guest's by its thing."""
    thing = UNITS[table].thing
    return (
        f"(person_id IN (SELECT id FROM touched_root)"
        f" OR (person_id IS NULL AND {thing} IN (SELECT id FROM touched_{_THINGS[table]})))"
    )


def _changed(*, database: "duckdb.DuckDBPyConnection", table: str) -> tuple[list[int], frozenset[date]] | None:
    """Compare the touched rows as they stand with as they should be; which buckets and months differ."""
    names = ", ".join([*UNITS[table].columns, "bucket"])
    database.execute(
        f"CREATE TEMP TABLE new_{table} AS SELECT * FROM ({unit_sql(table=table)}) WHERE {_subject(table=table)}"
    )
    database.execute(
        f"CREATE TEMP TABLE old_{table} AS SELECT * FROM ({_present(database=database, table=table)})"
        f" WHERE {_subject(table=table)}"
    )
    database.execute(
        f"CREATE TEMP TABLE delta_{table} AS"
        f" (SELECT {names} FROM new_{table} EXCEPT ALL SELECT {names} FROM old_{table}) UNION ALL"
        f" (SELECT {names} FROM old_{table} EXCEPT ALL SELECT {names} FROM new_{table})"
    )
    buckets = [row[0] for row in database.execute(f"SELECT DISTINCT bucket FROM delta_{table}").fetchall()]
    if not buckets:
        return None
    return sorted(buckets), months_of(database=database, rows=f"SELECT month FROM delta_{table}")


def _write_changed(
    *, database: "duckdb.DuckDBPyConnection", table: str, buckets: Sequence[int], number: int
) -> list[StateFile]:
    listed = ", ".join(str(bucket) for bucket in buckets)
    present = _bucket_rows(table=table, buckets=buckets)
    rows = (
        f"SELECT * FROM ({present}) WHERE NOT coalesce({_subject(table=table)}, false)"
        f" UNION ALL SELECT * FROM new_{table} WHERE bucket IN ({listed})"
    )
    return write_buckets(database=database, table=table, rows=rows, number=number)


def _present(*, database: "duckdb.DuckDBPyConnection", table: str) -> str:
    """The present rows of every bucket that can hold a touched row."""
    found = database.execute(
        f"SELECT DISTINCT id % {BUCKETS} FROM touched_root"
        f" UNION SELECT DISTINCT id % {BUCKETS} FROM touched_{_THINGS[table]}"
    ).fetchall()
    return _bucket_rows(table=table, buckets=[row[0] for row in found])


def _bucket_rows(*, table: str, buckets: Sequence[int]) -> str:
    rows = StateFile.objects.filter(table=table, retired_at=None, bucket__in=buckets)
    paths = [lake_path(name=name) for name in rows.order_by("path").values_list("path", flat=True)]
    unit = UNITS[table]
    names = ", ".join(unit.columns)
    if not paths:
        nothing = ", ".join(f"NULL::{kind} AS {name}" for name, kind in unit.columns.items())
        return f"SELECT {nothing}, NULL::BIGINT AS bucket WHERE false"
    return f"SELECT {names}, coalesce(person_id, {unit.thing}) % {BUCKETS} AS bucket FROM {parquet(paths=paths)}"
