"""Metrics: the list, and one metric with its trend, its breakdowns, its meaning and the SQL behind it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from kizuna.customers.staff.queries import present
from kizuna.gates.write_csv import Cell
from kizuna.stats.estimate import NotEnough
from kizuna.understand.metrics.queries import Ask, Measured, MetricCard, card, measure, measure_many, metrics, sql_of
from kizuna.understand.metrics.queries.rows import COLUMNS
from kizuna.understand.metrics.rules.dims import TIME_DIMS
from kizuna.web.charts import trend_chart
from kizuna.web.drawing import Whisker, whiskers
from kizuna.web.figures import Shown, show
from kizuna.web.naming import Names, dim_words
from kizuna.web.pages.door import Step, one_of
from kizuna.web.pages.exports import Column, table_response
from kizuna.web.scope import Place, place_of
from kizuna.words import Words

MONTHS = (6, 12, 24, 60)
GRAINS = ("month", "week", "day")
ROWS_SHOWN = 12

GROUPS: tuple[tuple[str, Words], ...] = (
    ("answers", Words(ja="お客様の評価", en="What customers say")),
    ("reviews", Words(ja="レビュー", en="Reviews")),
    ("customers", Words(ja="お客様の行動", en="What customers do")),
    ("orders", Words(ja="注文と売上", en="Orders and sales")),
    ("lines", Words(ja="商品", en="Products")),
    ("shipments", Words(ja="配送", en="Delivery")),
    ("notes", Words(ja="接客メモ", en="Staff notes")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What the page asks: the metric within a period, filtered, in steps of a grain."""

    card: MetricCard
    place: Place
    filters: dict[str, str]
    months: int
    grain: str
    start: date | None
    end: date | None

    @property
    def where(self) -> dict[str, str]:
        """All filters, the store's included."""
        return {**self.filters, **self.place.where}

    def ask(self, *, by: Sequence[str] = ()) -> Ask:
        """This question, split."""
        return Ask(metric=self.card.name, by=by, date_from=self.start, date_to=self.end, where=self.where)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One value of one dimension: figure, whisker, and the address that looks closer."""

    value: str
    name: str
    shown: Shown
    whisker: Whisker | None
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakdown:
    """The metric split by one dimension."""

    dim: str
    title: Words
    rows: list[Row]
    hidden: int


@require_GET
def metric_list(request: HttpRequest) -> HttpResponse:
    """Every metric by what it speaks of."""
    cards = metrics()
    groups = [(title, [one for one in cards if one.counted == counted]) for counted, title in GROUPS]
    return render(request, "pages/metrics.html", {"groups": [(title, found) for title, found in groups if found]})


@require_GET
def metric(request: HttpRequest, name: str) -> HttpResponse:
    """One metric from every side."""
    now = present()
    question = _question(request, name=name, now=now)
    only = request.GET.get("by", "")
    dims = [dim for dim in question.card.dims if dim not in TIME_DIMS and dim not in question.where]
    whole, trend, *parts = measure_many(
        asks=[question.ask(), question.ask(by=(question.grain,)), *(question.ask(by=(dim,)) for dim in dims)], now=now
    )
    codes = {one.group["product"] for found in parts for one in found if "product" in one.group}
    codes |= {question.filters["product"]} if "product" in question.filters else set()
    called = question.place.names.with_products(codes=codes)
    total = show(whole[0].result)
    points = [(one.group[question.grain], show(one.result)) for one in trend]
    breakdowns = [
        _breakdown(question=question, dim=dim, measured=found, total=total, called=called, whole=dim == only)
        for dim, found in zip(dims, parts, strict=True)
    ]
    behind = sql_of(
        metric=name,
        by=(question.grain,),
        date_from=question.start,
        date_to=question.end,
        where=question.where,
        now=now,
    )
    context = {
        "question": question,
        "card": question.card,
        "total": total,
        "trend": [(called.of(dim=question.grain, value=step), shown) for step, shown in points],
        "chart": trend_chart(title=question.card.title, unit=question.card.unit, grain=question.grain, points=points),
        "breakdowns": sorted(
            (one for one in breakdowns if len(one.rows) > 1 or one.dim == only), key=lambda one: one.dim != only
        ),
        "chips": [
            (dim_words(dim=dim), called.of(dim=dim, value=value), _without(request, dim))
            for dim, value in question.filters.items()
        ],
        "behind": behind,
        "month_choices": MONTHS,
        "grains": [(grain, dim_words(dim=grain)) for grain in GRAINS],
        "dims": [(dim, dim_words(dim=dim)) for dim in dims],
        "query": request.GET.urlencode(),
        "trail": [Step(href=reverse("metrics"), words=Words(ja="指標", en="Metrics"))],
    }
    return render(request, "pages/metric.html", context)


@require_GET
def metric_export(request: HttpRequest, name: str) -> FileResponse:
    """The same numbers as a table: one row per step of the trend, or per value of ``?split=``."""
    now = present()
    question = _question(request, name=name, now=now)
    split = request.GET.get("split") or question.grain
    asked = question.ask(by=(split,))
    found = measure(
        metric=name, by=asked.by, date_from=asked.date_from, date_to=asked.date_to, where=asked.where, now=now
    )
    columns = [Column(key=split, words=dim_words(dim=split))]
    columns += [Column(key=key, words=Words(ja=key, en=key)) for key in COLUMNS]
    safe = name.replace(":", "-")
    return table_response(request, name=safe, columns=columns, rows=_export(split=split, found=found))


def _export(*, split: str, found: list[Measured]) -> Iterator[list[Cell]]:
    for one in found:
        group: Cell = one.group[split]
        result = one.result
        if isinstance(result, NotEnough):
            yield [group, *[None] * 8, result.reason, result.have, result.need]
        else:
            yield [
                *(group, result.value, result.low, result.high, result.level, result.n, result.unit, result.method),
                *(result.as_of, None, None, None),
            ]


def _question(request: HttpRequest, *, name: str, now: datetime) -> Question:
    found = card(name=name)
    place = place_of(request)
    known = [dim for dim in found.dims if dim not in {"store", "day", "week"}]
    filters = {dim: request.GET[dim] for dim in known if dim in request.GET}
    months = one_of(text=request.GET.get("months"), choices=MONTHS, otherwise=24)
    grain = request.GET.get("grain", "")
    grain = grain if grain in GRAINS else ("day" if "month" in filters else "month")
    start, end = (None, None) if "month" in filters else _period(now=now, months=months)
    return Question(card=found, place=place, filters=filters, months=months, grain=grain, start=start, end=end)


def _period(*, now: datetime, months: int) -> tuple[date, date]:
    """From the first of a month up to and with today, so that an answer given a minute ago is in it."""
    today = timezone.localdate(now)
    index = today.year * 12 + today.month - months
    return date(index // 12, index % 12 + 1, 1), date.fromordinal(today.toordinal() + 1)


def _without(request: HttpRequest, dim: str) -> str:
    left = request.GET.copy()
    left.pop(dim, None)
    return f"?{left.urlencode()}"


def _breakdown(
    *, question: Question, dim: str, measured: list[Measured], total: Shown, called: Names, whole: bool
) -> Breakdown:
    pairs = [(one.group[dim], show(one.result)) for one in measured]
    if dim not in {"touchpoint", "segment", "promise"}:
        pairs.sort(key=lambda pair: (not pair[1].enough, -(pair[1].raw or 0.0)))
    kept = pairs if whole else _most_heard(pairs=pairs)
    reference = None if question.card.kind == "total" else total.raw
    drawn = whiskers(rows=[shown for _, shown in kept], reference=reference)
    base = {**question.filters, "months": str(question.months), "grain": question.grain}
    if question.place.chosen:
        base["store"] = question.place.chosen
    rows = [
        Row(
            value=value,
            name=called.of(dim=dim, value=value),
            shown=shown,
            whisker=whisker,
            href=f"?{urlencode({**base, dim: value})}",
        )
        for (value, shown), whisker in zip(kept, drawn, strict=True)
    ]
    return Breakdown(dim=dim, title=dim_words(dim=dim), rows=rows, hidden=len(pairs) - len(kept))


def _most_heard(*, pairs: list[tuple[str, Shown]]) -> list[tuple[str, Shown]]:
    """The values with the most units, in the order given; hundreds of products would bury the page."""
    if len(pairs) <= ROWS_SHOWN:
        return pairs
    by_size = sorted(pairs, key=lambda pair: int(pair[1].count.replace(",", "") or 0), reverse=True)
    keep = {value for value, _ in by_size[:ROWS_SHOWN]}
    return [pair for pair in pairs if pair[0] in keep]
