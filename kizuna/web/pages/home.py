"""Home: the company's customer experience at a glance, what really changed, and the latest voices."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from kizuna.stats.compare import Difference
from kizuna.understand.journey.queries import room_to_improve
from kizuna.understand.journey.rules import ROOM_NOTE
from kizuna.understand.metrics.queries import (
    Ask,
    Change,
    ChangeAsk,
    Measured,
    MetricCard,
    Period,
    card,
    changes_many,
    last_days,
    last_months,
    measure_many,
)
from kizuna.web.drawing import Spark, spark
from kizuna.web.figures import Shown, difference_text, show
from kizuna.web.naming import Names, names
from kizuna.web.pages.door import stores_of
from kizuna.web.rooms import rooms_of
from kizuna.web.scope import Place, place_of
from kizuna.web.voices import Voice, latest_voices
from kizuna.words import Words

HEADLINES = (
    *("nps", "csat", "ces", "repeat_rate", "f2_conversion", "sales"),
    *("delivery_promise_kept", "review_score"),
)
WATCHED: tuple[tuple[str, str], ...] = (
    ("nps", "touchpoint"),
    ("nps", "store"),
    ("nps", "category"),
    ("csat", "store"),
    ("ces", "touchpoint"),
    ("delivery_promise_kept", "carrier"),
    ("review_score", "product"),
    ("refund_rate", "store"),
    ("sales", "store"),
)
"""What «what changed» looks at: one metric split one way each, all tested together."""

DAYS = (30, 90, 365)
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
    size: float


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The figures with their uncertainty, what really changed, and the latest voices."""
    now = timezone.now()
    place = place_of(request)
    days = _days(request)
    called = names()
    cards = {name: card(name=name) for name in HEADLINES}
    changed = changes_many(asks=_compared(cards=cards, place=place, days=days, now=now), now=now)
    trends = _trends(cards=cards, place=place, now=now)
    room = room_to_improve(period=last_days(days=days, now=now), where=place.where, now=now)
    headlines = [
        _headline(card=cards[name], change=rows[0], trend=trend)
        for name, rows, trend in zip(HEADLINES, changed, trends, strict=False)
    ]
    context = {
        "place": place,
        "days": days,
        "day_choices": DAYS,
        "big": headlines[0],
        "headlines": headlines[1:],
        "news": _news(groups=changed[len(HEADLINES) :], called=called),
        "rooms": rooms_of(found=room),
        "room_note": ROOM_NOTE,
        "voices": latest_voices(user=request.user, stores=stores_of(request), called=called, limit=LISTED),
        "empty": not any(line.shown.enough for line in headlines),
    }
    return render(request, "pages/home.html", context)


@require_GET
def home_answers(request: HttpRequest) -> HttpResponse:
    """Only the latest voices, asked for again every few seconds by the open home page."""
    voices: list[Voice] = latest_voices(user=request.user, stores=stores_of(request), called=names(), limit=LISTED)
    return render(request, "parts/voices.html", {"voices": voices})


def _days(request: HttpRequest) -> int:
    wanted = request.GET.get("days", "")
    return int(wanted) if wanted.isdigit() and int(wanted) in DAYS else 90


def _period(*, card: MetricCard, days: int, now: datetime) -> Period:
    """The last whole days; a metric that needs time to ripen is looked at that much earlier."""
    period = last_days(days=days, now=now)
    wait = timedelta(days=card.mature_days)
    return Period(start=period.start - wait, end=period.end - wait)


def _compared(*, cards: dict[str, MetricCard], place: Place, days: int, now: datetime) -> list[ChangeAsk]:
    asks = [
        ChangeAsk(metric=name, period=_period(card=one, days=days, now=now), where=place.where)
        for name, one in cards.items()
    ]
    for name, dim in WATCHED:
        if dim != "store" or not place.chosen:
            period = _period(card=card(name=name), days=days, now=now)
            asks.append(ChangeAsk(metric=name, period=period, by=(dim,), where=place.where))
    return asks


def _trends(*, cards: dict[str, MetricCard], place: Place, now: datetime) -> list[list[Measured]]:
    months = last_months(months=TREND_MONTHS, now=now)
    asks = [
        Ask(metric=name, by=("month",), date_from=months.start, date_to=months.end, where=place.where) for name in cards
    ]
    return measure_many(asks=asks, now=now)


def _headline(*, card: MetricCard, change: Change, trend: list[Measured]) -> Headline:
    moved = change.difference
    return Headline(
        card=card,
        shown=show(change.after),
        spark=spark(points=[show(month.result) for month in trend]),
        change=difference_text(moved.value, unit=card.unit) if isinstance(moved, Difference) else "",
        real=change.real,
        good=change.good,
    )


def _news(*, groups: list[list[Change]], called: Names) -> list[News]:
    found = [_one_news(change=row, called=called) for rows in groups for row in rows if row.real and row.group]
    return sorted((one for one in found if one), key=lambda one: one.size, reverse=True)[:12]


def _one_news(*, change: Change, called: Names) -> News | None:
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
        size=_size(card=about, difference=change.difference.value, before=before.raw or 0.0),
    )


def _size(*, card: MetricCard, difference: float, before: float) -> float:
    """Differences of unlike units in one order: as a part of the scale, or of the value before where none ends."""
    span = card.high - card.low if card.high is not None and card.low is not None else abs(before)
    return abs(difference) / span if span else 0.0
