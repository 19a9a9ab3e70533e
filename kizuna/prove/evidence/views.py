"""The league table of practices: which way of serving works, for us? This page is what the product is for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kizuna.act.practices.queries import practice_titles
from kizuna.act.practices.rules.shelf import ORDER, ready
from kizuna.clock import JST
from kizuna.customers.staff.queries import present
from kizuna.customers.staff.views import actor_of, compares
from kizuna.facts.audit.operations import record
from kizuna.gates.download import download
from kizuna.gates.write_csv import Cell as Written
from kizuna.prove.evidence.queries import league_table
from kizuna.prove.evidence.rules.claims import CLAIMS, Claim
from kizuna.prove.evidence.rules.forest import scale_of
from kizuna.prove.evidence.rules.league import COLUMN_OF, COLUMN_WORDS, Cell, Column, League, Repeats, Row
from kizuna.prove.evidence.rules.shown import figure, signed, span, tick
from kizuna.prove.trials.queries import GRADES, VERDICT_WORDS, Verdict, missing_words
from kizuna.prove.trials.rules.drawing import Axis, Bar
from kizuna.stats.estimate import NotEnough
from kizuna.understand.metrics.queries.text import large_yen_words, span_words
from kizuna.words import Words

TONES = {Verdict.WORKS: "good", Verdict.HARMS: "open", Verdict.UNCLEAR: "plain"}
LONG_DAYS = 1095
"""Three years: nobody waits longer for an answer."""
SEGMENTS = {"new": Words(ja="新規", en="new"), "repeat": Words(ja="リピート", en="repeat")}
UNITS = {Column.SAYS: "points", Column.RETURNS: "share", Column.SPENDS: "yen"}
UNIT_WORDS = {
    "points": Words(ja="点", en="points"),
    "share": Words(ja="ポイント", en="pp"),
    "yen": Words(ja="円", en="yen"),
}
POINT = {
    Column.SAYS: Words(ja="NPS 1点", en="a point of NPS"),
    Column.RETURNS: Words(ja="リピート率 1ポイント", en="a point of repeat purchase"),
}
PLAIN = {"nps", "repeat_rate", "customer_value"}
"""What a column's heading means when nothing else is said; another metric in it is named in its cell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CellView:
    """One effect as drawn: ``mark`` on the column's scale, or why there is nothing to draw."""

    column: Column
    name: Words
    mark: Bar | None
    figure: str
    unit: Words | None
    span: Words | None
    tone: str
    verdict: Words | None
    other_metric: Words | None
    why: Words | None
    later: Words | None
    parts: list[tuple[Words, Words]]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowView:
    """One practice as drawn."""

    rank: int
    row: Row
    verdict: Words
    tone: str
    grade: Words
    cells: list[CellView]
    nothing: Words | None
    """Why there is not one drawing in the row, said once."""
    other: Words | None
    treated: int
    claim: Claim | None
    yearly: Words | None
    yearly_span: Words | None
    cost: Words | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnView:
    """A column's heading with the ends of its axis."""

    column: Column
    words: Words
    unit: Words
    low: str
    high: str
    chosen: bool


@require_GET
def league_page(request: HttpRequest) -> HttpResponse:
    """The forest of all practices, beside what the literature claims."""
    by = _column(request)
    table = league_table(by=by, now=present())
    scales = _scales(table)
    context = {
        "league": table,
        "rows": [_row(rank, row, scales) for rank, row in enumerate(table.rows, start=1)],
        "repeats": [_repeats(one, scales) for one in table.repeats],
        "columns": [_heading(column, scales[column], by) for column in Column],
        "works": table.told(verdict=Verdict.WORKS),
        "harms": table.told(verdict=Verdict.HARMS),
        "unclear": [(row, _later_of(row)) for row in table.told(verdict=Verdict.UNCLEAR)],
        "best": _sentences(table, Verdict.WORKS),
        "worst": _sentences(table, Verdict.HARMS),
        "claims": list(CLAIMS.values()),
        "by": by.value,
        "tried": bool(table.rows) or bool(practice_titles()),
        "compares": compares(request),
        "export_query": f"by={by.value}",
    }
    return render(request, "evidence/league.html", context)


