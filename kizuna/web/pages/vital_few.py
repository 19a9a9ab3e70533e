"""Cohorts (who comes back), and the vital few (who makes most of the sales)."""

from collections.abc import Iterator

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from kizuna.customers.people.queries import names_of
from kizuna.customers.staff.queries import present
from kizuna.customers.staff.views import user_of
from kizuna.gates.write_csv import Cell
from kizuna.understand.metrics.queries import CohortCell, cohorts, top_customers, vital_few
from kizuna.understand.metrics.queries.vital_few import FREQUENCY_WORDS, RECENCY_WORDS
from kizuna.web.access import is_allowed
from kizuna.web.charts import bar_chart
from kizuna.web.figures import Shown, number, parts, show, yen_text
from kizuna.web.pages.door import Step
from kizuna.web.pages.exports import Column, table_response
from kizuna.words import Words

COHORTS_SHOWN = 24
TOP_SHOWN = 50
SHADES = 5


def _trail() -> list[Step]:
    return [Step(href=reverse("metrics"), words=Words(ja="指標", en="Metrics"))]


def _cell(*, cell: CohortCell, what: str) -> Shown:
    return show(cell.sales if what == "sales" else cell.active)


def _shade(*, shown: Shown, top: float) -> int:
    if shown.raw is None or top <= 0:
        return 0
    return min(SHADES, max(1, round(shown.raw / top * SHADES)))


@require_GET
def cohort_table(request: HttpRequest) -> HttpResponse:
    """First month × months since: the share that ordered again, or sales per customer."""
    what = "sales" if request.GET.get("what") == "sales" else "active"
    found = cohorts(now=present())[-COHORTS_SHOWN:]
    rows = [(one, [_cell(cell=cell, what=what) for cell in one.cells]) for one in found]
    # Month 0 holds everybody by definition and would wash out every other shade.
    top = max((shown.raw for _, cells in rows for shown in cells[1:] if shown.raw is not None), default=0.0)
    width = max((len(cells) for _, cells in rows), default=0)
    context = {
        "what": what,
        "since": range(width),
        "rows": [
            {
                "month": one.month,
                "customers": number(one.customers),
                "cells": [(shown, _shade(shown=shown, top=top)) for shown in cells],
            }
            for one, cells in rows
        ],
        "trail": _trail(),
    }
    return render(request, "pages/cohorts.html", context)


@require_GET
def cohorts_export(request: HttpRequest) -> FileResponse:
    """Every cell with its interval: one row per first month and months since."""
    columns = [
        Column(key="month", words=Words(ja="初回購入月", en="First month")),
        Column(key="customers", words=Words(ja="人数", en="Customers")),
        Column(key="since", words=Words(ja="経過月数", en="Months since")),
        Column(key="active", words=Words(ja="購入した割合", en="Share that ordered")),
        Column(key="low", words=Words(ja="95%区間の下限", en="95% low")),
        Column(key="high", words=Words(ja="95%区間の上限", en="95% high")),
        Column(key="sales", words=Words(ja="1人あたり売上", en="Sales per customer")),
    ]
    return table_response(request, name="cohorts", columns=columns, rows=_cohort_rows())


def _cohort_rows() -> Iterator[list[Cell]]:
    for one in cohorts(now=present()):
        for cell in one.cells:
            active, sales = show(cell.active), show(cell.sales)
            yield [one.month, one.customers, cell.since, active.raw, active.raw_low, active.raw_high, sales.raw]


@require_GET
def top(request: HttpRequest) -> HttpResponse:
    """The 80/20 of the shop: the top fifth's share, the ten tenths, the RFM grid and the best customers."""
    few = vital_few(now=present())
    best = top_customers(limit=TOP_SHOWN)
    named = is_allowed(user=user_of(request), view="customer")
    people = names_of(person_ids=[one.person_id for one in best]) if named else {}
    bars = [
        (str(tenth.rank), tenth.share, f"{number(tenth.share * 100, decimals=1)}% · {yen_text(tenth.total)}")
        for tenth in few.deciles
    ]
    title = Words(
        ja="売上に占める割合（購入額の多い順に10等分）", en="Share of sales by tenth of customers, best first"
    )
    total_value, total_unit = parts(few.sales_yen, unit="yen")
    context = {
        "few": few,
        "top20": show(few.top20),
        "total_value": total_value,
        "total_unit": total_unit,
        "customers": number(few.customers),
        "chart": bar_chart(title=title, unit="share", points=bars) if bars else None,
        "chart_title": title,
        "tenths": [
            {
                "rank": tenth.rank,
                "count": number(tenth.count),
                "total": yen_text(tenth.total),
                "share": f"{number(tenth.share * 100, decimals=1)}%",
                "cumulative": f"{number(tenth.cumulative_share * 100, decimals=1)}%",
            }
            for tenth in few.deciles
        ],
        "grid": _grid(few_cells={(cell.recency, cell.frequency): cell.customers for cell in few.rfm}),
        "frequencies": FREQUENCY_WORDS,
        "named": named,
        "best": [
            {
                "rank": one.rank,
                "person_id": one.person_id,
                "name": people.get(one.person_id, ""),
                "orders": number(one.orders),
                "sales": yen_text(one.sales_yen),
                "first_day": one.first_day,
                "last_order_at": one.last_order_at,
                "last_nps": one.last_nps,
                "cumulative": f"{number(one.cumulative_share * 100, decimals=1)}%",
            }
            for one in best
        ],
        "trail": _trail(),
    }
    return render(request, "pages/top.html", context)


def _grid(*, few_cells: dict[tuple[int, int], int]) -> list[tuple[Words, list[tuple[str, int]]]]:
    most = max(few_cells.values(), default=0)
    rows = []
    for recency, words in enumerate(RECENCY_WORDS):
        cells = []
        for frequency in range(len(FREQUENCY_WORDS)):
            count = few_cells.get((recency, frequency), 0)
            cells.append((number(count), min(SHADES, max(1, round(count / most * SHADES))) if count and most else 0))
        rows.append((words, cells))
    return rows
