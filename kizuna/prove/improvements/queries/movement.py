"""What the metric did around an improvement. Before against after is never an effect: comments come from bad days, and
after bad days come usual ones by themselves. Only stores that did not change can tell the difference.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from kizuna.clock import JST
from kizuna.customers.stores.queries import all_stores
from kizuna.prove.improvements.queries.board import ImprovementCard
from kizuna.prove.trials.queries import VERDICT_WORDS, Verdict
from kizuna.prove.trials.rules.verdict import Case, judge
from kizuna.stats.arms import Effect
from kizuna.stats.compare import Difference
from kizuna.stats.estimate import Estimate, Moments, NotEnough
from kizuna.stats.quasi import StorePeriods, difference_in_differences, pre_trend
from kizuna.stats.skew import Kind as Shape
from kizuna.understand.metrics.queries import MetricCard, card, measure
from kizuna.understand.metrics.queries.engine import sums_of
from kizuna.understand.metrics.rules.cut import Ask, cut_of
from kizuna.understand.metrics.rules.definition import Kind
from kizuna.understand.metrics.rules.outcome import NOTHING
from kizuna.understand.metrics.rules.period import last_months
from kizuna.words import Words

LONGEST_DAYS = 91
SHORTEST_DAYS = 14
MONTHS = 13
_SHAPES: dict[Kind, Shape] = {Kind.NPS: "nps", Kind.SHARE: "share", Kind.MEAN: "mean"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """One month of the metric where the improvement was done."""

    month: str
    result: Estimate | NotEnough


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """What may be said. ``effect`` only with grade 2, from stores against stores; grade 1 has the months alone."""

    metric: MetricCard
    grade: int
    months: tuple[Month, ...]
    effect: Effect | None = None
    drift: Effect | None = None
    verdict: Verdict | None = None
    because: Words
    days: int = 0
    treated: int = 0
    control: int = 0

    @property
    def verdict_words(self) -> Words | None:
        """The word for the effect; there is none without a comparison."""
        return VERDICT_WORDS[self.verdict] if self.verdict else None


def movement(*, shown: ImprovementCard, now: datetime) -> Movement | None:
    """The metric around the improvement; None while no metric is named or nothing is done.

    Raises: UnknownMetric, UnknownDim.
    """
    if not shown.metric or shown.done_on is None:
        return None
    metric = card(name=shown.metric)
    months = _months(metric=metric, shown=shown, now=now)
    why_not = _no_comparison(metric=metric, shown=shown, now=now)
    if why_not is not None:
        return Movement(metric=metric, grade=1, months=months, because=why_not)
    return _compared(metric=metric, shown=shown, months=months, now=now)


def _months(*, metric: MetricCard, shown: ImprovementCard, now: datetime) -> tuple[Month, ...]:
    """By month, in the one store where it was done, else in the whole company."""
    period = last_months(months=MONTHS, now=now)
    where = {"store": shown.stores[0]} if len(shown.stores) == 1 and "store" in metric.dims else {}
    where |= _filters(metric=metric, shown=shown)
    found = measure(metric=metric.name, by=("month",), date_from=period.start, date_to=period.end, where=where, now=now)
    return tuple(Month(month=one.group["month"], result=one.result) for one in found)


def _filters(*, metric: MetricCard, shown: ImprovementCard) -> dict[str, str]:
    named = {"touchpoint": shown.touchpoint, "product": shown.product}
    return {dim: value for dim, value in named.items() if value and dim in metric.dims}


def _no_comparison(*, metric: MetricCard, shown: ImprovementCard, now: datetime) -> Words | None:
    if metric.kind not in _SHAPES or "store" not in metric.dims:
        return _OTHER_METRIC
    if not shown.stores:
        return _EVERYWHERE
    if not {one.code for one in all_stores()} - set(shown.stores):
        return _EVERYWHERE
    days = _days(metric=metric, shown=shown, now=now)
    return None if days >= SHORTEST_DAYS else _TOO_EARLY.fill(have=max(0, days), need=SHORTEST_DAYS)


def _days(*, metric: MetricCard, shown: ImprovementCard, now: datetime) -> int:
    if shown.done_on is None:
        return 0
    return min(LONGEST_DAYS, (now.astimezone(JST).date() - shown.done_on).days - metric.mature_days)


def _compared(*, metric: MetricCard, shown: ImprovementCard, months: tuple[Month, ...], now: datetime) -> Movement:
    days = _days(metric=metric, shown=shown, now=now)
    done = shown.done_on or now.date()
    where = _filters(metric=metric, shown=shown)
    before = _by_store(metric.name, done - timedelta(days=days), done, where=where, now=now)
    after = _by_store(metric.name, done, done + timedelta(days=days), where=where, now=now)
    sides: dict[bool, list[StorePeriods]] = {True: [], False: []}
    for store in sorted({*before, *after} - {""}):
        pair = StorePeriods(before=before.get(store, NOTHING), after=after.get(store, NOTHING))
        if min(pair.before.n, pair.after.n) > 0:
            sides[store in shown.stores].append(pair)
    shape = _SHAPES[metric.kind]
    effect = difference_in_differences(control=sides[False], treated=sides[True], kind=shape)
    if isinstance(effect, NotEnough):
        return Movement(metric=metric, grade=1, months=months, because=_FEW_STORES)
    drift = _drift(metric=metric, shown=shown, where=where, now=now)
    parted = isinstance(drift, Effect) and drift.p < 0.05
    judged = judge(case=Case(value=effect.value, p=effect.p, better=metric.better, grade=2))
    return Movement(
        metric=metric,
        grade=2,
        months=months,
        effect=effect,
        drift=drift if isinstance(drift, Effect) else None,
        verdict=Verdict.UNCLEAR if parted else judged.verdict,
        because=_DRIFTING if parted else judged.because,
        days=days,
        treated=effect.n_treated,
        control=effect.n_control,
    )


def _by_store(metric: str, start: date, end: date, *, where: Mapping[str, str], now: datetime) -> dict[str, Moments]:
    cut = cut_of(ask=Ask(metric=metric, by=("store",), date_from=start, date_to=end, where=where), now=now)
    (groups,) = sums_of(cuts=[cut])
    return {key[0]: sums for key, sums in groups.items() if isinstance(sums, Moments)}


def _drift(
    *, metric: MetricCard, shown: ImprovementCard, where: Mapping[str, str], now: datetime
) -> Effect | Difference | NotEnough:
    """Whether the stores were drifting apart in the half year before it was done."""
    done = (shown.done_on or now.date()).replace(day=1)
    edges = [_months_before(done, back) for back in range(6, -1, -1)]
    spans = [_by_store(metric.name, a, b, where=where, now=now) for a, b in pairwise(edges)]
    whole = sorted(set.intersection(*(set(span) for span in spans)) - {""})
    sides: dict[bool, list[Sequence[float]]] = {True: [], False: []}
    scale = 100.0 if metric.kind is Kind.NPS else 1.0
    for store in whole:
        if all(span[store].n > 0 for span in spans):
            sides[store in shown.stores].append([scale * span[store].sum_y / span[store].n for span in spans])
    return pre_trend(control=sides[False], treated=sides[True])


def _months_before(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 - months
    return date(index // 12, index % 12 + 1, 1)


_EVERYWHERE = Words(
    ja="全店で実施したため、比べる店舗がありません。次に似た改善をするときは、先に一部の店舗で試すと確かめられます。",
    en="It was done everywhere, so there is no store to compare with. Next time try it in some stores first.",
)
_FEW_STORES = Words(
    ja="比べられる店舗が足りません（前後とも記録のある店舗が、実施・未実施を合わせて4店必要です）。",
    en="Too few stores to compare: four with records before and after are needed, with and without it together.",
)
_OTHER_METRIC = Words(
    ja="この指標は店舗どうしで比べられません。",
    en="This metric cannot be compared between stores.",
)
_TOO_EARLY = Words(
    ja="完了からまだ{have}日分の記録しかありません（{need}日分から比べます）。",
    en="Only {have} days of records since it was done; comparing starts at {need}.",
)
_DRIFTING = Words(
    ja="実施した店舗とほかの店舗は、改善の前から動きが違っていました。差は改善によるとは言えません。",
    en="The stores were drifting apart before it was done, so the difference cannot be put down to it.",
)
