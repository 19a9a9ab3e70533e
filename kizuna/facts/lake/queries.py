"""The one door to DuckDB, and which files hold which facts.

DuckDB and Arrow cost half a second to import, so they are imported on first use and only here.
"""

import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Count, Q, QuerySet, Sum

from kizuna.facts.catalogue import CATALOGUE, Fact
from kizuna.facts.lake.models import LakeFile
from kizuna.facts.lake.rules import quote, source_sql

if TYPE_CHECKING:
    import duckdb

THREADS = 2
_lock = threading.Lock()
_mine = threading.local()
_engines: dict[int, "duckdb.DuckDBPyConnection"] = {}

_MACROS = """
CREATE MACRO jst_day(moment) AS CAST(CAST(moment AT TIME ZONE 'UTC' AS TIMESTAMP) + INTERVAL 9 HOUR AS DATE);
CREATE MACRO first_of_month(day) AS CAST(date_trunc('month', day) AS DATE);
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactTypeStatus:
    """How much of one fact type lies in the lake."""

    fact_type: str
    fact_count: int
    file_count: int


def connect() -> "duckdb.DuckDBPyConnection":
    """This thread's connection to the process's in-memory DuckDB: UTC, two threads, bounded memory.

    ``jst_day(moment)`` is the Japanese date of a time, ``first_of_month(day)`` its month. Temporary tables
    belong to the connection; take ``connect().cursor()`` for work that makes some, and close it.
    """
    held: tuple[int, duckdb.DuckDBPyConnection] | None = getattr(_mine, "held", None)
    if held is None or held[0] != os.getpid():  # a forked child must not share its parent's engine
        held = (os.getpid(), _engine().cursor())
        _mine.held = held
    return held[1]


def arrow() -> tuple[ModuleType, ModuleType, ModuleType]:
    """``pyarrow``, ``pyarrow.compute``, ``pyarrow.parquet``, imported on first use."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.compute as pc  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    return pa, pc, pq


def lake_path(*, name: str) -> Path:
    """Where a file of the lake lies; ``name`` is its path below the lake's folder."""
    return Path(settings.LAKE) / name


def files(*, fact: type[Fact], folded_and: Sequence[int] | None = None) -> list[Path]:
    """The live files of one fact type; with ``folded_and`` only what state has taken in and these batches."""
    rows = LakeFile.objects.filter(fact_type=fact.__name__, retired_at=None)
    if folded_and is not None:
        rows = rows.filter(_FOLDED | Q(batch_id__in=folded_and))
    return [lake_path(name=name) for name in rows.order_by("path").values_list("path", flat=True)]


def source(*, fact: type[Fact], folded_and: Sequence[int] | None = None) -> str:
    """A SQL SELECT over all facts of one type in the lake; typed and empty when there are none."""
    return source_sql(fact=fact, paths=files(fact=fact, folded_and=folded_and))


def mergeable() -> "QuerySet[LakeFile]":
    """Live files that state has taken in. Others must keep their batch's name until it has."""
    return LakeFile.objects.filter(_FOLDED, retired_at=None)


def status() -> list[FactTypeStatus]:
    """Facts and files by fact type, in the catalogue's order."""
    rows = LakeFile.objects.filter(retired_at=None).values("fact_type")
    found = {row["fact_type"]: row for row in rows.annotate(facts=Sum("fact_count"), files=Count("id"))}
    return [
        FactTypeStatus(fact_type=name, fact_count=found[name]["facts"], file_count=found[name]["files"])
        for name in CATALOGUE
        if name in found
    ]


def parquet(*, paths: Sequence[Path]) -> str:
    """A ``read_parquet`` call over files that all have the same columns."""
    return f"read_parquet([{', '.join(quote(text=str(path)) for path in paths)}], hive_partitioning = false)"


_FOLDED = Q(batch=None) | Q(batch__folded_at__isnull=False)


def _engine() -> "duckdb.DuckDBPyConnection":
    with _lock:
        if os.getpid() not in _engines:
            _engines[os.getpid()] = _open()
        return _engines[os.getpid()]


def _open() -> "duckdb.DuckDBPyConnection":
    import duckdb  # noqa: PLC0415

    engine = duckdb.connect(
        ":memory:",
        config={
            "threads": THREADS,
            "memory_limit": f"{_memory_megabytes()}MB",
            # A folder of its own for each process: two engines spilling into one would overwrite each other.
            "temp_directory": str(lake_path(name=f"tmp/{os.getpid()}")),
            "preserve_insertion_order": False,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        },
    )
    engine.execute("SET GLOBAL TimeZone = 'UTC'")  # for every cursor, whatever TZ says
    engine.execute(_MACROS)
    return engine


def _memory_megabytes() -> int:
    """A quarter of the machine, between half a gigabyte and four."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    return int(min(4096, max(512, total // 4)))
