"""What proven practices gave to a goal: their effects, scaled by the share of customers they reached."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kizuna.clock import JST
from kizuna.facts.lake.queries import connect
from kizuna.facts.state.queries import source
from kizuna.facts.state.rules import UNITS
from kizuna.prove.evidence.queries import league_table
from kizuna.prove.evidence.rules.league import Cell, Column
from kizuna.prove.goals.rules import GoalDraft
from kizuna.prove.trials.queries import Verdict
from kizuna.understand.metrics.rules.compiled import happened_sql
from kizuna.understand.metrics.rules.windows import How, Reading, is_readable, reading_of
from kizuna.words import Words

SHORTEST_DAYS = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """One practice that works: its effect, the share it reached, and what that makes on the goal's metric."""

    practice: str
    title: Words
    grade: int
    effect: tuple[float, float, float]
    reached_share: float
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Contributions:
    """All of them and their sum. ``most`` is what they could give if they reached everybody."""

    practices: tuple[Contribution, ...]
    value: float
    low: float
    high: float
    most: float
    date_from: date


def contributions(*, draft: GoalDraft, start_month: date, now: datetime) -> Contributions:
    """Practices with ★3 or ★2 whose effect on this very metric is proven among all practices; nothing else counts."""
    today = now.astimezone(JST).date()
    first = min(start_month, today - timedelta(days=SHORTEST_DAYS))
    cells = _working(metric=draft.metric, now=now) if _adds_up(metric=draft.metric) else []
    found = [_scaled(cell, draft=draft, first=first) for cell in cells]
    value = math.fsum(one.value for one in found)
    # Effects of separate lots are independent, so their errors add up as squares.
    below = math.sqrt(math.fsum((one.value - one.low) ** 2 for one in found))
    above = math.sqrt(math.fsum((one.high - one.value) ** 2 for one in found))
    most = math.fsum(max(abs(end) for end in one.effect) for one in found)
    return Contributions(
        practices=tuple(found), value=value, low=value - below, high=value + above, most=most, date_from=first
    )


def _adds_up(*, metric: str) -> bool:
    """Whether an effect on a customer is in what the goal counts: one in yen per customer is no part of a total."""
    if not is_readable(metric=metric):
        return False
    reading = reading_of(metric=metric)
    return (reading.kind, reading.unit) == (reading.metric.kind, reading.metric.unit)


def _working(*, metric: str, now: datetime) -> list[Cell]:
    table = league_table(by=Column.SAYS, now=now)
    return [
        cell
        for row in table.rows
        for _, cell in row.effects
        if cell.report.metric == metric and cell.verdict is Verdict.WORKS and cell.report.grade >= 2
    ]


def _scaled(cell: Cell, *, draft: GoalDraft, first: date) -> Contribution:
    share = _reached(cell, where=draft.where, first=first)
    effect = cell.effect
    return Contribution(
        practice=cell.report.practice,
        title=cell.report.title,
        grade=cell.report.grade,
        effect=(effect.value, effect.low, effect.high),
        reached_share=share,
        value=share * effect.value,
        low=share * effect.low,
        high=share * effect.high,
    )


def _reached(cell: Cell, *, where: Mapping[str, str], first: date) -> float:
    """The share of what the metric counts that came from customers whom the practice served; the held-out were not."""
    reading = reading_of(metric=cell.report.metric)
    by_row = reading.how is How.PER_UNIT
    table = reading.units.table if by_row else "customers"
    narrowed = {dim: value for dim, value in where.items() if dim in UNITS[table].columns}
    rows = f"SELECT * FROM ({source(table=table)}) WHERE true" + "".join(f" AND {dim} = ?" for dim in narrowed)
    began = datetime(first.year, first.month, first.day, tzinfo=JST)
    statement = _rows_served(rows, reading=reading) if by_row else _customers_served(rows, reading=reading)
    values = [*narrowed.values(), cell.report.practice, cell.report.window_days, began]
    with connect().cursor() as engine:
        ((served, everybody),) = engine.execute(statement, values).fetchall()
    return float(served) / float(everybody) if everybody else 0.0


def _rows_served(rows: str, *, reading: Reading) -> str:
    """Answers and the like: rows whose customer was served within the window before."""
    return f"""
    WITH "{reading.units.table}" AS ({rows}),
    served AS (SELECT person_id, assigned_at FROM ({source(table="assignments")}) WHERE practice = ? AND NOT held_out),
    counted AS (
        SELECT u.x, EXISTS (
            SELECT 1 FROM served s WHERE s.person_id = u.person_id
                AND u.at > s.assigned_at AND u.at <= s.assigned_at + to_days(?)
        ) AS served
        FROM ({happened_sql(reading=reading)}) u WHERE u.at >= ?
    )
    SELECT coalesce(sum(x) FILTER (served), 0.0), coalesce(sum(x), 0.0) FROM counted
    """


def _customers_served(rows: str, *, reading: Reading) -> str:
    """Customers who bought since (for a second purchase: bought first since), and those served as the metric asks."""
    least, most = reading.orders_before
    since = "first_order_at" if most == 1 else "last_order_at"
    asked = f"orders_before >= {least}" + ("" if most is None else f" AND orders_before <= {most}")
    return f"""
    WITH customers AS ({rows}),
    served AS (
        SELECT person_id, assigned_at FROM ({source(table="assignments")})
        WHERE practice = ? AND NOT held_out AND {asked}
    ),
    counted AS (
        SELECT EXISTS (
            SELECT 1 FROM served s WHERE s.person_id = c.person_id
                AND s.assigned_at >= c.{since} - to_days(?)
        ) AS served
        FROM customers c WHERE c.{since} >= ?
    )
    SELECT count(*) FILTER (served), count(*) FROM counted
    """
