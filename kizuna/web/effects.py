"""What works and what harms, in a few lines for the home page."""

from dataclasses import dataclass
from datetime import datetime

from kizuna.prove.evidence.queries import league_table
from kizuna.prove.evidence.rules.league import Cell, Column, League, Row
from kizuna.prove.evidence.rules.shown import signed, span
from kizuna.prove.trials.queries import VERDICT_WORDS, Verdict
from kizuna.words import Words

LISTED = 3
"""Of those that work; what harms is always told in full."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One practice with the effect that earned it its word, and the interval."""

    practice: str
    title: Words
    verdict: Words
    harms: bool
    metric: Words
    value: Words
    span: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """The few lines; ``unclear`` counts the practices of which nothing can be said yet."""

    told: tuple[Effect, ...]
    unclear: int


def effects(*, now: datetime) -> Effects:
    """The few lines of the league table as it stands now; the table keeps its own figures."""
    return lines_of(table=league_table(by=Column.SAYS, now=now))


def lines_of(*, table: League) -> Effects:
    """Each practice that harms or works with the first effect that has its word."""
    harm, good = (
        [_told(row, *row.earned[0]) for row in table.told(verdict=verdict)]
        for verdict in (Verdict.HARMS, Verdict.WORKS)
    )
    return Effects(told=(*harm, *good[:LISTED]), unclear=len(table.told(verdict=Verdict.UNCLEAR)))


def _told(row: Row, metric: Words, cell: Cell) -> Effect:
    unit = cell.report.reading.unit
    return Effect(
        practice=row.practice,
        title=row.title,
        verdict=VERDICT_WORDS[row.verdict],
        harms=row.verdict is Verdict.HARMS,
        metric=metric,
        value=signed(value=cell.effect.value, unit=unit),
        span=span(low=cell.effect.low, high=cell.effect.high, unit=unit),
    )
