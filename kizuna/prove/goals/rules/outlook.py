"""From a goal's months to its outlook. The three words come from the fan alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from statistics import median

from kizuna.prove.goals.rules.months import add_months, between
from kizuna.stats.distributions import z_of
from kizuna.stats.estimate import Estimate, NotEnough
from kizuna.stats.forecast import Ahead, Seen, forecast
from kizuna.words import Words

RECENT = 6
FURTHEST = 24


class Word(StrEnum):
    """What may be said of an open goal."""

    LIKELY = "likely"
    TIGHT = "tight"
    HARD = "hard"


WORDS: dict[Word, Words] = {
    Word.LIKELY: Words(ja="達成見込み", en="On course"),
    Word.TIGHT: Words(ja="どちらともいえない", en="Too close to call"),
    Word.HARD: Words(ja="厳しい", en="Unlikely"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FanMonth:
    """One coming month: its middle, its 80 % and 95 % interval."""

    month: date
    value: float
    inner: tuple[float, float]
    outer: tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """Where the goal is heading. Without a fan ``missing`` says why; a due month that is over has its own value."""

    months: tuple[tuple[date, Estimate | NotEnough], ...]
    fan: tuple[FanMonth, ...]
    word: Word | None
    chance: float | None
    missing: NotEnough | None
    latest: Estimate | None
    latest_month: date | None
    result: Estimate | None


def variance_of(*, found: Estimate) -> float:
    """The variance of a measurement, from the width of its interval."""
    return float(((found.high - found.low) / (2.0 * z_of(level=found.level))) ** 2)


def outlook_of(
    *,
    months: Sequence[tuple[date, Estimate | NotEnough]],
    due_month: date,
    target: float,
    up: bool,
    bounds: tuple[float | None, float | None] = (None, None),
) -> Outlook:
    """Draw the fan from the measured months to the due one, and find the word for it."""
    measured = [(month, one) for month, one in months if isinstance(one, Estimate)]
    latest_month, latest = measured[-1] if measured else (None, None)
    result = next((one for month, one in measured if month == due_month), None)
    last = months[-1][0] if months else None
    fan: tuple[FanMonth, ...] = ()
    missing: NotEnough | None = None
    chance: float | None = None
    if result is None and last is not None and due_month > last:
        ahead = _ahead([one for _, one in months], steps=min(FURTHEST, between(first=last, last=due_month)))
        if isinstance(ahead, NotEnough):
            missing = ahead
        else:
            fan = tuple(_fan_month(one, add_months(month=last, count=n), bounds) for n, one in enumerate(ahead, 1))
            chance = 1.0 - ahead[-1].below(target) if up else ahead[-1].below(target)
    return Outlook(
        months=tuple(months),
        fan=fan,
        word=word_of(inner=fan[-1].inner, target=target, up=up) if fan else None,
        chance=chance,
        missing=missing,
        latest=latest,
        latest_month=latest_month,
        result=result,
    )


def word_of(*, inner: tuple[float, float], target: float, up: bool) -> Word:
    """On course when the whole 80 % interval of the due month has reached the target, unlikely when none of it has."""
    low, high = inner
    if low >= target if up else high <= target:
        return Word.LIKELY
    if high < target if up else low > target:
        return Word.HARD
    return Word.TIGHT


def _ahead(results: Sequence[Estimate | NotEnough], *, steps: int) -> tuple[Ahead, ...] | NotEnough:
    seen = [
        Seen(value=one.value, variance=variance_of(found=one)) if isinstance(one, Estimate) else None for one in results
    ]
    while seen and seen[0] is None:
        seen.pop(0)
    recent = [one.variance for one in seen if one is not None][-RECENT:]
    return forecast(series=seen, steps=steps, variance=median(recent) if recent else None)


def _fan_month(one: Ahead, month: date, bounds: tuple[float | None, float | None]) -> FanMonth:
    inner, outer = (tuple(_within(end, bounds) for end in one.interval(level)) for level in (0.8, 0.95))
    middle = _within(one.quantile(0.5), bounds)
    return FanMonth(month=month, value=middle, inner=(inner[0], inner[1]), outer=(outer[0], outer[1]))


def _within(value: float, bounds: tuple[float | None, float | None]) -> float:
    low, high = bounds
    value = value if low is None else max(low, value)
    return value if high is None else min(high, value)
