"""What works and what harms, in a few lines for the home page."""

from dataclasses import dataclass
from datetime import datetime

from kizuna.prove.evidence.queries import league_table
from kizuna.prove.evidence.rules.league import COLUMN_WORDS, Cell, Column, Row
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
    column: Words
    value: Words
    span: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """The few lines; ``unclear`` counts the practices of which nothing can be said yet."""

    told: tuple[Effect, ...]
    unclear: int


def effects(*, now: datetime) -> Effects:
    """The few lines of the league table as it stands now; the table keeps its own figures."""
    table = league_table(by=Column.SAYS, now=now)
    harm = [_told(row, cell) for row in table.told(verdict=Verdict.HARMS) for cell in _earned(row)]
    good = [_told(row, cell) for row in table.told(verdict=Verdict.WORKS) for cell in _earned(row)]
    return Effects(told=(*harm, *good[:LISTED]), unclear=len(table.told(verdict=Verdict.UNCLEAR)))


def _earned(row: Row) -> list[Cell]:
    """The first effect that has the practice's word."""
    return [cell for cell in row.cells.values() if cell.verdict is row.verdict][:1]


def _told(row: Row, cell: Cell) -> Effect:
    column = next(name for name, one in row.cells.items() if one is cell)
    unit = cell.report.reading.unit
    return Effect(
        practice=row.practice,
        title=row.title,
        verdict=VERDICT_WORDS[row.verdict],
        harms=row.verdict is Verdict.HARMS,
        column=COLUMN_WORDS[column],
        value=signed(value=cell.effect.value, unit=unit),
        span=span(low=cell.effect.low, high=cell.effect.high, unit=unit),
    )
