"""Prove that the roll-ups are what the unit tables say."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.conf import settings

from kizuna.facts.lake.queries import connect
from kizuna.facts.state.queries import generation, source
from kizuna.understand.metrics.models import CubeFile, CubeState
from kizuna.understand.metrics.operations.refresh import definitions
from kizuna.understand.metrics.rules.grains import GRAINS
from kizuna.understand.metrics.rules.sql import COHORT_SQL, COHORTS, SUMS, parquet, roll_up
from kizuna.understand.metrics.rules.units import UNITS

if TYPE_CHECKING:
    import duckdb

TOLERANCE = 1e-9
"""Sums of floating point numbers depend on their order in the last digits; counts must agree exactly."""
_COHORT_SUMS = ("customers", "active", "sum_y", "sum_yy")


@dataclass(frozen=True, slots=True, kw_only=True)
class RollUpDifference:
    """How many groups of a roll-up are missing, too many or hold other moments than the unit tables yield."""

    grain: str
    group_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RollUpReport:
    """``behind``: not yet made from the present state or definitions, so there is nothing to compare; late, not wrong.

    ``group_counts`` holds the groups recomputed per roll-up, ``missing_files`` the files that are registered and gone.
    """

    generation: int
    behind: bool = False
    group_counts: dict[str, int] = field(default_factory=dict)
    missing_files: tuple[str, ...] = ()
    differences: tuple[RollUpDifference, ...] = ()

    @property
    def ok(self) -> bool:
        """Nothing that is there is wrong."""
        return not (self.missing_files or self.differences)


def verify() -> RollUpReport:
    """Recompute every roll-up from the unit tables and compare. Only reads.

    Should roll-ups or state move on meanwhile, it starts again.
    """
    while True:
        state = CubeState.objects.first() or CubeState()
        if state.state_generation != generation() or state.definitions != definitions():
            return RollUpReport(generation=state.generation, behind=True)
        report = _compared(number=state.generation)
        now = CubeState.objects.first() or CubeState()
        if (now.token, generation()) == (state.token, state.state_generation):
            return report


def _compared(*, number: int) -> RollUpReport:
    paths: dict[str, list[str]] = {}
    missing = []
    for grain, path in CubeFile.objects.order_by("path").values_list("grain", "path"):
        if (settings.HOME / path).exists():
            paths.setdefault(grain, []).append(str(settings.HOME / path))
        else:
            missing.append(path)
    counts: dict[str, int] = {}
    differences = []
    with connect().cursor() as engine:
        for table in UNITS:
            engine.execute(f"CREATE OR REPLACE TEMP VIEW {table} AS {source(table=table)}")
        rules: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
            name: (roll_up(grain=one), ("metric", "month", *one.keys), SUMS) for name, one in GRAINS.items()
        }
        rules[COHORTS] = (COHORT_SQL.format(changed="true"), ("month", "since"), _COHORT_SUMS)
        for name, (sql, keys, sums) in rules.items():
            engine.execute(f"CREATE OR REPLACE TEMP TABLE fresh AS {sql}")
            counts[name] = engine.execute("SELECT count(*) FROM fresh").fetchall()[0][0]
            wrong = _wrong_groups(engine=engine, paths=paths.get(name, []), keys=keys, sums=sums)
            if wrong:
                differences.append(RollUpDifference(grain=name, group_count=wrong))
        engine.execute("DROP TABLE fresh")
    return RollUpReport(
        generation=number, group_counts=counts, missing_files=tuple(missing), differences=tuple(differences)
    )


def _wrong_groups(
    *, engine: "duckdb.DuckDBPyConnection", paths: list[str], keys: tuple[str, ...], sums: tuple[str, ...]
) -> int:
    kept = parquet(paths=paths) if paths else "(SELECT * FROM fresh WHERE false)"
    same = " AND ".join(f"k.{key} IS NOT DISTINCT FROM f.{key}" for key in keys)
    # A group that one side lacks has a NULL there, which no comparison calls equal.
    equal = " AND ".join(
        f"coalesce(abs(k.{name} - f.{name}) <= {TOLERANCE} * greatest(1, abs(f.{name})), false)" for name in sums
    )
    sql = f"SELECT count(*) FROM {kept} AS k FULL JOIN fresh AS f ON {same} WHERE NOT ({equal})"
    return int(engine.execute(sql).fetchall()[0][0])
