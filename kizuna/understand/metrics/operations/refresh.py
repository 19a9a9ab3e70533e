"""Roll up the months that have changed, and put the new files in place of the old in one transaction."""

import hashlib
import os
import secrets
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from kizuna.facts.lake.queries import connect
from kizuna.facts.state.operations import Touched
from kizuna.facts.state.queries import generation, units
from kizuna.understand.metrics.models import CubeFile, CubeState
from kizuna.understand.metrics.rules.compiled import unit_sql
from kizuna.understand.metrics.rules.grains import GRAINS
from kizuna.understand.metrics.rules.registry import METRICS
from kizuna.understand.metrics.rules.sql import COHORT_SQL, COHORTS, parquet, roll_up
from kizuna.understand.metrics.rules.units import UNITS

if TYPE_CHECKING:
    import duckdb

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
    """Roll up what ``touched`` names and return how many files were written.

    Everything is rolled up anew when the definitions have changed, when nothing was rolled up yet, or when a change
    of the state was missed (a worker died between the two). Safe to repeat, and to run twice at once: the slower of
    two throws its files away.
    """
    before = CubeState.objects.get_or_create(pk=1)[0]
    definitions = _definitions()
    present = generation()
    whole = before.generation == 0 or before.definitions != definitions
    if not whole and before.state_generation == present:
        return 0
    in_step = touched is not None and touched.generation == present == before.state_generation + 1
    with connect().cursor() as engine:
        if touched is None or whole or not in_step:
            months = {table: frozenset(_months(engine=engine, table=table)) for table in UNITS}
            whole = True
        else:
            months = dict(touched.tables)
        written = list(_rolled_up(engine=engine, months=months, generation=before.generation + 1))
    after = CubeState(
        pk=1,
        generation=before.generation + 1,
        state_generation=present,
        definitions=definitions,
        refreshed_at=now,
    )
    if not _swap(before=before, after=after, months=None if whole else months, written=written):
        _remove(paths=[item.path for item in written])
        return 0
    _clear_away()
    return len(written)


def _rolled_up(
    *, engine: "duckdb.DuckDBPyConnection", months: Mapping[str, Iterable[date]], generation: int
) -> Iterator[_Written]:
    for table in UNITS:
        wanted = sorted(months.get(table, ()))
        grains = [grain for grain in GRAINS.values() if grain.table == table]
        for start in range(0, len(wanted), MONTHS_AT_ONCE):
            some = wanted[start : start + MONTHS_AT_ONCE]
            if not _load(engine=engine, table=table, months=some):
                continue
            for grain in grains:
                yield from _write(
                    engine=engine, name=grain.name, sql=roll_up(grain=grain), order="metric", generation=generation
                )
            if table == "customers" and _view(engine=engine, table="orders"):
                yield from _write(engine=engine, name=COHORTS, sql=COHORT_SQL, order="since", generation=generation)
            engine.execute(f"DROP TABLE {table}")


def _load(*, engine: "duckdb.DuckDBPyConnection", table: str, months: Sequence[date]) -> bool:
    """Put the unit rows of these months into a temporary table of the unit table's name; False when there are none."""
    paths = [str(path) for path in units(table=table)]
    if not paths:
        return False
    columns = ", ".join(UNITS[table])
    listed = ", ".join(f"DATE '{month:%Y-%m-%d}'" for month in months)
    engine.execute(
        f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT {columns} FROM {parquet(paths=paths)} "
        f"WHERE month IN ({listed})"
    )
    return True


def _view(*, engine: "duckdb.DuckDBPyConnection", table: str) -> bool:
    paths = [str(path) for path in units(table=table)]
    if paths:
        engine.execute(f"CREATE OR REPLACE TEMP VIEW {table} AS SELECT * FROM {parquet(paths=paths)}")
    return bool(paths)


def _write(
    *, engine: "duckdb.DuckDBPyConnection", name: str, sql: str, order: str, generation: int
) -> Iterator[_Written]:
    engine.execute(f"CREATE OR REPLACE TEMP TABLE rolled AS {sql}")
    found = engine.execute("SELECT month, count(*) FROM rolled GROUP BY month ORDER BY month").fetchall()
    for month, rows in found:
        path = f"cubes/{name}/{month:%Y-%m}-{generation}-{secrets.token_hex(4)}.parquet"
        target = settings.HOME / path
        target.parent.mkdir(parents=True, exist_ok=True)
        raw = target.with_suffix(".tmp")
        engine.execute(
            f"COPY (SELECT * FROM rolled WHERE month = DATE '{month:%Y-%m-%d}' ORDER BY {order}) "
            f"TO '{_quoted(raw)}' (FORMAT parquet)"
        )
        with raw.open("rb") as file:
            os.fsync(file.fileno())
        raw.rename(target)
        yield _Written(grain=name, month=month, path=path, rows=rows)


def _months(*, engine: "duckdb.DuckDBPyConnection", table: str) -> list[date]:
    paths = [str(path) for path in units(table=table)]
    if not paths:
        return []
    return [row[0] for row in engine.execute(f"SELECT DISTINCT month FROM {parquet(paths=paths)}").fetchall()]


def _swap(
    *, before: CubeState, after: CubeState, months: Mapping[str, Iterable[date]] | None, written: Sequence[_Written]
) -> bool:
    """Replace the files of ``months`` (None: of everything) unless another process was faster."""
    with transaction.atomic():
        moved = CubeState.objects.filter(pk=1, generation=before.generation).update(
            generation=after.generation,
            state_generation=after.state_generation,
            definitions=after.definitions,
            refreshed_at=after.refreshed_at,
        )
        if not moved:
            return False
        if months is None:
            CubeFile.objects.all().delete()
        else:
            for table, touched in months.items():
                CubeFile.objects.filter(grain__in=_grains_of(table), month__in=list(touched)).delete()
        CubeFile.objects.bulk_create(
            CubeFile(grain=item.grain, month=item.month, path=item.path, rows=item.rows, generation=after.generation)
            for item in written
        )
    return True


def _grains_of(table: str) -> list[str]:
    names = [grain.name for grain in GRAINS.values() if grain.table == table]
    return [*names, COHORTS] if table == "customers" else names


def _definitions() -> str:
    """A fingerprint of all that decides what is in a roll-up; a new release with other definitions starts afresh."""
    text = "\n".join([*(unit_sql(name=name) for name in METRICS), *map(repr, GRAINS.values()), COHORT_SQL])
    return hashlib.sha256(text.encode()).hexdigest()


def _clear_away() -> None:
    """Delete files that no row names and no reader can still hold."""
    alive = set(CubeFile.objects.values_list("path", flat=True))
    oldest = time.time() - GRACE_SECONDS
    for path in (settings.HOME / "cubes").glob("*/*"):
        if str(path.relative_to(settings.HOME)) not in alive and path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)


def _remove(*, paths: Iterable[str]) -> None:
    for path in paths:
        (settings.HOME / path).unlink(missing_ok=True)


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