@require_GET
def league_export(request: HttpRequest) -> FileResponse:
    """The table as a file, one line per effect."""
    now = present()
    table = league_table(by=_column(request), now=now)
    header = (
        *(Words(ja="接客方法", en="practice"), Words(ja="名前", en="title"), Words(ja="指標", en="metric")),
        *(Words(ja="判定", en="verdict"), Words(ja="効果", en="effect"), Words(ja="下限", en="low")),
        *(Words(ja="上限", en="high"), Words(ja="水準", en="level"), Words(ja="p値", en="p")),
        *(Words(ja="根拠", en="grade"), Words(ja="対象者数", en="customers"), Words(ja="方法", en="method")),
        *(Words(ja="単位", en="unit"), Words(ja="期間（日）", en="window_days")),
    )
    day, wanted = now.astimezone(JST).date(), request.GET.get("format", "xlsx")
    response = download(name="what-works", wanted=wanted, header=header, rows=_lines(table), day=day)
    record(actor=actor_of(request), action="evidence.exported", target="league", detail={}, now=now)
    return response


def _column(request: HttpRequest) -> Column:
    wanted = request.GET.get("by", "")
    return Column(wanted) if wanted in set(Column) else Column.SAYS


def _lines(table: League) -> Iterator[Sequence[Written]]:
    for row in table.rows:
        for _, cell in row.effects:
            effect, report = cell.effect, cell.report
            yield (
                *(row.practice, str(row.title), report.metric, str(VERDICT_WORDS[cell.verdict])),
                *(effect.value, effect.low, effect.high, effect.level, effect.p, row.grade, row.people),
                *(effect.method, report.reading.unit, report.window_days),
            )


def _scales(table: League) -> dict[Column, Axis]:
    spans: dict[Column, list[tuple[float, float, float]]] = {column: [] for column in Column}
    for row in table.rows:
        for column, cell in row.cells.items():
            spans[column].append((cell.effect.value, cell.effect.low, cell.effect.high))
    return {column: scale_of(spans=some) for column, some in spans.items()}


def _heading(column: Column, scale: Axis, by: Column) -> ColumnView:
    unit = UNITS[column]
    return ColumnView(
        column=column,
        words=COLUMN_WORDS[column],
        unit=UNIT_WORDS[unit],
        low=tick(value=-scale.reach, unit=unit),
        high=tick(value=scale.reach, unit=unit),
        chosen=column is by,
    )


def _row(rank: int, row: Row, scales: dict[Column, Axis]) -> RowView:
    spends = row.cells.get(Column.SPENDS)
    yearly = row.primary.yen_per_year if spends and spends.verdict is not Verdict.UNCLEAR else None
    family = row.family if row.family in ORDER else None
    cells = [_cell(column, row, scales[column]) for column in Column]
    return RowView(
        rank=rank,
        row=row,
        verdict=VERDICT_WORDS[row.verdict],
        tone=TONES[row.verdict],
        grade=GRADES[row.grade],
        cells=cells,
        nothing=None if row.cells or row.other else _because(row),
        other=_other(row),
        treated=sum(arm.people for arm in row.primary.arms if not arm.held_out),
        claim=CLAIMS.get(ready(name=family).claim) if family else None,
        yearly=large_yen_words(value=yearly.value) if yearly else None,
        yearly_span=span_words(low=large_yen_words(value=yearly.low), high=large_yen_words(value=yearly.high))
        if yearly
        else None,
        cost=_cost(row),
    )


def _because(row: Row) -> Words | None:
    effect = row.primary.effect
    return missing_words(missing=effect) if isinstance(effect, NotEnough) else None


def _other(row: Row) -> Words | None:
    """The effect on a main metric without a column, in words: «満足度 +3.2ポイント（+0.4 ～ +6.0）»."""
    if row.other is None:
        return None
    effect, reading = row.other.effect, row.other.report.reading
    value = signed(value=effect.value, unit=reading.unit)
    limits = span(low=effect.low, high=effect.high, unit=reading.unit)
    return Words(ja=f"{reading.title.ja} {value.ja}（{limits.ja}）", en=f"{reading.title.en} {value.en} ({limits.en})")


