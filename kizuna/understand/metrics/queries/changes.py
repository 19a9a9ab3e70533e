"""What changed against the period before, and which of it is real.

Every difference shown on one screen is tested together (Benjamini-Hochberg), so of the arrows that are coloured at
most one in twenty is chance, however many are shown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from kizuna.stats.compare import Difference
from kizuna.stats.estimate import Estimate, NotEnough
from kizuna.stats.multiplicity import benjamini_hochberg
from kizuna.understand.metrics.queries.engine import Groups, sums_of
from kizuna.understand.metrics.queries.measure import ordered
from kizuna.understand.metrics.rules.cut import Ask, Cut, cut_of
from kizuna.understand.metrics.rules.definition import Better, Kind
from kizuna.understand.metrics.rules.outcome import NOTHING, difference_of, estimate_of
from kizuna.understand.metrics.rules.period import Period
from kizuna.understand.metrics.rules.registry import find_metric


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeAsk:
    """What to compare: ``metric`` split ``by`` in ``period`` and in the one before it."""

    metric: str
    period: Period
    by: Sequence[str] = ()
    where: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One group before and after. ``difference`` is in the metric's own unit (points, never per cent of per cent).

    ``real``: the difference stands after the correction for everything compared with it. ``good``: whether a real
    difference is good news; None when it is not real or the metric has no better direction.
    """

    metric: str
    group: dict[str, str]
    before: Estimate | NotEnough
    after: Estimate | NotEnough
    difference: Difference | NotEnough
    p_adjusted: float | None = None
    real: bool = False
    good: bool | None = None


def changes(
    *,
    metric: str,
    by: Sequence[str] = (),
    period: Period,
    where: Mapping[str, str] | None = None,
    now: datetime,
    level: float = 0.95,
) -> list[Change]:
    """One metric's changes by group. For several on one screen use ``changes_many``, which tests them together.

    Raises: UnknownMetric, UnknownDim, BadPeriod.
    """
    return changes_many(asks=[ChangeAsk(metric=metric, by=by, period=period, where=where or {})], now=now, level=level)[
        0
    ]


def changes_many(*, asks: Sequence[ChangeAsk], now: datetime, level: float = 0.95) -> list[list[Change]]:
    """Everything one screen compares, in one statement, corrected together.

    Raises: UnknownMetric, UnknownDim, BadPeriod.
    """
    pairs = [_cuts(ask=ask, now=now) for ask in asks]
    answers = sums_of(cuts=[cut for pair in pairs for cut in pair])
    found = [
        _compare(cut=after, before=answers[2 * place], after=answers[2 * place + 1], level=level, now=now)
        for place, (_, after) in enumerate(pairs)
    ]
    return _corrected(found=found, level=level)


def _cuts(*, ask: ChangeAsk, now: datetime) -> tuple[Cut, Cut]:
    total = find_metric(name=ask.metric).kind is Kind.TOTAL
    earlier, later = (
        cut_of(
            ask=Ask(metric=ask.metric, by=ask.by, date_from=period.start, date_to=period.end, where=ask.where), now=now
        )
        for period in (ask.period.before(same_days=total), ask.period)
    )
    return earlier, later


def _compare(*, cut: Cut, before: Groups, after: Groups, level: float, now: datetime) -> list[Change]:
    metric = cut.metric
    keys = ordered(by=cut.by, groups={**before, **after}) if cut.by else [()]
    rows = []
    for key in keys:
        earlier, later = before.get(key, NOTHING), after.get(key, NOTHING)
        rows.append(
            Change(
                metric=cut.metric_name,
                group=dict(zip(cut.by, key, strict=True)),
                before=estimate_of(metric=metric, sums=earlier, level=level, as_of=now),
                after=estimate_of(metric=metric, sums=later, level=level, as_of=now),
                difference=difference_of(metric=metric, before=earlier, after=later, level=level),
            )
        )
    return rows


def _corrected(*, found: list[list[Change]], level: float) -> list[list[Change]]:
    tested = [row.difference.p for rows in found for row in rows if isinstance(row.difference, Difference)]
    adjusted = iter(benjamini_hochberg(p_values=tested))
    return [
        [_judged(row, next(adjusted), level) if isinstance(row.difference, Difference) else row for row in rows]
        for rows in found
    ]


def _judged(row: Change, p_adjusted: float, level: float) -> Change:
    # Rounding must not colour what the corrected level does not carry.
    real = p_adjusted < 1.0 - level
    better = find_metric(name=row.metric).better
    good = None
    if real and better is not Better.NEITHER and isinstance(row.difference, Difference):
        good = (row.difference.value > 0) == (better is Better.UP)
    return replace(row, p_adjusted=p_adjusted, real=real, good=good)
