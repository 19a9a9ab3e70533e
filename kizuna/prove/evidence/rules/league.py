"""The league table: practices in the order of what is certain about them, each with its effects side by side.

An order by the observed effects would put luck on top: the smallest trials have the widest intervals. Practices are
therefore ordered by the end of the interval that is worst for them.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kizuna.act.practices.rules.tries import try_of
from kizuna.prove.trials.queries import Report, Shown, Verdict
from kizuna.stats.distributions import z_of
from kizuna.stats.estimate import NotEnough
from kizuna.stats.pooling import Pooled, Study, pool
from kizuna.understand.metrics.rules.definition import Better
from kizuna.words import Words

REAL = 0.05


class Column(StrEnum):
    """What a practice can move: what customers say, whether they return, what they spend."""

    SAYS = "says"
    RETURNS = "returns"
    SPENDS = "spends"


COLUMN_OF: dict[str, Column] = {
    "nps": Column.SAYS,
    "repeat_rate": Column.RETURNS,
    "f2_conversion": Column.RETURNS,
    "customer_value": Column.SPENDS,
}
COLUMN_WORDS: dict[Column, Words] = {
    Column.SAYS: Words(ja="NPS（推奨度）", en="NPS"),
    Column.RETURNS: Words(ja="リピート率", en="Repeat purchase"),
    Column.SPENDS: Words(ja="顧客あたりの購入金額", en="Spending per customer"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One effect in the table. ``real``: its verdict also stands when all practices are minded together."""

    report: Report
    effect: Shown
    real: bool

    @property
    def verdict(self) -> Verdict:
        """The word for it: what does not stand among all practices is not known yet."""
        return self.report.verdict if self.real else Verdict.UNCLEAR


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One practice. A column without a cell has ``missing`` to tell why, or is not among its metrics at all."""

    practice: str
    title: Words
    family: str
    grade: int
    people: int
    held_out: int
    primary: Report
    cells: Mapping[Column, Cell]
    other: Cell | None
    """The effect on a main metric that has no column of its own."""
    missing: Mapping[Column, NotEnough]
    alert: bool

    @property
    def effects(self) -> list[tuple[Words, Cell]]:
        """Every effect that is known, under the name it is told by."""
        columns = [(COLUMN_WORDS[column], cell) for column, cell in self.cells.items()]
        return columns if self.other is None else [*columns, (self.other.report.reading.title, self.other)]

    @property
    def verdict(self) -> Verdict:
        """A practice that harms anything is told so, whatever else it does: nobody may overlook that."""
        verdicts = {cell.verdict for _, cell in self.effects}
        return next((one for one in (Verdict.HARMS, Verdict.WORKS) if one in verdicts), Verdict.UNCLEAR)

    @property
    def earned(self) -> list[tuple[Words, Cell]]:
        """Those that have the practice's own word."""
        return [(name, cell) for name, cell in self.effects if cell.verdict is self.verdict]


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeats:
    """A practice that was tried several times, and what all tries say together."""

    family: str
    title: Words
    tries: int
    pooled: Mapping[Column, Pooled]


@dataclass(frozen=True, slots=True, kw_only=True)
class League:
    """The whole page. ``rows`` are in order; ``repeats`` by family."""

    rows: tuple[Row, ...]
    repeats: tuple[Repeats, ...]
    as_of: datetime | None

    def told(self, *, verdict: Verdict) -> list[Row]:
        """The practices with this word."""
        return [row for row in self.rows if row.verdict is verdict]


def league(*, reports: Sequence[Report], adjusted: Mapping[tuple[str, str], float], by: Column) -> League:
    """The table of these reports, ordered by one column. ``adjusted`` are the p values over all of them together."""
    grouped: dict[str, list[Report]] = defaultdict(list)
    for report in reports:
        grouped[report.practice].append(report)
    rows = [_row(practice=name, reports=some, adjusted=adjusted) for name, some in grouped.items()]
    rows.sort(key=lambda row: _rank(row, by=by))
    as_of = max((report.as_of for report in reports), default=None)
    return League(rows=tuple(rows), repeats=tuple(_repeats(rows)), as_of=as_of)


def _row(*, practice: str, reports: Sequence[Report], adjusted: Mapping[tuple[str, str], float]) -> Row:
    primary = next((one for one in reports if one.primary), reports[0])
    cells: dict[Column, Cell] = {}
    missing: dict[Column, NotEnough] = {}
    for one in sorted(reports, key=lambda one: not one.primary):
        column = COLUMN_OF.get(one.metric)
        if column is None or column in cells:
            continue
        if isinstance(one.effect, NotEnough):
            missing[column] = one.effect
        else:
            cells[column] = _cell(one, effect=one.effect, adjusted=adjusted)
    other = None
    if primary.metric not in COLUMN_OF and not isinstance(primary.effect, NotEnough):
        other = _cell(primary, effect=primary.effect, adjusted=adjusted)
    return Row(
        practice=practice,
        title=primary.title,
        family=try_of(name=practice)[0],
        grade=min(one.grade for one in reports),
        people=primary.left.assigned,
        held_out=sum(arm.people for arm in primary.arms if arm.held_out),
        primary=primary,
        cells=cells,
        other=other,
        missing=missing,
        alert=any(one.srm_alert for one in reports),
    )


def _cell(report: Report, *, effect: Shown, adjusted: Mapping[tuple[str, str], float]) -> Cell:
    real = adjusted.get((report.practice, report.metric), 1.0) < REAL
    return Cell(report=report, effect=effect, real=real)


def _rank(row: Row, *, by: Column) -> tuple[int, float, str]:
    """Those with the column first, by the worse end of the interval; the others after, by name."""
    cell = row.cells.get(by)
    if cell is None:
        return (1, 0.0, row.practice)
    worst = -cell.effect.high if cell.report.reading.better is Better.DOWN else cell.effect.low
    return (0, -worst, row.practice)


def _repeats(rows: Sequence[Row]) -> list[Repeats]:
    families: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        families[row.family].append(row)
    found = []
    for family, tries in families.items():
        pooled = {column: result for column in Column if (result := _pooled(tries, column=column)) is not None}
        if pooled:
            title = next((row.title for row in tries if row.practice == family), tries[0].title)
            found.append(Repeats(family=family, title=title, tries=len(tries), pooled=pooled))
    return found


def _pooled(tries: Sequence[Row], *, column: Column) -> Pooled | None:
    """Random effects over the tries. Intervals that hold under looks are wider than one look's: that errs safely."""
    cells = [row.cells[column] for row in tries if column in row.cells]
    if len(cells) < 2 or len({cell.report.metric for cell in cells}) > 1:
        return None
    studies = [
        Study(value=cell.effect.value, se=(cell.effect.high - cell.effect.low) / (2 * z_of(level=cell.effect.level)))
        for cell in cells
    ]
    result = pool(studies=studies)
    return result if isinstance(result, Pooled) else None
