"""Home: the company's customer experience at a glance, what really changed, and the latest voices."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from kizuna.customers.staff.queries import present
from kizuna.customers.staff.views import stores_of, user_of
from kizuna.stats.compare import Difference
from kizuna.understand.journey.queries import RoomToImprove, room_to_improve
from kizuna.understand.journey.rules import ROOM_NOTE
from kizuna.understand.metrics.queries import (
    Ask,
    Change,
    ChangeAsk,
    Measured,
    MetricCard,
    card,
    changes_many,
    last_months,
    measure_many,
)
from kizuna.understand.metrics.queries.engine import kept
from kizuna.web.drawing import Spark, spark
from kizuna.web.effects import effects
from kizuna.web.figures import Shown, difference_text, show
from kizuna.web.freshness import last_days_of, month_asks, period_of
from kizuna.web.naming import Names, names
from kizuna.web.pages.door import one_of
from kizuna.web.rooms import rooms_of
from kizuna.web.scope import Place, place_of
from kizuna.web.voices import Voice, latest_voices
from kizuna.web.waiting import waiting
from kizuna.words import Words

HEADLINES = (
    *("nps", "csat", "ces", "repeat_rate", "f2_conversion", "sales"),
    *("average_order_value", "delivery_promise_kept", "review_score"),
)
GROWING = frozenset({"repeat_rate"})
"""Shares «so far»: younger customers had less time, so a trend or a comparison with the period before would mislead."""
WATCHED: tuple[tuple[str, str], ...] = (
    ("nps", "touchpoint"),
    ("nps", "store"),
    ("nps", "category"),
    ("csat", "store"),
    ("ces_easy_share", "touchpoint"),
    ("delivery_promise_kept", "carrier"),
    ("low_review_share", "product"),
    ("product_refund_rate", "product"),
    ("sales", "store"),
)
"""What «what changed» looks at: one metric split one way each, all tested together."""

DAYS = (30, 90, 365)
WINDOWS = {30: (30,), 90: (90, 30), 365: (365, 90)}
"""«What changed» also looks at a shorter window: what began last month drowns in a quarter.

