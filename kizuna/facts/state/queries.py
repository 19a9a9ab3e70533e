"""Read the present state: its files, its generation, and what changed since a generation."""

from datetime import date, datetime
from pathlib import Path

from kizuna.facts.lake.queries import lake_path, parquet
from kizuna.facts.outbox.models import Batch
from kizuna.facts.state.models import StateFile, StateGeneration
from kizuna.facts.state.rules import EVERYTHING, UNITS, Touched, fingerprint


def units(*, table: str) -> list[Path]:
    """The files that are this unit table now; empty before there is anything to count."""
    rows = StateFile.objects.filter(table=table, retired_at=None).order_by("bucket", "path")
    return [lake_path(name=name) for name in rows.values_list("path", flat=True)]


def source(*, table: str) -> str:
    """A SQL SELECT over the unit table in its documented columns; typed and empty when there are no files."""
    paths = units(table=table)
    if paths:
        return f"SELECT {', '.join(UNITS[table].columns)} FROM {parquet(paths=paths)}"
    nothing = ", ".join(f"NULL::{kind} AS {name}" for name, kind in UNITS[table].columns.items())
    return f"SELECT {nothing} WHERE false"


def columns(*, table: str) -> dict[str, str]:
    """Column → DuckDB type of a unit table."""
    return dict(UNITS[table].columns)


def generation() -> int:
    """The number of the present state; 0 before the first."""
    return StateGeneration.objects.order_by("-number").values_list("number", flat=True).first() or 0


def made_at() -> datetime | None:
    """When the present state came to be."""
    return StateGeneration.objects.order_by("-number").values_list("made_at", flat=True).first()


def is_outdated() -> bool:
    """Whether the present state was made by the rules of another release."""
    last = StateGeneration.objects.order_by("-number").values_list("rules", flat=True).first()
    return last is not None and last != fingerprint()


def is_due() -> bool:
    """Whether there is anything that ``advance`` would take in or make anew."""
    return bool(unfolded()) or is_outdated()


def unfolded() -> list[int]:
    """Batches that stand in the lake and not yet in the state."""
    rows = Batch.objects.filter(folded_at=None, written_at__isnull=False).order_by("id")
    return list(rows.values_list("id", flat=True))


def touched_since(*, generation: int) -> Touched:
    """Everything that changed after ``generation``, for a reader that keeps figures derived from the state.

    Durable, so a reader that was killed after an advance still learns of it. A reader from before the oldest
    remembered generation is told that everything changed.
    """
    later = list(StateGeneration.objects.filter(number__gt=generation).order_by("number"))
    if not later:
        return Touched(generation=generation)
    tables: dict[str, frozenset[date]] = {}
    if later[0].number != generation + 1:
        tables = dict.fromkeys(UNITS, EVERYTHING)
    for row in later:
        for table, months in row.touched.items():
            if months == "everything" or tables.get(table) == EVERYTHING:
                tables[table] = EVERYTHING
            else:
                tables[table] = tables.get(table, frozenset()) | {date.fromisoformat(month) for month in months}
    return Touched(generation=later[-1].number, tables=tables)
