"""Up to which day there is data, per kind of record.

A shop that imports once a month has no orders of this week yet. Comparing «the last 90 days» of the calendar would
then show a fall that is only a missing file, so every comparison ends where its own data ends.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from kizuna.understand.metrics.queries import Ask, Measured, MetricCard, Period, measure_many
from kizuna.understand.metrics.rules.cut import today

COUNTED_BY: Mapping[str, str] = {"orders": "orders", "answers": "answer_count", "reviews": "review_count"}
"""Which metric counts the records of a table."""
FOLLOWS: Mapping[str, str] = {"lines": "orders", "customers": "orders", "shipments": "orders"}
"""Tables that come with another one's file."""
LOOK_BACK_DAYS = 800


def month_asks(*, now: datetime) -> list[Ask]:
    """What to ask first: the records per month. Asked together with a page's own questions, they cost nothing more."""
    day = today(now=now)
    start = (day - timedelta(days=LOOK_BACK_DAYS)).replace(day=1)
    return [
        Ask(metric=metric, by=("month",), date_from=start, date_to=day + timedelta(days=1))
        for metric in COUNTED_BY.values()
    ]


def last_days_of(*, by_month: Sequence[list[Measured]], now: datetime) -> dict[str, date]:
    """The last day with a record, for orders, answers and reviews; a table without recent records is left out.

    ``by_month`` are the answers to ``month_asks``.
    """
    months = {table: _last(found=found, dim="month") for table, found in zip(COUNTED_BY, by_month, strict=True)}
    known = [table for table in COUNTED_BY if months[table]]
    by_day = measure_many(
        asks=[Ask(metric=COUNTED_BY[table], by=("day",), where={"month": months[table]}) for table in known], now=now
    )
    last = {table: _last(found=found, dim="day") for table, found in zip(known, by_day, strict=True)}
    return {table: min(date.fromisoformat(text), today(now=now)) for table, text in last.items() if text}


def _last(*, found: list[Measured], dim: str) -> str:
    return max((one.group[dim] for one in found), default="")


def period_of(*, card: MetricCard, days: int, last: Mapping[str, date], now: datetime) -> Period:
    """The last whole days this metric has data for; one that needs time to ripen is looked at that much earlier."""
    day = today(now=now)
    known = last.get(FOLLOWS.get(card.counted, card.counted), day)
    end = min(known + timedelta(days=1), day)
    if card.mature_days:
        end = min(end, day - timedelta(days=card.mature_days))
    return Period(start=end - timedelta(days=days), end=end)
