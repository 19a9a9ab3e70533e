"""A way of serving that some stores began on a day: how much more they changed than the other stores (★2)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kizuna.errors import Conflict, NotFound
from kizuna.prove.trials.models import StoreStart
from kizuna.prove.trials.queries.store_periods import Asked, Periods, known_days, on_record, periods_of
from kizuna.prove.trials.rules.effects import ARM_KINDS
from kizuna.prove.trials.rules.report import StoreReport
from kizuna.prove.trials.rules.verdict import ALPHA, Case, Judgement, Verdict, judge
from kizuna.stats.arms import Effect
from kizuna.stats.estimate import NotEnough
from kizuna.stats.quasi import Placebo, StorePeriods, difference_in_differences, placebo_stores, pre_trend
from kizuna.stats.skew import Kind as Shape
from kizuna.understand.metrics.queries import MetricCard, metrics
from kizuna.understand.metrics.rules.definition import Kind, Metric
from kizuna.understand.metrics.rules.dims import dims_of
from kizuna.understand.metrics.rules.registry import find_metric
from kizuna.understand.metrics.rules.windows import NoWindow
from kizuna.words import Words

LONGEST_DAYS, SHORTEST_DAYS = 91, 14
_SEED = 20_261_122
"""Of the sampled choices of stores: the same question gets the same answer."""


class NoStoreStart(NotFound):
    """No store is known to have begun this way of serving."""

    code = "practice_without_stores"

    def __init__(self, *, name: str) -> None:
        self.name = name
        super().__init__(
            Words(
                ja=f"「{name}」を始めた店舗が登録されていません。", en=f"No store is on record to have begun «{name}»."
            )
        )


class SeveralDays(Conflict):
    """The stores began on different days."""

    code = "stores_began_on_several_days"


@dataclass(frozen=True, slots=True, kw_only=True)
class StartCard:
    """A way of serving that was told to have begun in some stores on a day."""

    practice: str
    since: date
    stores: tuple[str, ...]


def store_starts() -> list[StartCard]:
    """What is on record to have begun in some stores, the latest first; one card for each day."""
    found: dict[tuple[date, str], list[str]] = {}
    for practice, since, store in StoreStart.objects.order_by("store").values_list("practice", "since", "store"):
        found.setdefault((since, practice), []).append(store)
    return [
        StartCard(practice=practice, since=since, stores=tuple(stores))
        for (since, practice), stores in sorted(found.items(), reverse=True)
    ]


def comparable_metrics() -> list[MetricCard]:
    """The metrics that stores can be compared by, the company's own questions among them."""
    return [one for one in metrics() if is_comparable(metric=find_metric(name=one.name))]


def is_comparable(*, metric: Metric) -> bool:
    """Whether each store has one value of the metric in a period."""
    return metric.kind not in (Kind.RATIO, Kind.TOP_SHARE) and "store" in dims_of(metric=metric)


def store_effect(*, practice: str, metric: str, now: datetime) -> StoreReport:
    """How much more the metric changed in the stores on record to have begun the practice than in the others.

    Raises: NoStoreStart, SeveralDays, UnknownMetric, NoWindow.
    """
    starts = dict(StoreStart.objects.filter(practice=practice).values_list("store", "since"))
    if not starts:
        raise NoStoreStart(name=practice)
    if len(set(starts.values())) > 1:
        raise SeveralDays(_SEVERAL_DAYS)
    since = next(iter(starts.values()))
    return compare_stores(metric=metric, started=frozenset(starts), since=since, practice=practice, now=now)


def compare_stores(
    *,
    metric: str,
    started: Collection[str],
    since: date,
    touchpoint: str = "",
    product: str = "",
    practice: str = "",
    now: datetime,
) -> StoreReport:
    """How much more the metric changed in the stores that began than in the others; the store is the unit.

    Compares the days since the start (14 to 91) with as many before. Sales and counts are per day.
    Raises: UnknownMetric, UnknownDim, NoWindow.
    """
    found = find_metric(name=metric)
    if not is_comparable(metric=found):
        raise NoWindow(metric=found)
    known = known_days(metric=found, now=now)
    days = min(LONGEST_DAYS, (known.until - since).days)
    asked = Asked(metric=found, since=since, days=days, touchpoint=touchpoint, product=product)
    missing = _too_short(asked=asked, first=known.first)
    periods = Periods() if missing else periods_of(asked=asked, first=known.first, now=now)
    sides = _sides(periods, started)
    missing = missing or _one_sided(sides)
    effect = missing or _effect(asked, periods, sides)
    drift = missing or _drift(asked, periods, sides)
    return StoreReport(
        practice=practice,
        metric=found.name,
        title=found.words,
        unit=found.unit,
        decimals=found.decimals,
        per_day=found.kind is Kind.TOTAL,
        better=found.better,
        touchpoint=touchpoint,
        since=since,
        days=max(0, days),
        known_from=known.first,
        known_until=known.until,
        treated=sides.treated,
        control=sides.control,
        left_out=tuple(sorted((periods.seen | frozenset(started)) - {*sides.treated, *sides.control})),
        effect=effect,
        drift=drift,
        placebo=missing or _placebo(asked, periods, sides),
        judgement=_judged(found, effect, drift),
        grade=1 if isinstance(effect, NotEnough) and effect.reason == "too_few_stores" else 2,
        stores=periods.changes(asked=asked, treated=sides.treated, control=sides.control),
        steps=periods.lines(asked=asked, treated=sides.treated, control=sides.control),
    )


