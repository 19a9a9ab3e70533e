"""The one place that imports ibis (and its sqlglot): a metric's definition as SQL, compiled once per process."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from kizuna.understand.metrics.rules.definition import Metric
from kizuna.understand.metrics.rules.dims import DIMS_OF
from kizuna.understand.metrics.rules.registry import METRICS, OWN, find_metric
from kizuna.understand.metrics.rules.units import UNITS
from kizuna.understand.metrics.rules.windows import Reading, moment


def unit_sql(*, name: str, dialect: str = "duckdb") -> str:
    """One row per unit of the metric: its dimensions, ``day``, ``month``, ``y``, and ``x``, ``person_id``, ``metric``.

    ``x`` is there for ratios, ``person_id`` for metrics that fold a person's rows, ``metric`` for families.
    """
    metric = METRICS[name] if name in METRICS else find_metric(name=name)
    return _own_sql(name, dialect) if name.startswith(OWN) else _sql(metric.name, dialect)


def happened_sql(*, reading: Reading) -> str:
    """One row per unit that belongs to a customer: ``person_id``, when it happened (``at``), ``y`` and ``x``.

    ``x`` is what the reading divides by: the metric's base, or 1 for each row.
    """
    return _happened_sql(reading)


@lru_cache(maxsize=256)
def _happened_sql(reading: Reading) -> str:
    import ibis  # noqa: PLC0415  the documented lazy door to ibis

    metric = reading.units
    table = ibis.table(UNITS[metric.table], name=metric.table)
    kept = table if metric.keep is None else table.filter(metric.keep(table))
    mine = kept.filter(kept.person_id.notnull())
    rows = mine.select(
        "person_id",
        at=moment(table=metric.table, columns=mine),
        y=metric.value(mine),
        x=ibis.literal(1.0) if metric.base is None else metric.base(mine),
    )
    return str(ibis.to_sql(rows, dialect="duckdb"))


@lru_cache(maxsize=256)
def _sql(name: str, dialect: str) -> str:
    return _compile(METRICS[name], dialect)


@lru_cache(maxsize=64)
def _own_sql(name: str, dialect: str) -> str:
    return _compile(find_metric(name=name), dialect)


def _compile(metric: Metric, dialect: str) -> str:
    import ibis  # noqa: PLC0415  the documented lazy door to ibis

    table = ibis.table(UNITS[metric.table], name=metric.table)
    kept = table if metric.keep is None else table.filter(metric.keep(table))
    columns = {"y": metric.value(kept)}
    if metric.base is not None:
        columns["x"] = metric.base(kept)
    if metric.fold:
        columns["person_id"] = kept.person_id
    if metric.family:
        columns["metric"] = kept.instrument
    return str(ibis.to_sql(kept.select(*DIMS_OF[metric.table], "day", "month", **columns), dialect=dialect))


def readable(*, sql: str, values: Sequence[object]) -> str:
    """The statement laid out for people, with the bound values written in."""
    import sqlglot  # noqa: PLC0415  comes with ibis and is as slow to import
    from sqlglot import expressions  # noqa: PLC0415

    tree = sqlglot.parse_one(sql, dialect="duckdb")
    places = list(tree.find_all(expressions.Placeholder, bfs=False))
    for place, value in zip(places, values, strict=True):
        text = expressions.Literal.string(str(value))
        place.replace(expressions.Cast(this=text, to="DATE") if isinstance(value, date) else text)
    return str(tree.sql(dialect="duckdb", pretty=True))
