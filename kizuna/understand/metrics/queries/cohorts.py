"""Customers by the month of their first order: how many come back, and what they spend, month by month."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from kizuna.facts.lake.queries import connect
from kizuna.facts.state.queries import units
from kizuna.stats.estimate import Estimate, Moments, NotEnough
from kizuna.stats.moments import mean, share
from kizuna.understand.metrics.queries.engine import kept
from kizuna.understand.metrics.queries.snapshot import Snapshot
from kizuna.understand.metrics.rules.cut import today
from kizuna.understand.metrics.rules.dims import next_month
from kizuna.understand.metrics.rules.outcome import stated
from kizuna.understand.metrics.rules.sql import COHORT_SQL, COHORTS, parquet

Row = tuple[date, int, int, int, float, float]
"""First month, months since, customers, how many of them ordered, Σ yen, Σ yen²."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortCell:
    """The month ``since`` months after the first: the share that ordered, and the sales per customer of the cohort."""

    since: int
    active: Estimate | NotEnough
    sales: Estimate | NotEnough


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohort:
    """All customers whose first order fell into ``month`` (``2026-01``)."""

    month: str
    customers: int
    cells: tuple[CohortCell, ...]


def cohorts(
    *,
    now: datetime,
    date_from: date | None = None,
    date_to: date | None = None,
    level: float = 0.95,
    recompute: bool = False,
) -> list[Cohort]:
    """The cohort table of first months in [``date_from``, ``date_to``). A month that is not over is ``NotEnough``
    («immature»), since its buyers are still coming; month 0 is the first month itself, where everyone ordered.
    """
    rows = _recomputed() if recompute else kept(key=("cohorts",), make=_read)
    found: dict[date, dict[int, Row]] = {}
    for row in rows:
        if (date_from is None or row[0] >= date_from) and (date_to is None or row[0] < date_to):
            found.setdefault(row[0], {})[row[1]] = row
    return [_cohort(month=month, by_since=by_since, level=level, now=now) for month, by_since in sorted(found.items())]


def _cohort(*, month: date, by_since: dict[int, Row], level: float, now: datetime) -> Cohort:
    day = today(now=now)
    customers = next(iter(by_since.values()))[2]
    last = max((day.year - month.year) * 12 + day.month - month.month, *by_since)
    cells = []
    for since in range(last + 1):
        if next_month(day=_months_after(month, since)) > day:
            waiting = NotEnough(reason="immature", have=0, need=1)
            cells.append(CohortCell(since=since, active=waiting, sales=waiting))
            continue
        _, _, _, active, sum_y, sum_yy = by_since.get(since, (month, since, customers, 0, 0.0, 0.0))
        came = Moments(n=customers, sum_y=float(active), sum_yy=float(active))
        spent = Moments(n=customers, sum_y=sum_y, sum_yy=sum_yy)
        cells.append(
            CohortCell(
                since=since,
                active=stated(interval=share(moments=came, level=level), unit="share", as_of=now),
                sales=stated(interval=mean(moments=spent, level=level), unit="yen", as_of=now),
            )
        )
    return Cohort(month=f"{month:%Y-%m}", customers=customers, cells=tuple(cells))


def _read(now: Snapshot) -> Sequence[Row]:
    paths = now.paths(grain=COHORTS, start=None, end=None)
    if not paths:
        return _recomputed() if now.generation == 0 else []
    columns = "month, since, customers, active, sum_y, sum_yy"
    return connect().execute(f"SELECT {columns} FROM {parquet(paths=paths)}").fetchall()


def _recomputed() -> Sequence[Row]:
    sources = []
    for table in ("orders", "customers"):
        paths = [str(path) for path in units(table=table)]
        if not paths:
            return []
        sources.append(f"{table} AS (SELECT * FROM {parquet(paths=paths)})")
    return (
        connect().execute(f"WITH {', '.join(sources)} SELECT * FROM ({COHORT_SQL.format(changed='true')})").fetchall()
    )


def _months_after(month: date, count: int) -> date:
    index = month.year * 12 + month.month - 1 + count
    return date(index // 12, index % 12 + 1, 1)
