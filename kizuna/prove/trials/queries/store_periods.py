"""Each store's figures in the days before a start and after it: as whole periods, and as steps of a line."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise

from kizuna.facts.lake.queries import connect
from kizuna.facts.state.queries import source
from kizuna.prove.trials.queries.looks import today
from kizuna.prove.trials.rules.report import StoreChange, StoreStep
from kizuna.stats.compare import Difference
from kizuna.stats.estimate import Interval, Moments, NotEnough
from kizuna.stats.quasi import average_of_stores
from kizuna.understand.metrics.queries.engine import Groups, kept, sums_of
from kizuna.understand.metrics.queries.snapshot import Snapshot
from kizuna.understand.metrics.rules.cut import Ask, cut_of
from kizuna.understand.metrics.rules.definition import Kind, Metric
from kizuna.understand.metrics.rules.outcome import difference_of, interval_of
from kizuna.understand.metrics.rules.windows import LATEST_FROM

PERIODS_BEFORE = 3
_LONG_DAYS = 42
LEVEL = 0.95
_Stores = Mapping[str, Moments]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The first day on record of what the metric counts, and the day from which nothing is known yet."""

    first: date | None
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One comparison: ``days`` before ``since`` against as many from it on."""

    metric: Metric
    since: date
    days: int
    touchpoint: str = ""
    product: str = ""

    @property
    def per(self) -> int:
        """What a period's total is divided by: sales and counts are shown per day."""
        return self.days if self.metric.kind is Kind.TOTAL else 1


@dataclass(frozen=True, slots=True)
class _Step:
    start: date
    end: date
    stores: _Stores


@dataclass(frozen=True, slots=True, kw_only=True)
class Periods:
    """By store: the periods before the start that are on record, oldest first, and the one after it. Totals
    stand as so much per day, so that a period's mean is what the store made on one day.
    """

    earlier: tuple[_Stores, ...] = ()
    after: _Stores = field(default_factory=dict)
    raw: tuple[_Stores, _Stores] = ({}, {})
    steps: tuple[_Step, ...] = ()

    @property
    def before(self) -> _Stores:
        """The period right before the start."""
        return self.earlier[-1]

    @property
    def seen(self) -> frozenset[str]:
        """Every store that has any figure."""
        return frozenset(store for period in (*self.earlier, self.after) for store in period)

    @property
    def measured(self) -> frozenset[str]:
        """The stores with figures before and after."""
        return frozenset(self.before) & frozenset(self.after) if self.earlier else frozenset()

    def changes(self, *, asked: Asked, treated: Sequence[str], control: Sequence[str]) -> tuple[StoreChange, ...]:
        """Each store by itself, those that began first."""
        before, after = self.raw
        return tuple(
            StoreChange(
                store=store,
                treated=store in treated,
                before=_shown(asked.metric, before[store], asked.per),
                after=_shown(asked.metric, after[store], asked.per),
                change=_change(asked, before[store], after[store]),
            )
            for store in (*treated, *control)
        )

    def lines(self, *, asked: Asked, treated: Collection[str], control: Collection[str]) -> tuple[StoreStep, ...]:
        """The average of each side, step by step; a step that one of its stores lacks is a gap."""
        return tuple(
            StoreStep(
                start=step.start,
                end=step.end,
                treated=_average(asked.metric, step, treated),
                control=_average(asked.metric, step, control),
            )
            for step in self.steps
        )


def known_days(*, metric: Metric, now: datetime) -> Known:
    """What can be compared at all. Orders often come by file, so they are known until the latest one; where customers
    ripen before they count, the last days are not over yet.
    """
    day = today(now=now)

    def make(_: Snapshot) -> tuple[date | None, date | None]:
        orders, table = source(table="orders"), source(table=metric.table)
        (found,) = connect().execute(f"SELECT (SELECT min(day) FROM ({table})), max(day) FROM ({orders})").fetchall()
        return found[0], found[1]

    first, last = kept(key=("known", metric.table), make=make)
    of_orders = metric.table in LATEST_FROM or metric.table == "customers"
    until = min(day, last + timedelta(days=1)) if of_orders and last is not None else day
    return Known(first=first, until=until - timedelta(days=max(0, metric.mature_days - 1)))


