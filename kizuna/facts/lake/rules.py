"""How facts lie in the lake: columns, names of files, and which files are merged."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from pathlib import Path

from kizuna.facts.catalogue import Fact
from kizuna.facts.outbox.rules import Kind, defaults_of, kinds_of

PROVENANCE: dict[str, Kind] = {"entry_id": "int", "seq": "int", "recorded_at": "time"}
"""Every row of the lake says which place of which outbox entry it is, and when it was recorded."""

SQL_TYPES: dict[Kind, str] = {
    "time": "TIMESTAMPTZ",
    "int": "BIGINT",
    "float": "DOUBLE",
    "bool": "BOOLEAN",
    "text": "VARCHAR",
}
ROW_GROUP = 30_000
"""Rows are sorted by person, so a group this small lets a look-up of one customer skip nearly all of a file."""

MERGE_AT = 8
GRACE = timedelta(minutes=10)
"""How long a replaced file stays, so that a reader that listed it before can still open it."""


def lake_kinds(*, fact: type[Fact]) -> dict[str, Kind]:
    """Column → kind of a row in the lake: provenance first, then the fact's own columns."""
    return {**PROVENANCE, **kinds_of(fact=fact)}


def file_name(*, fact_type: str, month: date, name: str) -> str:
    """The file's path below the lake's folder."""
    return f"facts/{fact_type}/{month:%Y-%m}/{name}.parquet"


def source_sql(*, fact: type[Fact], paths: Sequence[Path]) -> str:
    """A SELECT over the files with exactly the columns the catalogue names today.

    A file written before a column existed gives that column's default, so the catalogue may grow
    without rewriting the lake.
    """
    kinds, defaults = lake_kinds(fact=fact), defaults_of(fact=fact)
    empty = ", ".join(f"NULL::{SQL_TYPES[kind]} AS {name}" for name, kind in kinds.items())
    if not paths:
        return f"SELECT {empty} WHERE false"
    picked = ", ".join(_picked(name=name, default=defaults.get(name)) for name in kinds)
    files = ", ".join(quote(text=str(path)) for path in paths)
    return (
        f"SELECT {picked} FROM (SELECT {empty} WHERE false UNION ALL BY NAME"
        f" SELECT * FROM read_parquet([{files}], union_by_name = true, hive_partitioning = false))"
    )


def quote(*, text: str) -> str:
    """A SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def files_to_merge(*, counts: Sequence[int]) -> list[int]:
    """Places in ``counts`` (facts per file of one type and month) to merge into one file; empty when none.

    Files are merged among their like (powers of eight), so a fact is rewritten about once per power and
    not with every small batch.
    """
    tiers: dict[int, list[int]] = {}
    for place, count in enumerate(counts):
        tiers.setdefault((count.bit_length() - 1) // 3, []).append(place)
    for places in tiers.values():
        if len(places) >= MERGE_AT:
            return places
    return []


def sql_columns(*, fact: type[Fact], given: Collection[str]) -> str:
    """A select list of the fact's columns, cast to the lake's types; those not ``given`` take their default.

    Raises: ValueError for a column the fact does not have or one it needs and was not given.
    """
    kinds, defaults = kinds_of(fact=fact), defaults_of(fact=fact)
    missing = set(kinds) - set(given) - set(defaults)
    unknown = set(given) - set(kinds)
    if missing or unknown:
        raise ValueError(f"columns of {fact.__name__}: missing {sorted(missing)}, unknown {sorted(unknown)}")
    return ", ".join(
        f"CAST({name if name in given else _literal(defaults[name])} AS {SQL_TYPES[kind]}) AS {name}"
        for name, kind in kinds.items()
    )


def _literal(value: object) -> str:
    if value is None:
        return "NULL"
    return quote(text=value) if isinstance(value, str) else str(value).lower()


def _picked(*, name: str, default: object) -> str:
    if default is None:
        return name
    return f"coalesce({name}, {_literal(default)}) AS {name}"
