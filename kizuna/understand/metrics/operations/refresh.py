"""Roll up the months that have changed, and put the new files in place of the old in one transaction."""

import hashlib
import os
import secrets
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from kizuna.facts.lake.queries import connect
from kizuna.facts.state.queries import touched_since, units
from kizuna.facts.state.rules import Touched
from kizuna.understand.metrics.models import CubeFile, CubeState
from kizuna.understand.metrics.rules.compiled import unit_sql
from kizuna.understand.metrics.rules.grains import GRAINS
from kizuna.understand.metrics.rules.registry import METRICS
from kizuna.understand.metrics.rules.sql import COHORT_SQL, COHORTS, parquet, roll_up
from kizuna.understand.metrics.rules.units import UNITS

if TYPE_CHECKING:
    import duckdb

Months = Mapping[str, frozenset[date] | None]
"""Per unit table the months to roll up; None means all of them."""
ALL_MONTHS = date(2000, 1, 1)
"""Stands in place of a month for the file that holds all cohorts."""

MONTHS_AT_ONCE = 6
GRACE_SECONDS = 600
"""A replaced file stays this long, for readers that opened the generation before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Written:
    grain: str
    month: date
    path: str
    rows: int


def refresh(*, touched: Touched | None = None, now: datetime) -> int:
    """Roll up the months that changed since the last time and return how many files were written.

    ``touched`` only spares a look when nothing has changed: what has is remembered with the state, so a worker that
    died between the two steps loses nothing. Everything is rolled up anew when the definitions have changed. Safe to
    repeat, and to run twice at once: the slower of two throws its files away.
    """
    before = CubeState.objects.get_or_create(pk=1)[0]
    current = definitions()
    whole = before.generation == 0 or before.definitions != current
    if not whole and touched is not None and touched.generation == before.state_generation:
        return 0
    changed = touched_since(generation=before.state_generation)
    if not whole and not changed.tables:
        return 0
    months: Months = {
        table: None if whole or changed.all_of(table=table) else changed.tables[table]
        for table in UNITS
        if whole or table in changed.tables
    }
    number = before.generation + 1
    with connect().cursor() as engine:
        written = list(_rolled_up(engine=engine, months=months, number=number))
        written += _cohorts(engine=engine, months=months, number=number)
    token = secrets.token_hex(8)
    after = CubeState(
        pk=1,
        generation=number,
        token=token,
        versions={**before.versions, **dict.fromkeys(months, token)},
        state_generation=changed.generation,
        definitions=current,
        refreshed_at=now,
    )
    if not _swap(before=before, after=after, months=months, written=written):
        _remove(paths=[item.path for item in written])
        return 0
    _clear_away()
    return len(written)


def _rolled_up(*, engine: "duckdb.DuckDBPyConnection", months: Months, number: int) -> Iterator[_Written]:
    for table, named in months.items():
        wanted = _months(engine=engine, table=table) if named is None else sorted(named)
        grains = [grain for grain in GRAINS.values() if grain.table == table]
        if not grains:  # who was assigned to which practice is no metric; effects read it as it is
            continue
        for start in range(0, len(wanted), MONTHS_AT_ONCE):
            if not _load(engine=engine, table=table, months=wanted[start : start + MONTHS_AT_ONCE]):
                continue
            for grain in grains:
                engine.execute(f"CREATE OR REPLACE TEMP TABLE rolled AS {roll_up(grain=grain)}")
                found = engine.execute("SELECT month, count(*) FROM rolled GROUP BY month").fetchall()
                for month, rows in found:
                    part = f"SELECT * FROM rolled WHERE month = DATE '{month:%Y-%m-%d}' ORDER BY metric"
                    path = _write(engine=engine, grain=grain.name, month=month, sql=part, number=number)
                    yield _Written(grain=grain.name, month=month, path=path, rows=rows)
            engine.execute(f"DROP TABLE {table}")


def _cohorts(*, engine: "duckdb.DuckDBPyConnection", months: Months, number: int) -> Iterator[_Written]:
    """The one small file of all cohorts. A cell depends on the orders of its month and on who is in the cohort, so
    what is computed anew is every cell of a touched order month and of a touched first month; the others are kept.
    """
    if "orders" not in months and "customers" not in months:
        return
    for table in ("orders", "customers"):
        if not _view(engine=engine, table=table):
            return
    bought, first = months.get("orders", frozenset()), months.get("customers", frozenset())
    old = CubeFile.objects.filter(grain=COHORTS).first()
    if bought is None or first is None or old is None:
        sql = COHORT_SQL.format(changed="true")
    else:
        changed = f"({_among('o.month', bought)} OR {_among('c.month', first)})"
        later = "month + to_months(CAST(since AS INTEGER))"
        sql = (
            f"SELECT * FROM ({COHORT_SQL.format(changed=changed)}) UNION ALL "
            f"SELECT * FROM {parquet(paths=[str(settings.HOME / old.path)])} "
            f"WHERE NOT ({_among(later, bought)} OR {_among('month', first)})"
        )
    engine.execute(f"CREATE OR REPLACE TEMP TABLE rolled AS {sql}")
    rows = engine.execute("SELECT count(*) FROM rolled").fetchall()[0][0]
    part = "SELECT * FROM rolled ORDER BY month, since"
    path = _write(engine=engine, grain=COHORTS, month=ALL_MONTHS, sql=part, number=number)
    yield _Written(grain=COHORTS, month=ALL_MONTHS, path=path, rows=rows)


def _among(column: str, months: Iterable[date]) -> str:
    listed = ", ".join(f"DATE '{month:%Y-%m-%d}'" for month in sorted(months))
    return f"{column} IN ({listed})" if listed else "false"


def _load(*, engine: "duckdb.DuckDBPyConnection", table: str, months: Sequence[date]) -> bool:
    """Put the unit rows of these months into a temporary table of the unit table's name; False when there are none."""
    paths = [str(path) for path in units(table=table)]
    if not paths:
        return False
    columns = ", ".join(UNITS[table])
    engine.execute(
        f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT {columns} FROM {parquet(paths=paths)} "
        f"WHERE {_among('month', months)}"
    )
    return True


