"""The SQL of one question: moments per group, from the unit tables or from a roll-up. Values are always bound."""

from collections.abc import Sequence
from dataclasses import dataclass

from kizuna.understand.metrics.rules.compiled import unit_sql
from kizuna.understand.metrics.rules.cut import Cut
from kizuna.understand.metrics.rules.definition import Kind, Metric
from kizuna.understand.metrics.rules.grains import Grain, metrics_in

SUMS = ("n", "sum_y", "sum_yy", "sum_x", "sum_xx", "sum_xy")


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """SQL with ``?`` places and the values for them."""

    sql: str
    values: tuple[object, ...] = ()


def parquet(*, paths: Sequence[str]) -> str:
    """``read_parquet([...])`` over our own files."""
    return "read_parquet([{}])".format(", ".join("'" + path.replace("'", "''") + "'" for path in paths))


def from_units(
    *, cut: Cut, relation: str, place: int = 0, width: int | None = None, labelled: bool = False
) -> Statement:
    """Moments per group, recomputed from the unit rows in ``relation`` (a table function or a table's name).

    ``labelled`` gives the groups their own names and leaves out the question's number: the form people read.
    """
    metric = cut.metric
    keys, heads = _groups(cut, width)
    condition, values = _condition(cut)
    source = "" if relation == metric.table else f'"{metric.table}" AS (SELECT * FROM {relation}), '
    parts = [f"{source}unit AS ({unit_sql(name=cut.metric_name)})"]
    names = list(cut.by) if labelled else [f"g{index}" for index in range(len(keys))]
    head = "".join(f"{name}, " for name in names) if labelled else f"{place} AS ask, {heads}"
    grouped = ", ".join(f"{key} AS {name}" for key, name in zip(keys, names, strict=True))
    comma = ", " if keys else ""
    if metric.fold:
        fold = f"SELECT {grouped}{comma}person_id, {metric.fold}(y) AS y FROM unit{condition} GROUP BY ALL"
    else:
        x = ", x" if metric.base is not None else ""
        fold = f"SELECT {grouped}{comma}y{x} FROM unit{condition}"
    parts.append(f"folded AS ({fold})")
    sums = _sums(metric, parts, names)
    group_by = f" GROUP BY {', '.join(names)}" if names else ""
    sums = sums.removesuffix(", NULL") if labelled else sums
    last = "ranked" if metric.kind is Kind.TOP_SHARE else "folded"
    return Statement(sql=f"WITH {', '.join(parts)} SELECT {head}{sums} FROM {last}{group_by}", values=values)


def from_cube(*, cut: Cut, grain: Grain, relation: str, place: int = 0, width: int | None = None) -> Statement:
    """The same moments, added up from a roll-up."""
    keys, heads = _groups(cut, width)
    condition, values = _condition(cut, first="metric = ?", column="day" if grain.day else "month")
    grouped = ", ".join(f"{key} AS g{index}" for index, key in enumerate(keys))
    inner = f"SELECT {grouped}{', ' if keys else ''}{', '.join(SUMS)} FROM {relation}{condition}"
    sums = ", ".join(f"sum({name})" for name in SUMS) + ", NULL"
    group_by = " GROUP BY " + ", ".join(f"g{index}" for index in range(len(keys))) if keys else ""
    return Statement(
        sql=f"SELECT {place} AS ask, {heads}{sums} FROM ({inner}){group_by}", values=(cut.metric_name, *values)
    )


def roll_up(*, grain: Grain) -> str:
    """Every metric's moments at the grain, over the unit rows in the table named like the grain's unit table."""
    parts = []
    for metric in metrics_in(grain=grain):
        name = "metric" if metric.family else f"'{metric.name}'"
        keys = ", ".join(("month", *grain.keys))
        unit = unit_sql(name=metric.name)
        if metric.fold:
            unit = f"SELECT {keys}, person_id, {metric.fold}(y) AS y FROM ({unit}) GROUP BY ALL"
        sums = _moments("x" if metric.base is not None else "0.0")
        parts.append(f"SELECT {name} AS metric, {keys}, {sums} FROM ({unit}) GROUP BY ALL")
    return " UNION ALL ".join(parts)


COHORTS = "cohorts"
"""The roll-up of first-order months: how many came, and by months since, how many ordered and for how much."""

COHORT_SQL = """
WITH bought AS (
    SELECT c.month, c.person_id, date_diff('month', c.month, o.month) AS since,
           CAST(sum(o.total_yen - o.refunded_yen) AS DOUBLE) AS y
    FROM orders AS o JOIN customers AS c ON o.person_id = c.person_id
    WHERE NOT o.cancelled AND {changed}
    GROUP BY ALL
), sizes AS (SELECT month, count(*) AS customers FROM customers GROUP BY ALL)
SELECT bought.month, since, any_value(customers) AS customers, count(*) AS active,
       sum(y) AS sum_y, sum(y * y) AS sum_yy
FROM bought JOIN sizes ON bought.month = sizes.month
GROUP BY ALL
"""
"""Over the unit tables ``orders`` and ``customers``; ``changed`` is a condition on o.month and c.month."""


def _moments(x: str) -> str:
    # Explicit zeros where there is no x: a NULL would silently drop out of later sums.
    return (
        f"count(*) AS n, sum(y) AS sum_y, sum(y * y) AS sum_yy, sum({x}) AS sum_x, sum({x} * {x}) AS sum_xx, "
        f"sum({x} * y) AS sum_xy"
    )


def _sums(metric: Metric, parts: list[str], names: list[str]) -> str:
    if metric.kind is not Kind.TOP_SHARE:
        return _moments("x" if metric.base is not None else "0.0") + ", NULL"
    over = f"PARTITION BY {', '.join(names)} " if names else ""
    columns = "".join(f"{name}, " for name in names)
    parts.append(
        f"ranked AS (SELECT {columns}y, row_number() OVER ({over}ORDER BY y DESC) AS rank, "
        # ⌊n / 5⌋ + 1 in whole numbers: the person on the border of the top fifth.
        f"least(n, n // 5 + 1) AS border FROM (SELECT *, count(*) OVER ({over}) AS n FROM folded WHERE y >= 0))"
    )
    return (
        "count(*), sum(y), sum(y * y), max(y) FILTER (rank = border), count(*) FILTER (rank < border), "
        "coalesce(sum(y) FILTER (rank < border), 0.0), coalesce(sum(y * y) FILTER (rank < border), 0.0)"
    )


def _groups(cut: Cut, width: int | None) -> tuple[list[str], str]:
    """The grouping expressions, and the head columns as text, padded so that several questions fit one UNION."""
    keys = ["CAST(date_trunc('week', day) AS DATE)" if dim == "week" else dim for dim in cut.by]
    heads = [f"CAST(g{index} AS VARCHAR)" for index in range(len(keys))]
    heads += ["NULL::VARCHAR"] * ((width or len(keys)) - len(keys))
    return keys, "".join(f"{head}, " for head in heads)


def _condition(cut: Cut, first: str = "", column: str = "day") -> tuple[str, tuple[object, ...]]:
    tests = [first] if first else []
    values: list[object] = []
    for edge, sign in ((cut.start, ">="), (cut.end, "<")):
        if edge is not None:
            tests.append(f"{column} {sign} ?")
            values.append(edge)
    for dim, value in cut.where:
        tests.append(f"{dim} = ?")
        values.append(value)
    return (f" WHERE {' AND '.join(tests)}" if tests else ""), tuple(values)
