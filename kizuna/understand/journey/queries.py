"""The customer's journey: how each touchpoint felt month by month, and where there is most room to improve."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from kizuna.facts.touchpoints import TOUCHPOINTS, touchpoint_rank, touchpoint_words
from kizuna.stats.compare import Difference
from kizuna.stats.estimate import Estimate, Moments, NotEnough
from kizuna.understand.journey.rules import Reference, gain_of, is_hatched, reference_of
from kizuna.understand.metrics.queries import Measured, Period, measure_many
from kizuna.understand.metrics.queries.engine import Groups, sums_of
from kizuna.understand.metrics.rules.cut import Ask, cut_of
from kizuna.understand.metrics.rules.definition import Better, Metric
from kizuna.understand.metrics.rules.dims import next_month
from kizuna.understand.metrics.rules.outcome import difference_of, estimate_of
from kizuna.understand.metrics.rules.registry import find_metric
from kizuna.words import Words

EMPTY = NotEnough(reason="no_data", have=0, need=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatCell:
    """One touchpoint in one month. ``hatched``: too few answers for a colour."""

    month: str
    result: Estimate | NotEnough
    hatched: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatRow:
    """One touchpoint over the months, and over all of them together."""

    touchpoint: str
    words: Words
    cells: tuple[HeatCell, ...]
    total: Estimate | NotEnough


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatMap:
    """Touchpoints in journey order × months in time order; ``total`` is the company by month."""

    metric: str
    months: tuple[str, ...]
    rows: tuple[HeatRow, ...]
    total: tuple[HeatCell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What the company's score would gain if this touchpoint scored like the reference: arithmetic, not an effect.

    ``gap`` is reference minus touchpoint; ``gain`` = ``answer_share`` × gap, for the company's score.
    """

    touchpoint: str
    words: Words
    answer_share: float
    result: Estimate | NotEnough
    gap: Difference | NotEnough
    gain: Estimate | NotEnough
    is_reference: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomToImprove:
    """The touchpoints, most room first; ``reference`` is None when no touchpoint has enough answers to be one."""

    metric: str
    company: Estimate | NotEnough
    reference: str | None
    rooms: tuple[Room, ...]


def heat_map(
    *,
    metric: str = "nps",
    date_from: date,
    date_to: date,
    where: Mapping[str, str] | None = None,
    now: datetime,
    level: float = 0.95,
) -> HeatMap:
    """The metric by touchpoint × month over the months from ``date_from`` up to ``date_to`` (exclusive).

    The nine touchpoints of the journey are always there, also those nobody has answered about: a gap in listening is
    a finding. Raises: UnknownMetric, UnknownDim (the metric has no touchpoints), BadPeriod.
    """
    place = where or {}
    shared = {"metric": metric, "date_from": date_from, "date_to": date_to, "where": place, "level": level}
    by = (("touchpoint", "month"), ("touchpoint",), ("month",))
    cells, totals, company = measure_many(asks=[Ask(by=dims, **shared) for dims in by], now=now)  # type: ignore[arg-type]
    months = _months(start=date_from, end=date_to)
    found = {(row.group["touchpoint"], row.group["month"]): row.result for row in cells}
    by_touchpoint = {row.group["touchpoint"]: row.result for row in totals}
    slugs = sorted({*TOUCHPOINTS, *by_touchpoint}, key=lambda slug: touchpoint_rank(slug=slug))
    return HeatMap(
        metric=metric,
        months=months,
        rows=tuple(
            HeatRow(
                touchpoint=slug,
                words=touchpoint_words(slug=slug),
                cells=tuple(_cell(month=month, result=found.get((slug, month), EMPTY)) for month in months),
                total=by_touchpoint.get(slug, EMPTY),
            )
            for slug in slugs
        ),
        total=_company(months=months, measured=company),
    )


def room_to_improve(
    *,
    metric: str = "nps",
    period: Period | None = None,
    reference: Reference = "best",
    where: Mapping[str, str] | None = None,
    now: datetime,
    level: float = 0.95,
) -> RoomToImprove:
    """Which touchpoint would lift the company's score most if it scored like the best (or the median) touchpoint.

    For metrics that are a mean over answers (NPS, CSAT, CES): the company's score is then the touchpoints' scores
    weighted by their shares of answers, so the gain is the share × the gap. Arithmetic, not an effect: see
    ``rules.ROOM_NOTE``. The best of several is partly best by luck; its interval is in each gap.
    Raises: UnknownMetric, UnknownDim.
    """
    start, end = (period.start, period.end) if period else (None, None)
    asks = [Ask(metric=metric, by=by, date_from=start, date_to=end, where=where or {}) for by in (("touchpoint",), ())]
    found, whole = sums_of(cuts=[cut_of(ask=ask, now=now) for ask in asks])
    definition = find_metric(name=metric)
    values = {key[0]: (sums.sum_y / sums.n, sums.n) for key, sums in found.items() if isinstance(sums, Moments)}
    best = reference_of(values=values, reference=reference, up=definition.better is not Better.DOWN)
    everyone = sum(n for _, n in values.values())
    rooms = [
        _room(metric=definition, slug=slug, found=found, best=best, share=n / everyone, level=level, now=now)
        for slug, (_, n) in values.items()
    ]
    company = estimate_of(metric=definition, sums=whole[()], level=level, as_of=now) if () in whole else EMPTY
    worth = 1.0 if definition.better is not Better.DOWN else -1.0
    return RoomToImprove(
        metric=metric,
        company=company,
        reference=best,
        rooms=tuple(sorted(rooms, key=lambda room: (-worth * _gained(room), touchpoint_rank(slug=room.touchpoint)))),
    )


def _room(
    *, metric: Metric, slug: str, found: Groups, best: str | None, share: float, level: float, now: datetime
) -> Room:
    own = found[(slug,)]
    gap: Difference | NotEnough = EMPTY
    gain: Estimate | NotEnough = EMPTY
    if best is not None and best != slug:
        gap = difference_of(metric=metric, before=own, after=found[(best,)], level=level)
        gain = _gain(gap=gap, share=share, metric=metric, n=own.n, now=now)
    return Room(
        touchpoint=slug,
        words=touchpoint_words(slug=slug),
        answer_share=share,
        result=estimate_of(metric=metric, sums=own, level=level, as_of=now),
        gap=gap,
        gain=gain,
        is_reference=slug == best,
    )


def _gain(*, gap: Difference | NotEnough, share: float, metric: Metric, n: int, now: datetime) -> Estimate | NotEnough:
    if isinstance(gap, NotEnough):
        return gap
    value, low, high = gain_of(gap=gap, answer_share=share)
    return Estimate(
        value=value, low=low, high=high, level=gap.level, n=n, unit=metric.unit, method=gap.method, as_of=now
    )


def _gained(room: Room) -> float:
    return room.gain.value if isinstance(room.gain, Estimate) else 0.0


def _cell(*, month: str, result: Estimate | NotEnough) -> HeatCell:
    return HeatCell(month=month, result=result, hatched=is_hatched(result=result))


def _company(*, months: tuple[str, ...], measured: list[Measured]) -> tuple[HeatCell, ...]:
    found = {row.group["month"]: row.result for row in measured}
    return tuple(_cell(month=month, result=found.get(month, EMPTY)) for month in months)


def _months(*, start: date, end: date) -> tuple[str, ...]:
    months, month = [], start.replace(day=1)
    while month < end:
        months.append(f"{month:%Y-%m}")
        month = next_month(day=month)
    return tuple(months)
