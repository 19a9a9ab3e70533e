"""A metric's value with its interval, in all and per group."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from kizuna.stats.estimate import Estimate, NotEnough
from kizuna.understand.metrics.queries.engine import Groups, sums_of
from kizuna.understand.metrics.rules.cut import Ask, Cut, cut_of
from kizuna.understand.metrics.rules.dims import value_rank
from kizuna.understand.metrics.rules.outcome import NOTHING, estimate_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One group (``{}`` is the total) and its estimate, or why there is none."""

    group: dict[str, str]
    result: Estimate | NotEnough


def measure(
    *,
    metric: str,
    by: Sequence[str] = (),
    date_from: date | None = None,
    date_to: date | None = None,
    where: Mapping[str, str] | None = None,
    level: float = 0.95,
    now: datetime,
    recompute: bool = False,
) -> list[Measured]:
    """The metric per group over [``date_from``, ``date_to``), in reading order; without ``by`` exactly one total.

    ``recompute`` answers from the unit tables instead of the roll-ups; the result is the same, only slower.
    Raises: UnknownMetric, UnknownDim, BadPeriod, PeriodBackwards.
    """
    ask = Ask(metric=metric, by=by, date_from=date_from, date_to=date_to, where=where or {}, level=level)
    return measure_many(asks=[ask], now=now, recompute=recompute)[0]


def check(*, asks: Sequence[Ask], now: datetime) -> None:
    """Refuse at once what ``measure_many`` would refuse, without any work.

    Raises: UnknownMetric, UnknownDim, BadPeriod, PeriodBackwards.
    """
    for ask in asks:
        cut_of(ask=ask, now=now)


def measure_many(*, asks: Sequence[Ask], now: datetime, recompute: bool = False) -> list[list[Measured]]:
    """Every question of a page at once: one statement in DuckDB, at most two in the database.

    Raises: UnknownMetric, UnknownDim, BadPeriod, PeriodBackwards.
    """
    cuts = [cut_of(ask=ask, now=now) for ask in asks]
    answers = sums_of(cuts=cuts, recompute=recompute)
    return [
        _measured(cut=cut, groups=groups, level=ask.level, now=now)
        for ask, cut, groups in zip(asks, cuts, answers, strict=True)
    ]


def _measured(*, cut: Cut, groups: Groups, level: float, now: datetime) -> list[Measured]:
    metric = cut.metric
    keys = ordered(by=cut.by, groups=groups) if cut.by else [()]
    return [
        Measured(
            group=dict(zip(cut.by, key, strict=True)),
            result=estimate_of(metric=metric, sums=groups.get(key, NOTHING), level=level, as_of=now),
        )
        for key in keys
    ]


def ordered(*, by: Sequence[str], groups: Mapping[tuple[str, ...], object]) -> list[tuple[str, ...]]:
    """The groups in reading order: touchpoints along the journey, times forward, the unknown last."""
    return sorted(
        groups, key=lambda key: tuple(value_rank(dim=dim, value=value) for dim, value in zip(by, key, strict=True))
    )