def _cost(row: Row) -> Words | None:
    """What the first point it earns costs in offers for each customer served; only where something works."""
    yearly = row.primary.yen_per_year
    earned = [(point, row.cells.get(column)) for column, point in POINT.items()]
    found = next(((point, cell) for point, cell in earned if cell and cell.verdict is Verdict.WORKS), None)
    if yearly is None or found is None:
        return None
    if not yearly.cost_yen:
        return Words(ja="特典の費用 0円", en="no cost of offers")
    point, cell = found
    points = cell.effect.value * (100.0 if cell.report.reading.unit == "share" else 1.0)
    each = f"{yearly.cost_yen / max(yearly.people, 1) / points:,.1f}"
    return Words(ja=f"{point.ja}あたりの費用 お一人{each}円", en=f"{each} yen a customer for {point.en}")


def _cell(column: Column, row: Row, scale: Axis) -> CellView:
    cell = row.cells.get(column)
    if cell is None:
        missing = row.missing.get(column)
        return CellView(
            column=column,
            name=COLUMN_WORDS[column],
            mark=None,
            figure="",
            unit=None,
            span=None,
            tone="plain",
            verdict=None,
            other_metric=None,
            why=missing_words(missing=missing) if missing else Words(ja="対象外", en="not measured"),
            later=None,
            parts=[],
        )
    effect, reading = cell.effect, cell.report.reading
    return CellView(
        column=column,
        name=COLUMN_WORDS[column],
        mark=scale.bar(value=effect.value, low=effect.low, high=effect.high),
        figure=figure(value=effect.value, unit=reading.unit),
        unit=UNIT_WORDS[UNITS[column]],
        span=span(low=effect.low, high=effect.high, unit=reading.unit),
        tone=TONES[cell.verdict],
        verdict=VERDICT_WORDS[cell.verdict],
        other_metric=None if cell.report.metric in PLAIN else reading.title,
        why=None,
        later=_later(cell),
        parts=_parts(cell),
    )


def _later_of(row: Row) -> Words | None:
    """When a practice that is not known yet will be, by its main metric."""
    effect, column = row.primary.effect, COLUMN_OF.get(row.primary.metric)
    title = COLUMN_WORDS[column] if column else row.primary.reading.title
    cell = next((one for _, one in row.effects if one.report.primary), None)
    said = missing_words(missing=effect) if isinstance(effect, NotEnough) else _later(cell) if cell else None
    return said and Words(ja=f"{title.ja}: {said.ja}", en=f"{title.en}: {said.en}")


def _later(cell: Cell) -> Words | None:
    """When what is not known yet will be, or that it will not."""
    if cell.verdict is not Verdict.UNCLEAR:
        return None
    if cell.report.worth_ruled_out or cell.report.days_needed == 0:
        return Words(ja="あっても小さな差", en="small, if anything")
    days = cell.report.days_needed
    if days is None or days > LONG_DAYS:
        return Words(ja="見分けにくい差", en="hard to tell")
    if days > 120:
        return Words(ja="判明まで約{n}か月", en="about {n} months to go").fill(n=round(days / 30.4))
    return Words(ja="判明まで約{n}日", en="about {n} days to go").fill(n=days)


def _parts(cell: Cell) -> list[tuple[Words, Words]]:
    """For whom it works, where the segments truly differ."""
    found = next((one for one in cell.report.parts if one.by == "segment" and one.differs), None)
    unit = cell.report.reading.unit
    return [
        (SEGMENTS[part.name], signed(value=part.value, unit=unit))
        for part in (found.parts if found else ())
        if part.name in SEGMENTS and part.value is not None
    ]


def _repeats(one: Repeats, scales: dict[Column, Axis]) -> dict[str, object]:
    cells: list[dict[str, object] | None] = []
    for column in Column:
        pooled = one.pooled.get(column)
        cells.append(
            {
                "name": COLUMN_WORDS[column],
                "mark": scales[column].bar(value=pooled.value, low=pooled.low, high=pooled.high),
                "figure": figure(value=pooled.value, unit=UNITS[column]),
                "unit": UNIT_WORDS[UNITS[column]],
                "span": span(low=pooled.low, high=pooled.high, unit=UNITS[column]),
                "i2": round(pooled.i2_share * 100),
            }
            if pooled
            else None
        )
    return {"title": one.title, "tries": one.tries, "cells": cells}


def _sentences(table: League, verdict: Verdict) -> list[dict[str, object]]:
    """What to say at the top: each practice with this word and the effects that earned it."""
    return [
        {
            "row": row,
            "effects": [
                (name, signed(value=cell.effect.value, unit=cell.report.reading.unit)) for name, cell in row.earned
            ],
        }
        for row in table.told(verdict=verdict)
    ]