Products are many, and each further test makes every other one harder to pass, so they get the long window only."""
TREND_MONTHS = 13
LISTED = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """One figure of the top row: value, interval, trend, and whether it really moved."""

    card: MetricCard
    shown: Shown
    spark: Spark | None
    change: str
    real: bool
    good: bool | None
    growing: bool
    up: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """One change that is real, in words."""

    metric: str
    title: Words
    dim: str
    place: str
    value: str
    change: str
    before: str
    after: str
    good: bool | None
    up: bool
    days: int
    size: float
    p: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Everything measured for the page: numbers only, the same for every reader and language."""

    cards: Mapping[str, MetricCard]
    last: Mapping[str, date]
    trends: list[list[Measured]]
    watched: list[tuple[str, str, int]]
    changed: list[list[Change]]
    room: RoomToImprove


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The figures with their uncertainty, what really changed, and the latest voices."""
    now = present()
    place = place_of(request)
    days = _days(request)
    # Two hundred differences are compared for this page; they stay the same until a new fact arrives or the day ends.
    picture = kept(
        key=("home", timezone.localdate(now), days, place.chosen),
        make=lambda _: _picture(place=place, days=days, now=now),
    )
    headlines = [
        _headline(card=picture.cards[name], change=rows[0], trend=trend)
        for name, rows, trend in zip(HEADLINES, picture.changed, picture.trends, strict=False)
    ]
    called = place.names
    context = {
        "place": place,
        "days": days,
        "day_choices": DAYS,
        "last": picture.last,
        "big": headlines[0],
        "headlines": headlines[1:],
        "news": _news(watched=picture.watched, groups=picture.changed[len(HEADLINES) :], called=called),
        "rooms": rooms_of(found=picture.room),
        "room_note": ROOM_NOTE,
        "voices": latest_voices(user=request.user, stores=stores_of(request), called=called, limit=LISTED),
        "empty": not any(line.shown.enough for line in headlines),
        "waiting": waiting(user=user_of(request), stores=stores_of(request), now=present()),
    }
    return render(request, "pages/home.html", context)


def _picture(*, place: Place, days: int, now: datetime) -> Picture:
    cards = {name: card(name=name) for name in HEADLINES}
    trends, by_month = _trends(cards=cards, place=place, now=now)
    last = last_days_of(by_month=by_month, now=now)
    watched = _watched(place=place, days=days)
    asks = _compared(cards=cards, watched=watched, place=place, days=days, last=last, now=now)
    period = period_of(card=cards["nps"], days=days, last=last, now=now)
    return Picture(
        cards=cards,
        last=last,
        trends=trends,
        watched=watched,
        changed=changes_many(asks=asks, now=now),
        room=room_to_improve(period=period, where=place.where, now=now),
    )


@require_GET
def home_answers(request: HttpRequest) -> HttpResponse:
    """Only the latest voices, asked for again every few seconds by the open home page."""
    voices: list[Voice] = latest_voices(user=request.user, stores=stores_of(request), called=names(), limit=LISTED)
    return render(request, "parts/voices.html", {"voices": voices})


@require_GET
def home_effects(request: HttpRequest) -> HttpResponse:
    """Only what works and what harms: asked for by the open home page, which need not wait for it."""
    return render(request, "parts/effects.html", {"effects": effects(now=present())})


def _days(request: HttpRequest) -> int:
    return one_of(text=request.GET.get("days"), choices=DAYS, otherwise=90)


def _watched(*, place: Place, days: int) -> list[tuple[str, str, int]]:
    return [
        (name, dim, window) for window in WINDOWS[days] for name, dim in WATCHED if dim != "store" or not place.chosen
    ]


def _compared(
    *,
    cards: dict[str, MetricCard],
    watched: list[tuple[str, str, int]],
    place: Place,
    days: int,
    last: Mapping[str, date],
    now: datetime,
) -> list[ChangeAsk]:
    asks = [
        ChangeAsk(metric=name, period=period_of(card=one, days=days, last=last, now=now), where=place.where)
        for name, one in cards.items()
    ]
    asks += [
        ChangeAsk(
            metric=name,
            period=period_of(card=card(name=name), days=window, last=last, now=now),
            by=(dim,),
            where=place.where,
        )
        for name, dim, window in watched
    ]
    return asks


def _trends(
    *, cards: dict[str, MetricCard], place: Place, now: datetime
) -> tuple[list[list[Measured]], list[list[Measured]]]:
    """The months of each headline, and the records per month that tell how fresh the data are."""
    months = last_months(months=TREND_MONTHS, now=now)
    asks = [
        Ask(metric=name, by=("month",), date_from=months.start, date_to=months.end, where=place.where) for name in cards
    ]
    found = measure_many(asks=[*asks, *month_asks(now=now)], now=now)
    return found[: len(asks)], found[len(asks) :]


def _headline(*, card: MetricCard, change: Change, trend: list[Measured]) -> Headline:
    moved = change.difference
    growing = card.name in GROWING
    return Headline(
        card=card,
        shown=show(change.after),
        spark=None if growing else spark(points=[show(month.result) for month in trend]),
        change=difference_text(moved.value, unit=card.unit) if isinstance(moved, Difference) and not growing else "",
        real=change.real and not growing,
        good=change.good,
        growing=growing,
        up=isinstance(moved, Difference) and moved.value > 0,
    )


def _news(*, watched: list[tuple[str, str, int]], groups: list[list[Change]], called: Names) -> list[News]:
    real = [
        (row, days)
        for (_, _, days), rows in zip(watched, groups, strict=True)
        for row in rows
        if row.real and row.group
    ]
    codes = {row.group["product"] for row, _ in real if "product" in row.group}
    known = called.with_products(codes=codes)
    found = [_one_news(change=row, days=days, called=known) for row, days in real]
    # The same thing in two windows is one piece of news: the window that shows it more clearly.
    best: dict[tuple[str, str, str], News] = {}
    for one in sorted((one for one in found if one), key=lambda one: one.p, reverse=True):
        best[one.metric, one.dim, one.value] = one
    return sorted(best.values(), key=lambda one: one.size, reverse=True)[:12]


def _one_news(*, change: Change, days: int, called: Names) -> News | None:
    if not isinstance(change.difference, Difference):
        return None
    about = card(name=change.metric)
    before, after = show(change.before), show(change.after)
    if not (before.enough and after.enough):
        return None
    (dim, value) = next(iter(change.group.items()))
    return News(
        metric=change.metric,
        title=about.title,
        dim=dim,
        place=called.of(dim=dim, value=value),
        value=value,
        change=difference_text(change.difference.value, unit=about.unit),
        before=before.text,
        after=after.text,
        good=change.good,
        up=change.difference.value > 0,
        days=days,
        size=_size(card=about, difference=change.difference.value, before=before.raw or 0.0),
        p=change.p_adjusted if change.p_adjusted is not None else 1.0,
    )


def _size(*, card: MetricCard, difference: float, before: float) -> float:
    """Differences of unlike units in one order: as a part of the scale, or of the value before where none ends."""
    span = card.high - card.low if card.high is not None and card.low is not None else abs(before)
    return abs(difference) / span if span else 0.0
