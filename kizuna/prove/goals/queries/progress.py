"""The months of a goal's metric and where they lead: many goals in one statement."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from kizuna.clock import JST
from kizuna.prove.goals.rules import GoalDraft, Outlook, add_months, is_up, outlook_of, whole_months
from kizuna.stats.estimate import Estimate, NotEnough
from kizuna.understand.metrics.queries import Ask, Measured, MetricCard, card, measure, measure_many
from kizuna.understand.metrics.rules.definition import Kind

HISTORY_MONTHS = 24
START_MONTHS = 3
"""The start is measured over a quarter: one month alone is often the bad one that made somebody set a goal."""


def outlooks(*, drafts: Sequence[GoalDraft], starts: Sequence[float | None] = (), now: datetime) -> list[Outlook]:
    """Where each goal stands and heads. ``starts`` tell the direction of metrics that have no better one.

    Raises: UnknownMetric, UnknownDim.
    """
    cards = [card(name=draft.metric) for draft in drafts]
    spans = [_span(card=one, now=now) for one in cards]
    asks = [
        Ask(
            metric=draft.metric,
            by=("month",),
            date_from=months[0],
            date_to=add_months(month=months[-1], count=1),
            where=draft.where,
        )
        for draft, months in zip(drafts, spans, strict=True)
    ]
    begun = starts or [None] * len(drafts)
    return [
        outlook_of(
            months=_filled(months=months, found=found),
            due_month=draft.due_month,
            target=draft.target,
            up=is_up(better=one.better, start=start, target=draft.target),
            bounds=(one.low, one.high),
        )
        for draft, one, months, found, start in zip(
            drafts, cards, spans, measure_many(asks=asks, now=now), begun, strict=True
        )
    ]


def start_of(*, draft: GoalDraft, now: datetime) -> Estimate | NotEnough:
    """The value a goal starts from: the last whole quarter; of a total, its month on average.

    Raises: UnknownMetric, UnknownDim.
    """
    known = card(name=draft.metric)
    months = _span(card=known, now=now)[-START_MONTHS:]
    (found,) = measure(
        metric=draft.metric,
        date_from=months[0],
        date_to=add_months(month=months[-1], count=1),
        where=draft.where,
        now=now,
    )
    result = found.result
    if known.kind is Kind.TOTAL and isinstance(result, Estimate):
        part = 1.0 / START_MONTHS
        return replace(result, value=result.value * part, low=result.low * part, high=result.high * part)
    return result


def _span(*, card: MetricCard, now: datetime) -> list[date]:
    today = now.astimezone(JST).date()
    return whole_months(today=today, count=HISTORY_MONTHS, mature_days=card.mature_days)


def _filled(*, months: Sequence[date], found: Sequence[Measured]) -> list[tuple[date, Estimate | NotEnough]]:
    """Every month in its place, those without a record too; the time before the first record is left out."""
    by_month = {one.group["month"]: one.result for one in found}
    nothing = NotEnough(reason="no_data", have=0, need=1)
    filled = [(month, by_month.get(f"{month:%Y-%m}", nothing)) for month in months]
    first = next((place for place, (_, one) in enumerate(filled) if isinstance(one, Estimate)), len(filled))
    return filled[first:] or filled[-1:]
