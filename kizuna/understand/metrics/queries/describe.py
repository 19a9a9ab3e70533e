"""What the metrics are: their cards, and the SQL behind a number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from kizuna.facts.lake.queries import connect
from kizuna.facts.state.queries import units
from kizuna.understand.metrics.queries.engine import kept
from kizuna.understand.metrics.queries.snapshot import Snapshot, snapshot
from kizuna.understand.metrics.rules.compiled import readable
from kizuna.understand.metrics.rules.cut import Ask, cut_of
from kizuna.understand.metrics.rules.definition import Better, Kind, Metric
from kizuna.understand.metrics.rules.dims import dims_of
from kizuna.understand.metrics.rules.grains import choose
from kizuna.understand.metrics.rules.registry import METRICS, OWN, find_metric
from kizuna.understand.metrics.rules.sql import from_units, parquet
from kizuna.words import Words

UNIT_WORDS: dict[str, Words] = {
    "points": Words(ja="ポイント", en="points"),
    "share": Words(ja="割合（0～1）", en="share (0-1)"),
    "score": Words(ja="点", en="score"),
    "yen": Words(ja="円", en="yen"),
    "days": Words(ja="日", en="days"),
    "count": Words(ja="件・人・回", en="count"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricCard:
    """Everything a person needs to read a metric: shown on its page, in its docs and by ``kizuna metrics``."""

    name: str
    title: Words
    unit: str
    unit_words: Words
    better: Better
    low: float | None
    high: float | None
    decimals: int
    kind: Kind
    counted: str
    mature_days: int
    definition: Words
    formula: Words
    source: str
    dims: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlBehind:
    """The statement over the unit tables, and which ready roll-up answers it ("" when none does)."""

    sql: str
    roll_up: str


def metrics() -> list[MetricCard]:
    """Every metric, the company's own questions (as far as there are answers) among them."""
    cards = [card_of(metric=metric) for metric in METRICS.values() if not metric.family]
    return cards + [card_of(metric=find_metric(name=name)) for name in own_names()]


def card(*, name: str) -> MetricCard:
    """One metric's card. Raises: UnknownMetric."""
    return card_of(metric=find_metric(name=name))


def card_of(*, metric: Metric) -> MetricCard:
    """The metric's definition as a card."""
    return MetricCard(
        name=metric.name,
        title=metric.words,
        unit=metric.unit,
        unit_words=UNIT_WORDS[metric.unit],
        better=metric.better,
        low=metric.low,
        high=metric.high,
        decimals=metric.decimals,
        kind=metric.kind,
        counted=metric.table,
        mature_days=metric.mature_days,
        definition=metric.definition,
        formula=metric.formula,
        source=metric.source,
        dims=dims_of(metric=metric),
    )


def own_names() -> list[str]:
    """The company's own questions that have answers, as metric names."""
    return kept(key=("own",), make=_own_names)


def sql_of(
    *,
    metric: str,
    by: Sequence[str] = (),
    date_from: date | None = None,
    date_to: date | None = None,
    where: Mapping[str, str] | None = None,
    now: datetime,
) -> SqlBehind:
    """The SQL that gives the moments behind a number, over the unit tables.

    Raises: UnknownMetric, UnknownDim, BadPeriod.
    """
    cut = cut_of(ask=Ask(metric=metric, by=by, date_from=date_from, date_to=date_to, where=where or {}), now=now)
    statement = from_units(cut=cut, relation=cut.metric.table, labelled=True)
    grain = choose(cut=cut, sizes=snapshot().sizes)
    return SqlBehind(
        sql=readable(sql=statement.sql, values=statement.values), roll_up=grain.name if grain is not None else ""
    )


def _own_names(now: Snapshot) -> list[str]:
    column, paths = "metric", now.paths(grain="answers_month", start=None, end=None)
    if now.generation == 0:
        column, paths = "instrument", [str(path) for path in units(table="answers")]
    if not paths:
        return []
    rows = connect().execute(
        f"SELECT DISTINCT {column} FROM {parquet(paths=paths)} WHERE starts_with({column}, ?) ORDER BY 1", [OWN]
    )
    return [row[0] for row in rows.fetchall()]
