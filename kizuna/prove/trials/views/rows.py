"""Reports in the words and places of the page."""

from dataclasses import dataclass

from kizuna.customers.stores.queries import store_names
from kizuna.prove.trials.queries import (
    GRADES,
    VERDICT_WORDS,
    PartEffect,
    Parts,
    Report,
    Shown,
    Verdict,
    missing_words,
)
from kizuna.prove.trials.queries.sentences import days_words, result_words
from kizuna.prove.trials.queries.text import amount_text, signed_span_text, signed_text
from kizuna.prove.trials.rules.drawing import Axis, Bar, axis_of
from kizuna.prove.trials.rules.verdict import GRADE_NOTES
from kizuna.stats.arms import Lift
from kizuna.stats.estimate import NotEnough
from kizuna.understand.metrics.queries.text import difference_text, large_yen_words, number_text, span_text
from kizuna.understand.metrics.rules.dims import DIMS, value_words
from kizuna.words import Words

TONES = {Verdict.WORKS: "good", Verdict.UNCLEAR: "plain", Verdict.HARMS: "open"}
ICONS = {Verdict.WORKS: "circle-check", Verdict.UNCLEAR: "hourglass", Verdict.HARMS: "alert-triangle"}
SHOWN_LOOKS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmRow:
    """One arm in the table."""

    title: Words
    held_out: bool
    counted: int
    people: int
    value: str
    range: str
    missing: Words | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BarRow:
    """A named interval: a look, a segment, an arm."""

    name: Words | str
    value: str
    range: str
    counted: int
    bar: Bar | None
    axis: Axis
    note: Words | None = None
    tone: str = "plain"
    word: Words | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitRow:
    """The effect by segment or by store."""

    by: Words
    rows: tuple[BarRow, ...]
    differs: bool
    p: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricRow:
    """One metric as the page shows it."""

    report: Report
    title: Words
    word: Words
    tone: str
    icon: str
    sentence: Words
    value: str
    range: str
    lift: str
    lift_range: str
    p: str
    explained: str
    axis: Axis
    bar: Bar | None
    worth: str
    arms: tuple[ArmRow, ...]
    by_arm: tuple[BarRow, ...]
    looks: tuple[BarRow, ...]
    splits: tuple[SplitRow, ...]
    days: Words | None
    grade: Words
    grade_note: Words


def row_of(*, report: Report, stores: frozenset[str] | None = None) -> MetricRow:
    """A report in the words and places of the page. Of the stores only those the asker belongs to are named."""
    shown = report.effect if isinstance(report.effect, Shown) else None
    axis = axis_of(intervals=[] if shown is None else [(shown.value, shown.low, shown.high)], worth=report.smallest)
    change = report.lift if isinstance(report.lift, Lift) else None
    return MetricRow(
        report=report,
        title=report.reading.title,
        word=VERDICT_WORDS[report.verdict],
        tone=TONES[report.verdict],
        icon=ICONS[report.verdict],
        sentence=result_words(report=report),
        value="—" if shown is None else signed_text(report=report, value=shown.value),
        range="" if shown is None else _range(report, shown.low, shown.high),
        lift="" if change is None else _percent(change.value),
        lift_range="" if change is None else span_text(low=_percent(change.low), high=_percent(change.high)),
        p="" if report.p_adjusted is None else p_text(p=report.p_adjusted),
        explained=f"{100 * report.variance_reduction_share:.0f}%" if report.variance_reduction_share >= 0.01 else "",
        axis=axis,
        bar=None if shown is None else axis.bar(value=shown.value, low=shown.low, high=shown.high),
        worth="" if report.smallest is None else signed_text(report=report, value=report.smallest),
        arms=tuple(_arm(report, place) for place in range(len(report.arms))),
        by_arm=_by_arm(report),
        looks=_looks(report),
        splits=tuple(_split(report, parts, stores) for parts in report.parts),
        days=days_words(report=report),
        grade=GRADES[report.grade],
        grade_note=GRADE_NOTES[report.grade],
    )


def p_text(*, p: float) -> str:
    """``p = 0.031``, ``p < 0.0001``."""
    return "p < 0.0001" if p < 0.0001 else f"p = {p:.4f}" if p < 0.01 else f"p = {p:.2f}"


