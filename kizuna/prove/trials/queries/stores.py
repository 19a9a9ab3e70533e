"""A way of serving that some stores began on a day: how much more they changed than the other stores (★2)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kizuna.errors import Conflict, NotFound
from kizuna.prove.trials.models import StoreStart
from kizuna.prove.trials.queries.looks import today
from kizuna.prove.trials.rules.effects import ARM_KINDS
from kizuna.prove.trials.rules.report import StoreReport
from kizuna.prove.trials.rules.verdict import ALPHA, Case, Judgement, Verdict, judge
from kizuna.stats.arms import Effect
from kizuna.stats.estimate import Moments, NotEnough
from kizuna.stats.quasi import StorePeriods, difference_in_differences, pre_trend
from kizuna.understand.metrics.queries.engine import sums_of
from kizuna.understand.metrics.rules.cut import Ask, cut_of
from kizuna.understand.metrics.rules.definition import Kind, Metric
from kizuna.understand.metrics.rules.dims import dims_of
from kizuna.understand.metrics.rules.registry import find_metric
from kizuna.understand.metrics.rules.windows import NoWindow
from kizuna.words import Words

LONGEST_DAYS, SHORTEST_DAYS = 90, 14
PERIODS_BEFORE = 3


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


def store_effect(*, practice: str, metric: str, now: datetime) -> StoreReport:
    """How much more the metric changed in the stores that began than in the others; the store is the unit.

    Compares the days since the start (14 to 90) with as many before. Sales and counts are per day.
    Raises: NoStoreStart, SeveralDays, UnknownMetric, NoWindow.
    """
    starts = dict(StoreStart.objects.filter(practice=practice).values_list("store", "since"))
    if not starts:
        raise NoStoreStart(name=practice)
    if len(set(starts.values())) > 1:
        raise SeveralDays(_SEVERAL_DAYS)
    found = find_metric(name=metric)
    if found.kind in (Kind.RATIO, Kind.TOP_SHARE) or "store" not in dims_of(metric=found):
        raise NoWindow(metric=found)
    since = next(iter(starts.values()))
    days = min(LONGEST_DAYS, (today(now=now) - since).days)
    before = _Compared(metric=found, practice=practice, since=since, days=days, started=frozenset(starts))
    if days < SHORTEST_DAYS:
        return before.report(periods=[], missing=NotEnough(reason="immature", have=max(0, days), need=SHORTEST_DAYS))
    return before.report(periods=_periods(metric=found, since=since, days=days, now=now), missing=None)


def _periods(*, metric: Metric, since: date, days: int, now: datetime) -> list[dict[str, Moments]]:
    """Each store's moments in the periods before the start, oldest first, and in the one after it."""
    length = timedelta(days=days)
    asks = [
        Ask(metric=metric.name, by=("store",), date_from=since + place * length, date_to=since + (place + 1) * length)
        for place in range(-PERIODS_BEFORE, 1)
    ]
    groups = sums_of(cuts=[cut_of(ask=ask, now=now) for ask in asks])
    return [
        {
            store: _per_day(sums, days) if metric.kind is Kind.TOTAL else sums
            for (store,), sums in found.items()
            if store and isinstance(sums, Moments)
        }
        for found in groups
    ]


def _per_day(sums: Moments, days: int) -> Moments:
    return Moments(n=days, sum_y=sums.sum_y, sum_yy=sums.sum_yy)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Compared:
    """The stores that began against the others."""

    metric: Metric
    practice: str
    since: date
    days: int
    started: frozenset[str]

    def report(self, *, periods: Sequence[Mapping[str, Moments]], missing: NotEnough | None) -> StoreReport:
        measured = set(periods[-1]) & set(periods[-2]) if periods else set()
        treated, control = sorted(measured & self.started), sorted(measured - self.started)
        effect: Effect | NotEnough = missing or self._effect(periods, treated, control)
        drift: Effect | NotEnough = missing or self._drift(periods, treated, control)
        case = Case(
            value=effect.value if isinstance(effect, Effect) else None,
            p=effect.p if isinstance(effect, Effect) else None,
            better=self.metric.better,
            grade=2,
            missing=effect if isinstance(effect, NotEnough) else None,
        )
        known = {store for period in periods for store in period}
        return StoreReport(
            practice=self.practice,
            metric=self.metric.name,
            unit=self.metric.unit,
            since=self.since,
            days=self.days,
            treated=tuple(treated),
            control=tuple(control),
            left_out=tuple(sorted((known | self.started) - measured)),
            effect=effect,
            drift=drift,
            judgement=_unless_drifting(judge(case=case), drift),
        )

    def _effect(
        self, periods: Sequence[Mapping[str, Moments]], treated: Sequence[str], control: Sequence[str]
    ) -> Effect | NotEnough:
        *_, before, after = periods
        sides = [
            [StorePeriods(before=before[one], after=after[one]) for one in stores] for stores in (control, treated)
        ]
        return difference_in_differences(
            control=sides[0], treated=sides[1], kind=ARM_KINDS.get(self.metric.kind, "mean")
        )

    def _drift(
        self, periods: Sequence[Mapping[str, Moments]], treated: Sequence[str], control: Sequence[str]
    ) -> Effect | NotEnough:
        earlier, scale = periods[:-1], 100.0 if self.metric.kind is Kind.NPS else 1.0
        whole = [
            [
                [scale * period[store].sum_y / period[store].n for period in earlier]
                for store in stores
                if all(store in period for period in earlier)
            ]
            for stores in (control, treated)
        ]
        return pre_trend(control=whole[0], treated=whole[1])


def _unless_drifting(judged: Judgement, drift: Effect | NotEnough) -> Judgement:
    """No verdict where the stores were seen to drift apart before anything was begun."""
    if isinstance(drift, Effect) and drift.p < ALPHA:
        return Judgement(verdict=Verdict.UNCLEAR, because=_DRIFTING)
    return judged


_DRIFTING = Words(
    ja="始める前から、店舗どうしの動きに差がありました。差が接客方法によるものか分からないため、判定しません。",
    en="The stores were drifting apart before it began, so the difference may not be due to it: no verdict.",
)
_SEVERAL_DAYS = Words(
    ja="店舗によって始めた日が違います。同じ日に始めた店舗だけを比べられます。",
    en="The stores began on different days. Only stores that began on one day can be compared.",
)
