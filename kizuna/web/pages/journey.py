"""The journey as a heat map: what customers feel at each touchpoint, month by month."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from kizuna.customers.staff.queries import present
from kizuna.gates.write_csv import Cell
from kizuna.understand.journey.queries import HeatCell, HeatMap, heat_map, room_to_improve
from kizuna.understand.journey.rules import ROOM_NOTE
from kizuna.understand.metrics.queries import MetricCard, Period, last_months, measure, metrics
from kizuna.web.figures import Shown, show
from kizuna.web.naming import dim_words
from kizuna.web.pages.door import one_of
from kizuna.web.pages.exports import Column, table_response
from kizuna.web.rooms import rooms_of
from kizuna.web.scope import Place, place_of
from kizuna.words import Words

MONTHS = (12, 24)
FILTERS = ("segment", "channel")
RANKED = ("nps", "share", "mean")
"""Kinds whose company score is the touchpoints' scores weighted by answers, so that room to improve adds up."""
STEPS: dict[str, float] = {"points": 12.5, "share": 0.05, "score": 0.25}
"""How far above or below the whole company one shade reaches, by unit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Square:
    """One touchpoint in one month; ``shade`` is 0 (far below the company) to 8, 4 where no difference is certain."""

    month: str
    shown: Shown
    hatched: bool
    silent: bool
    shade: int
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One touchpoint over the months."""

    slug: str
    name: str
    href: str
    squares: list[Square]


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What the page was asked to show."""

    card: MetricCard
    place: Place
    filters: dict[str, str]
    months: int
    period: Period

    @property
    def where(self) -> dict[str, str]:
        """All filters."""
        return {**self.filters, **self.place.where}

    def map(self, *, now: datetime) -> HeatMap:
        """Touchpoints × months."""
        return heat_map(
            metric=self.card.name, date_from=self.period.start, date_to=self.period.end, where=self.where, now=now
        )


@require_GET
def journey(request: HttpRequest) -> HttpResponse:
    """Touchpoint × month for one measure of feeling, and the table with the room to improve beneath."""
    now = present()
    choices = _choices()
    view = _view(request, choices=choices, now=now)
    found = view.map(now=now)
    called = view.place.names
    if view.card.kind in RANKED:
        room = room_to_improve(metric=view.card.name, period=view.period, where=view.where, now=now)
        company, rooms, reference = show(room.company), rooms_of(found=room), room.reference
    else:
        whole = measure(
            metric=view.card.name, date_from=view.period.start, date_to=view.period.end, where=view.where, now=now
        )
        company, rooms, reference = show(whole[0].result), [], None
    context = {
        "view": view,
        "choices": choices,
        "whole": company,
        "months": found.months,
        "lines": _lines(view=view, company=company, found=found),
        "overall": [_square(view=view, company=company, slug="", cell=cell) for cell in found.total],
        "rooms": rooms,
        "reference": called.of(dim="touchpoint", value=reference) if reference else "",
        "room_note": ROOM_NOTE,
        "month_choices": MONTHS,
        "segments": [(code, called.of(dim="segment", value=code)) for code in ("new", "repeat", "guest")],
        "query": request.GET.urlencode(),
        "empty": not company.enough,
    }
    return render(request, "pages/journey.html", context)


def _choices() -> list[MetricCard]:
    return [one for one in metrics() if "touchpoint" in one.dims and one.kind != "total"]


@require_GET
def journey_export(request: HttpRequest) -> FileResponse:
    """The heat map as a table: one row per touchpoint and month."""
    now = present()
    view = _view(request, choices=_choices(), now=now)
    columns = [
        Column(key="touchpoint", words=dim_words(dim="touchpoint")),
        Column(key="month", words=dim_words(dim="month")),
        Column(key="value", words=view.card.title),
        Column(key="low", words=Words(ja="95%区間の下限", en="95% low")),
        Column(key="high", words=Words(ja="95%区間の上限", en="95% high")),
        Column(key="n", words=Words(ja="件数", en="n")),
        Column(key="why", words=Words(ja="値がない理由", en="Why there is no value")),
    ]
    return table_response(request, name="journey", columns=columns, rows=_export(found=view.map(now=now)))


def _export(*, found: HeatMap) -> Iterator[list[Cell]]:
    for row in found.rows:
        for cell in row.cells:
            shown = show(cell.result)
            yield [
                *(str(row.words), cell.month, shown.raw, shown.raw_low, shown.raw_high),
                *(shown.n, shown.why),
            ]


def _view(request: HttpRequest, *, choices: list[MetricCard], now: datetime) -> View:
    wanted = request.GET.get("metric", "nps")
    count = one_of(text=request.GET.get("months"), choices=MONTHS, otherwise=12)
    period = last_months(months=count - 1, now=now)
    today = timezone.localdate(now)
    return View(
        card=next((one for one in choices if one.name == wanted), choices[0]),
        place=place_of(request),
        filters={name: request.GET[name] for name in FILTERS if request.GET.get(name)},
        months=count,
        # The month that is running is shown too: its interval says how little is known yet.
        period=Period(start=period.start, end=type(today).fromordinal(today.toordinal() + 1)),
    )


def _lines(*, view: View, company: Shown, found: HeatMap) -> list[Line]:
    return [
        Line(
            slug=row.touchpoint,
            name=str(row.words),
            href=_href(view=view, touchpoint=row.touchpoint),
            squares=[_square(view=view, company=company, slug=row.touchpoint, cell=cell) for cell in row.cells],
        )
        for row in found.rows
    ]


def _square(*, view: View, company: Shown, slug: str, cell: HeatCell) -> Square:
    shown = show(cell.result)
    place = {"touchpoint": slug} if slug else {}
    return Square(
        month=cell.month,
        shown=shown,
        hatched=cell.hatched,
        silent=not shown.enough and not shown.have,
        shade=4 if cell.hatched else _shade(view=view, shown=shown, company=company),
        href=_href(view=view, month=cell.month, **place),
    )


def _shade(*, view: View, shown: Shown, company: Shown) -> int:
    """4 unless the interval leaves the company's value outside; then the further away, the stronger."""
    if shown.raw is None or shown.raw_low is None or shown.raw_high is None or company.raw is None:
        return 4
    if shown.raw_low <= company.raw <= shown.raw_high:
        return 4
    away = (shown.raw - company.raw) / STEPS.get(view.card.unit, 1.0)
    away = -away if view.card.better == "down" else away
    strength = min(4, max(1, round(abs(away))))
    return 4 + strength if away > 0 else 4 - strength


def _href(*, view: View, **more: str) -> str:
    chosen = {**view.where, **more}
    return f"{reverse('metric', args=[view.card.name])}?{urlencode(chosen)}"