def on_record(*, metric: Metric, start: date, end: date, first: date | None) -> bool:
    """Whether a period can be read: a total needs all of its days, a mean some of them."""
    return first is not None and (start >= first if metric.kind is Kind.TOTAL else end > first)


def periods_of(*, asked: Asked, first: date | None, now: datetime) -> Periods:
    """All periods and steps in one statement, those that are on record."""
    length = timedelta(days=asked.days)
    spans = [(asked.since + place * length, asked.since + (place + 1) * length) for place in range(-PERIODS_BEFORE, 1)]
    known = [span for span in spans if on_record(metric=asked.metric, start=span[0], end=span[1], first=first)]
    steps = [span for span in _steps(asked) if on_record(metric=asked.metric, start=span[0], end=span[1], first=first)]
    narrowed = {"touchpoint": asked.touchpoint, "product": asked.product}
    where = {dim: value for dim, value in narrowed.items() if value}
    asks = [
        Ask(metric=asked.metric.name, by=("store",), date_from=start, date_to=end, where=where)
        for start, end in (*known, *steps)
    ]
    found = [_by_store(groups) for groups in sums_of(cuts=[cut_of(ask=ask, now=now) for ask in asks])]
    whole, parts = found[: len(known)], found[len(known) :]
    daily = [{store: _per_day(asked, sums) for store, sums in period.items()} for period in whole]
    return Periods(
        earlier=tuple(daily[:-1]),
        after=daily[-1],
        raw=(whole[-2], whole[-1]),
        steps=tuple(_Step(start, end, stores) for (start, end), stores in zip(steps, parts, strict=True)),
    )


def _steps(asked: Asked) -> list[tuple[date, date]]:
    """Each period in two or three steps, so that the line shows how the stores were moving."""
    parts = 3 if asked.days >= _LONG_DAYS else 2
    edges = [
        asked.since + timedelta(days=asked.days * place // parts) for place in range(-PERIODS_BEFORE * parts, parts + 1)
    ]
    return list(pairwise(edges))


def _by_store(groups: Groups) -> dict[str, Moments]:
    return {store: sums for (store,), sums in groups.items() if store and isinstance(sums, Moments) and sums.n > 0}


def _per_day(asked: Asked, sums: Moments) -> Moments:
    if asked.metric.kind is not Kind.TOTAL:
        return sums
    return Moments(n=asked.days, sum_y=sums.sum_y, sum_yy=sums.sum_yy)


def _shown(metric: Metric, sums: Moments, per: int) -> Interval | NotEnough:
    bounds = None if metric.low is None or metric.high is None else (metric.low, metric.high)
    found = interval_of(kind=metric.kind, bounds=bounds, sums=sums, level=LEVEL)
    if isinstance(found, NotEnough) or per == 1:
        return found
    return Interval(
        value=found.value / per,
        low=found.low / per,
        high=found.high / per,
        level=found.level,
        n=found.n,
        method=found.method,
    )


def _change(asked: Asked, before: Moments, after: Moments) -> Difference | NotEnough:
    found = difference_of(metric=asked.metric, before=before, after=after, level=LEVEL)
    if isinstance(found, NotEnough) or asked.per == 1:
        return found
    return Difference(
        value=found.value / asked.per,
        low=found.low / asked.per,
        high=found.high / asked.per,
        level=found.level,
        p=found.p,
        method=found.method,
    )


def _average(metric: Metric, step: _Step, stores: Collection[str]) -> Interval | NotEnough:
    per = (step.end - step.start).days if metric.kind is Kind.TOTAL else 1
    found = [_shown(metric, step.stores[store], per) for store in stores if store in step.stores]
    known = [one for one in found if isinstance(one, Interval)]
    if not stores or len(known) < len(stores):
        return NotEnough(reason="no_data", have=len(known), need=max(1, len(stores)))
    return average_of_stores(stores=known)