@dataclass(frozen=True, slots=True)
class _Sides:
    """The stores that have figures in both periods."""

    treated: tuple[str, ...]
    control: tuple[str, ...]


def _sides(periods: Periods, started: Collection[str]) -> _Sides:
    measured = sorted(periods.measured)
    return _Sides(
        treated=tuple(store for store in measured if store in started),
        control=tuple(store for store in measured if store not in started),
    )


def _too_short(*, asked: Asked, first: date | None) -> NotEnough | None:
    if first is None:
        return NotEnough(reason="no_data", have=0, need=1)
    if asked.days < SHORTEST_DAYS:
        return NotEnough(reason="too_soon", have=max(0, asked.days), need=SHORTEST_DAYS)
    start = asked.since - timedelta(days=asked.days)
    if on_record(metric=asked.metric, start=start, end=asked.since, first=first):
        return None
    return NotEnough(reason="nothing_before", have=max(0, (asked.since - first).days), need=asked.days)


def _one_sided(sides: _Sides) -> NotEnough | None:
    if sides.treated and sides.control:
        return None
    return NotEnough(reason="no_store_left" if sides.treated else "no_store_began", have=0, need=1)


def _shape(asked: Asked) -> Shape:
    return ARM_KINDS.get(asked.metric.kind, "mean")


def _pairs(periods: Periods, stores: Collection[str]) -> list[StorePeriods]:
    return [StorePeriods(before=periods.before[one], after=periods.after[one]) for one in stores]


def _effect(asked: Asked, periods: Periods, sides: _Sides) -> Effect | NotEnough:
    return difference_in_differences(
        control=_pairs(periods, sides.control), treated=_pairs(periods, sides.treated), kind=_shape(asked)
    )


def _placebo(asked: Asked, periods: Periods, sides: _Sides) -> Placebo | NotEnough:
    return placebo_stores(
        control=_pairs(periods, sides.control),
        treated=_pairs(periods, sides.treated),
        kind=_shape(asked),
        seed=_SEED,
    )


def _drift(asked: Asked, periods: Periods, sides: _Sides) -> Effect | NotEnough:
    scale = 100.0 if asked.metric.kind is Kind.NPS else 1.0
    earlier = periods.earlier
    whole = [
        [
            [scale * period[store].sum_y / period[store].n for period in earlier]
            for store in stores
            if all(store in period for period in earlier)
        ]
        for stores in (sides.control, sides.treated)
    ]
    return pre_trend(control=whole[0], treated=whole[1])


def _judged(metric: Metric, effect: Effect | NotEnough, drift: Effect | NotEnough) -> Judgement:
    """No verdict where the stores were seen to drift apart before anything was begun."""
    case = Case(
        value=effect.value if isinstance(effect, Effect) else None,
        p=effect.p if isinstance(effect, Effect) else None,
        better=metric.better,
        grade=2,
        missing=effect if isinstance(effect, NotEnough) else None,
    )
    if isinstance(drift, Effect) and drift.p < ALPHA:
        return Judgement(verdict=Verdict.UNCLEAR, because=_DRIFTING)
    return judge(case=case)


_DRIFTING = Words(
    ja="始める前から、店舗どうしの動きに差がありました。その差が始めたことによるものか分からないため、判定しません。",
    en="The stores were drifting apart before it began, so the difference may not be due to it: no verdict.",
)
_SEVERAL_DAYS = Words(
    ja="店舗によって始めた日が違います。同じ日に始めた店舗だけを比べられます。",
    en="The stores began on different days. Only stores that began on one day can be compared.",
)
