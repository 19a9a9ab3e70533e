"""Prove that every published fact lies in the lake exactly once and that the state is what the facts say."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from kizuna.facts.catalogue import CATALOGUE
from kizuna.facts.lake.models import LakeFile
from kizuna.facts.lake.queries import arrow, lake_path, source
from kizuna.facts.outbox.models import Batch, OutboxEntry
from kizuna.facts.state.operations.workspace import compute, lake_sources, view_all_facts, workspace
from kizuna.facts.state.queries import columns, generation
from kizuna.facts.state.queries import source as state_source
from kizuna.facts.state.rules import UNITS, unit_sql

if TYPE_CHECKING:
    import duckdb

SLICE_ROWS = 1_000_000
"""Rows of a unit table that are compared at a time, so that ten million lines need no ten gigabytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Rows of a unit table that should not be there, and rows that should."""

    table: str
    surplus_count: int
    missing_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyReport:
    """``pending_count`` facts are published and not yet in the lake: late, not lost.

    ``wrong_entries`` names up to twenty outbox entries whose facts are not in the lake exactly once.
    """

    entry_count: int
    fact_count: int
    pending_count: int
    wrong_entry_count: int
    wrong_entries: tuple[int, ...]
    missing_files: tuple[str, ...]
    generation: int
    unit_counts: dict[str, int] = field(default_factory=dict)
    differences: tuple[Difference, ...] = ()

    @property
    def ok(self) -> bool:
        return not (self.wrong_entry_count or self.missing_files or self.differences)


def verify(*, now: datetime) -> VerifyReport:
    """Compare outbox with lake entry by entry, and every unit table with its recomputation from all facts.

    Only reads. What is published after it began is pending; should the state advance meanwhile, it starts again.
    """
    missing = _missing_files()
    if missing:
        return _report(wrong=[], missing=missing)
    while True:
        before = generation()
        with workspace() as database:
            wrong = _wrong_entries(database=database)
            counts, differences = _compare_state(database=database)
        if generation() == before:
            return _report(wrong=wrong, missing=(), counts=counts, differences=differences)


def _report(
    *,
    wrong: list[int],
    missing: tuple[str, ...],
    counts: dict[str, int] | None = None,
    differences: tuple[Difference, ...] = (),
) -> VerifyReport:
    entries = OutboxEntry.objects.filter(batch__written_at__isnull=False)
    waiting = OutboxEntry.objects.exclude(batch__written_at__isnull=False)
    return VerifyReport(
        entry_count=entries.count(),
        fact_count=sum(entries.values_list("fact_count", flat=True).iterator(chunk_size=10_000)),
        pending_count=sum(waiting.values_list("fact_count", flat=True).iterator(chunk_size=10_000)),
        wrong_entry_count=len(wrong),
        wrong_entries=tuple(wrong[:20]),
        missing_files=missing,
        generation=generation(),
        unit_counts=counts or {},
        differences=differences,
    )


def _missing_files() -> tuple[str, ...]:
    names = LakeFile.objects.filter(retired_at=None).order_by("path").values_list("path", flat=True)
    return tuple(name for name in names.iterator(chunk_size=10_000) if not lake_path(name=name).exists())


def _wrong_entries(*, database: "duckdb.DuckDBPyConnection") -> list[int]:
    """Entries whose places 0 … n−1 do not each stand once in the lake under their type; lake rows of no entry too."""
    # Batches first, lake second, outbox last: what a worker writes meanwhile is then known to be unfinished business.
    written = list(Batch.objects.filter(written_at__isnull=False).values_list("id", flat=True))
    database.execute(
        "CREATE TEMP TABLE stands AS "
        + " UNION ALL ".join(
            f"SELECT entry_id, '{name}' AS fact_type, count(*) AS facts, count(DISTINCT seq) AS places,"
            f" min(seq) AS first, max(seq) AS last FROM ({source(fact=fact)}) GROUP BY entry_id"
            for name, fact in CATALOGUE.items()
        )
    )
    pa, _, _ = arrow()
    database.execute("CREATE TEMP TABLE published (entry_id BIGINT, fact_type VARCHAR, facts BIGINT, batch BIGINT)")
    for rows in _published():
        names = ("entry_id", "fact_type", "facts", "batch")
        chunk = pa.table({name: [row[place] for row in rows] for place, name in enumerate(names)})
        database.register("chunk", chunk)
        database.execute("INSERT INTO published SELECT * FROM chunk")
        database.unregister("chunk")
    database.execute("CREATE TEMP TABLE written (batch BIGINT)")
    database.register("chunk", pa.table({"batch": pa.array(written, type=pa.int64())}))
    database.execute("INSERT INTO written SELECT * FROM chunk")
    database.unregister("chunk")
    found = database.execute(
        """
        SELECT DISTINCT coalesce(p.entry_id, s.entry_id)
        FROM (FROM published WHERE batch IN (SELECT batch FROM written)) p
        FULL JOIN (
            FROM stands WHERE entry_id NOT IN (
                SELECT entry_id FROM published WHERE batch NOT IN (SELECT batch FROM written)
            )
        ) s ON s.entry_id = p.entry_id AND s.fact_type = p.fact_type
        WHERE s.facts IS DISTINCT FROM p.facts OR s.places <> p.facts OR s.first <> 0 OR s.last <> p.facts - 1
        ORDER BY 1
        """
    ).fetchall()
    return [row[0] for row in found]


def _published() -> Iterator[list[tuple[int, str, int, int]]]:
    rows = OutboxEntry.objects.filter(batch__isnull=False).order_by("id")
    chunk: list[tuple[int, str, int, int]] = []
    for entry_id, fact_type, fact_count, batch_id in rows.values_list(
        "id", "fact_type", "fact_count", "batch_id"
    ).iterator(chunk_size=10_000):
        chunk.append((entry_id, fact_type, fact_count, batch_id or 0))
        if len(chunk) == 100_000:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _compare_state(*, database: "duckdb.DuckDBPyConnection") -> tuple[dict[str, int], tuple[Difference, ...]]:
    view_all_facts(database=database, sources=lake_sources(batch_ids=()))
    compute(database=database)
    counts: dict[str, int] = {}
    differences: list[Difference] = []
    for table in UNITS:
        database.execute(f"CREATE TEMP TABLE right_{table} AS {unit_sql(table=table)}")
        counts[table] = database.execute(f"SELECT count(*) FROM right_{table}").fetchall()[0][0]
        surplus, missing = _difference(database=database, table=table, count=counts[table])
        if surplus or missing:
            differences.append(Difference(table=table, surplus_count=surplus, missing_count=missing))
        database.execute(f"DROP TABLE right_{table}")
    return counts, tuple(differences)


def _difference(*, database: "duckdb.DuckDBPyConnection", table: str, count: int) -> tuple[int, int]:
    names = ", ".join(columns(table=table))
    bucket = f"coalesce(person_id, {UNITS[table].thing})"
    slices = count // SLICE_ROWS + 1
    surplus = missing = 0
    for number in range(slices):
        part = f"WHERE {bucket} % {slices} = {number}"
        have = f"SELECT {names} FROM ({state_source(table=table)}) {part}"
        want = f"SELECT {names} FROM right_{table} {part}"
        surplus += database.execute(f"SELECT count(*) FROM ({have} EXCEPT ALL {want})").fetchall()[0][0]
        missing += database.execute(f"SELECT count(*) FROM ({want} EXCEPT ALL {have})").fetchall()[0][0]
    return surplus, missing