def _view(*, engine: "duckdb.DuckDBPyConnection", table: str) -> bool:
    paths = [str(path) for path in units(table=table)]
    if paths:
        engine.execute(f"CREATE OR REPLACE TEMP VIEW {table} AS SELECT * FROM {parquet(paths=paths)}")
    return bool(paths)


def _write(*, engine: "duckdb.DuckDBPyConnection", grain: str, month: date, sql: str, number: int) -> str:
    """Write one immutable file under a name of its own; its path below the home folder."""
    path = f"cubes/{grain}/{month:%Y-%m}-{number}-{secrets.token_hex(4)}.parquet"
    target = settings.HOME / path
    target.parent.mkdir(parents=True, exist_ok=True)
    raw = target.with_suffix(".tmp")
    quoted = str(raw).replace("'", "''")
    engine.execute(f"COPY ({sql}) TO '{quoted}' (FORMAT parquet)")
    with raw.open("rb") as file:
        os.fsync(file.fileno())
    raw.rename(target)
    return path


def _months(*, engine: "duckdb.DuckDBPyConnection", table: str) -> list[date]:
    paths = [str(path) for path in units(table=table)]
    if not paths:
        return []
    return [row[0] for row in engine.execute(f"SELECT DISTINCT month FROM {parquet(paths=paths)}").fetchall()]


def _swap(*, before: CubeState, after: CubeState, months: Months, written: Sequence[_Written]) -> bool:
    """Put the new files in place of those of ``months``, unless another process was faster."""
    with transaction.atomic():
        moved = CubeState.objects.filter(pk=1, generation=before.generation).update(
            generation=after.generation,
            token=after.token,
            versions=after.versions,
            state_generation=after.state_generation,
            definitions=after.definitions,
            refreshed_at=after.refreshed_at,
        )
        if not moved:
            return False
        for table, named in months.items():
            old = CubeFile.objects.filter(grain__in=[grain.name for grain in GRAINS.values() if grain.table == table])
            (old if named is None else old.filter(month__in=list(named))).delete()
        if {"orders", "customers"} & months.keys():
            CubeFile.objects.filter(grain=COHORTS).delete()
        CubeFile.objects.exclude(grain__in=[*GRAINS, COHORTS]).delete()
        CubeFile.objects.bulk_create(
            CubeFile(grain=item.grain, month=item.month, path=item.path, rows=item.rows, generation=after.generation)
            for item in written
        )
    return True


@cache
def definitions() -> str:
    """A fingerprint of all that decides what is in a roll-up; a new release with other definitions starts afresh."""
    text = "\n".join([*(unit_sql(name=name) for name in METRICS), *map(repr, GRAINS.values()), COHORT_SQL])
    return hashlib.sha256(text.encode()).hexdigest()


def _clear_away() -> None:
    """Delete files that no row names and no reader can still hold."""
    alive = set(CubeFile.objects.values_list("path", flat=True))
    oldest = time.time() - GRACE_SECONDS
    for path in (settings.HOME / "cubes").glob("*/*"):
        with suppress(FileNotFoundError):  # another worker was faster
            if str(path.relative_to(settings.HOME)) not in alive and path.stat().st_mtime < oldest:
                path.unlink()


def _remove(*, paths: Iterable[str]) -> None:
    for path in paths:
        (settings.HOME / path).unlink(missing_ok=True)
