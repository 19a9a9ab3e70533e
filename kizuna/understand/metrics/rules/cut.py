"""A question about one metric, checked and brought to one form: which units, which days, split by what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from kizuna.clock import JST
from kizuna.facts.touchpoints import touchpoint_slug
from kizuna.understand.metrics.rules.definition import Metric
from kizuna.understand.metrics.rules.dims import TIME_DIMS, PeriodBackwards, check_dims, time_range
from kizuna.understand.metrics.rules.registry import find_metric


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One question: ``metric`` split ``by`` dimensions over [``date_from``, ``date_to``), where ``where`` holds."""

    metric: str
    by: Sequence[str] = ()
    date_from: date | None = None
    date_to: date | None = None
    where: Mapping[str, str] = field(default_factory=dict)
    level: float = 0.95


@dataclass(frozen=True, slots=True)
class Cut:
    """The same question after checking; hashable, so that answers can be kept per generation.

    ``start`` and ``end`` (exclusive) already hold maturity and any day, week or month named in ``where``.
    """

    metric_name: str
    by: tuple[str, ...]
    where: tuple[tuple[str, str], ...]
    start: date | None
    end: date | None

    @property
    def metric(self) -> Metric:
        """The definition asked about."""
        return find_metric(name=self.metric_name)

    @property
    def dims(self) -> tuple[str, ...]:
        """The dimensions other than time that the answer needs."""
        return tuple(dim for dim in self.by if dim not in TIME_DIMS) + tuple(dim for dim, _ in self.where)

    @property
    def splits_months(self) -> bool:
        """Whether whole months are too coarse."""
        edges = (edge for edge in (self.start, self.end) if edge is not None)
        return "day" in self.by or "week" in self.by or any(edge.day != 1 for edge in edges)

    @property
    def one_month(self) -> bool:
        """Whether the days are exactly one month."""
        if self.start is None or self.end is None or self.start.day != 1 or self.end.day != 1:
            return False
        return (self.end.year - self.start.year) * 12 + self.end.month - self.start.month == 1

    @property
    def is_empty(self) -> bool:
        """Whether no day is left, for instance because nobody is mature yet."""
        return self.start is not None and self.end is not None and self.start >= self.end


def today(*, now: datetime) -> date:
    """The day in Japan."""
    return now.astimezone(JST).date()


def cut_of(*, ask: Ask, now: datetime) -> Cut:
    """Check the question and bring it to its one form.

    Raises: UnknownMetric, UnknownDim, BadPeriod, PeriodBackwards.
    """
    metric = find_metric(name=ask.metric)
    if ask.date_from and ask.date_to and ask.date_to < ask.date_from:
        raise PeriodBackwards(first=ask.date_from, last=ask.date_to - timedelta(days=1))
    check_dims(metric=metric, dims=tuple(ask.by))
    check_dims(metric=metric, dims=tuple(ask.where))
    start, end = ask.date_from, ask.date_to
    for dim in TIME_DIMS:
        if dim in ask.where:
            first, after = time_range(dim=dim, value=ask.where[dim])
            start, end = _later(start, first), _earlier(end, after)
    if metric.mature_days:
        end = _earlier(end, today(now=now) - timedelta(days=metric.mature_days - 1))
    where = tuple(sorted((dim, _code(dim, value)) for dim, value in ask.where.items() if dim not in TIME_DIMS))
    return Cut(ask.metric, tuple(ask.by), where, start, end)


def _later(one: date | None, other: date) -> date:
    return other if one is None else max(one, other)


def _earlier(one: date | None, other: date) -> date:
    return other if one is None else min(one, other)


def _code(dim: str, value: str) -> str:
    """``配送`` asks for ``delivery``: people name touchpoints as their files do."""
    return touchpoint_slug(text=value) if dim == "touchpoint" else value