def yearly_texts(*, report: Report) -> dict[str, Words | str] | None:
    """Yen a year with the interval, the people and the costs behind it."""
    yearly = report.yen_per_year
    if yearly is None:
        return None
    return {
        "value": large_yen_words(value=yearly.value),
        "range": span_text(low=str(large_yen_words(value=yearly.low)), high=str(large_yen_words(value=yearly.high))),
        "people": f"{yearly.people:,}",
        "cost": number_text(value=float(yearly.cost_yen), unit="yen", decimals=0),
    }


def _percent(value: float) -> str:
    return difference_text(value=100 * value, unit="", decimals=1) + "%"


def _range(report: Report, low: float, high: float) -> str:
    return signed_span_text(report=report, low=low, high=high)


def _arm(report: Report, place: int) -> ArmRow:
    arm = report.arms[place]
    if isinstance(arm.value, NotEnough):
        value, span, missing = "—", "", missing_words(missing=arm.value)
    else:
        low, high = (amount_text(report=report, value=edge) for edge in (arm.value.low, arm.value.high))
        value, span, missing = amount_text(report=report, value=arm.value.value), span_text(low=low, high=high), None
    return ArmRow(
        title=arm.title,
        held_out=arm.held_out,
        counted=arm.counted,
        people=arm.people,
        value=value,
        range=span,
        missing=missing,
    )


def _bar_row(
    *,
    report: Report,
    axis: Axis,
    name: Words | str,
    interval: tuple[float, float, float] | None,
    counted: int,
    note: Words | None = None,
    verdict: Verdict | None = None,
) -> BarRow:
    if interval is None:
        return BarRow(name=name, value="—", range="", counted=counted, bar=None, axis=axis, note=note)
    value, low, high = interval
    return BarRow(
        name=name,
        value=signed_text(report=report, value=value),
        range=_range(report, low, high),
        counted=counted,
        bar=axis.bar(value=value, low=low, high=high),
        axis=axis,
        note=note,
        tone="plain" if verdict is None else TONES[verdict],
        word=None if verdict is None else VERDICT_WORDS[verdict],
    )


def _by_arm(report: Report) -> tuple[BarRow, ...]:
    found = [
        (one.effect.value, one.effect.low, one.effect.high) for one in report.by_arm if isinstance(one.effect, Shown)
    ]
    axis = axis_of(intervals=found, worth=report.smallest)
    counted = {arm.name: arm.counted for arm in report.arms}
    return tuple(
        _bar_row(
            report=report,
            axis=axis,
            name=one.title,
            interval=(one.effect.value, one.effect.low, one.effect.high) if isinstance(one.effect, Shown) else None,
            counted=counted.get(one.name, 0),
            note=missing_words(missing=one.effect) if isinstance(one.effect, NotEnough) else None,
        )
        for one in report.by_arm
    )


def _looks(report: Report) -> tuple[BarRow, ...]:
    recent = report.looks[-SHOWN_LOOKS:]
    axis = axis_of(intervals=[(one.value, one.low, one.high) for one in recent], worth=report.smallest)
    return tuple(
        _bar_row(
            report=report,
            axis=axis,
            name=Words(ja=f"{one.day:%Y/%m/%d}", en=f"{one.day:%-d %b %Y}"),
            interval=(one.value, one.low, one.high),
            counted=one.people,
            verdict=one.verdict,
        )
        for one in recent
    )


def _split(report: Report, parts: Parts, stores: frozenset[str] | None) -> SplitRow:
    known = [part for part in parts.parts if parts.by != "store" or stores is None or part.name in stores]
    intervals = {part.name: interval for part in known if (interval := _interval(part)) is not None}
    axis = axis_of(intervals=list(intervals.values()), worth=report.smallest)
    names = store_names() if parts.by == "store" else {}
    rows = [
        _bar_row(
            report=report,
            axis=axis,
            name=names.get(part.name) or value_words(dim=parts.by, value=part.name),
            interval=intervals.get(part.name),
            counted=part.counted,
            note=None if part.missing is None else missing_words(missing=part.missing),
        )
        for part in known
    ]
    return SplitRow(
        by=DIMS[parts.by], rows=tuple(rows), differs=parts.differs, p="" if parts.p is None else p_text(p=parts.p)
    )


def _interval(part: PartEffect) -> tuple[float, float, float] | None:
    if part.value is None or part.low is None or part.high is None:
        return None
    return part.value, part.low, part.high
