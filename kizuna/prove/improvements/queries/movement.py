"""What the metric did around an improvement. Before against after is never an effect: comments come from bad days, and
after bad days come usual ones by themselves. Only stores that did not change can tell the difference.
"""

from dataclasses import dataclass
from datetime import date, datetime

from kizuna.customers.stores.queries import all_stores
from kizuna.prove.improvements.queries.board import ImprovementCard
from kizuna.prove.trials.queries import VERDICT_WORDS, Verdict, compare_stores, is_comparable
from kizuna.stats.arms import Effect
from kizuna.stats.estimate import Estimate, NotEnough
from kizuna.understand.metrics.queries import MetricCard, card, measure
from kizuna.understand.metrics.rules.period import last_months
from kizuna.understand.metrics.rules.registry import find_metric
from kizuna.words import Words

MONTHS = 13


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
    verdict: Verdict | None = None
    because: Words
    days: int = 0
    treated: int = 0
    control: int = 0
    per_day: bool = False

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
    why_not = _no_comparison(metric=metric, shown=shown)
    if why_not is not None:
        return Movement(metric=metric, grade=1, months=months, because=why_not)
    return _compared(metric=metric, shown=shown, months=months, done=shown.done_on, now=now)


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


def _no_comparison(*, metric: MetricCard, shown: ImprovementCard) -> Words | None:
    if not is_comparable(metric=find_metric(name=metric.name)):
        return _OTHER_METRIC
    everywhere = not shown.stores or not {one.code for one in all_stores()} - set(shown.stores)
    return _EVERYWHERE if everywhere else None


def _compared(
    *, metric: MetricCard, shown: ImprovementCard, months: tuple[Month, ...], done: date, now: datetime
) -> Movement:
    report = compare_stores(
        metric=metric.name, started=shown.stores, since=done, **_filters(metric=metric, shown=shown), now=now
    )
    judged = report.judgement
    if isinstance(report.effect, NotEnough):
        return Movement(metric=metric, grade=1, months=months, because=judged.because)
    return Movement(
        metric=metric,
        grade=2,
        months=months,
        effect=report.effect,
        verdict=judged.verdict,
        because=judged.because,
        days=report.days,
        treated=report.effect.n_treated,
        control=report.effect.n_control,
        per_day=report.per_day,
    )


_EVERYWHERE = Words(
    ja="全店で実施したため、比べる店舗がありません。次に似た改善をするときは、先に一部の店舗で試すと確かめられます。",
    en="It was done everywhere, so there is no store to compare with. Next time try it in some stores first.",
)
_OTHER_METRIC = Words(
    ja="この指標は店舗どうしで比べられません。",
    en="This metric cannot be compared between stores.",
)
