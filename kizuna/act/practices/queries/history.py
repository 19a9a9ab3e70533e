"""The moments that begin a practice, found in the unit tables: for the sweep, and for a dry run on history."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from kizuna.act.practices.rules.flow import DateTrigger, FactTrigger, QuietTrigger, Trigger
from kizuna.act.practices.rules.step import dates_kept_on, kept_on, local_day, midnight
from kizuna.customers.people.queries import born_on
from kizuna.facts.lake.queries import connect
from kizuna.facts.outbox.rules import from_micros
from kizuna.facts.state.queries import source


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One moment of one customer (by root). ``thing_id`` names the cause; 0 where the day does."""

    person_id: int
    at: datetime
    thing_id: int
    order_id: int | None = None
    store: str = ""
    instrument: str = ""
    score: float | None = None
    late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A SQL SELECT with its parameters, of the columns of ``Found`` but the last."""

    sql: str
    values: Mapping[str, object]


def found_between(*, trigger: Trigger, since: datetime, until: datetime) -> list[Found]:
    """Every moment of the trigger within the half-open period, in order of time."""
    question = moments_sql(trigger=trigger, since=since, until=until)
    if not question.sql:
        return []
    late = isinstance(trigger, FactTrigger) and trigger.fact == "delivered_late"
    cursor = connect().cursor()
    try:
        sql = f"SELECT * REPLACE (epoch_us(moment) AS moment) FROM ({question.sql}) ORDER BY moment, thing_id"
        rows = cursor.execute(sql, dict(question.values)).fetchall()
    finally:
        cursor.close()
    return [
        Found(
            person_id=person,
            at=from_micros(micros=micros),
            thing_id=thing,
            order_id=order,
            store=store or "",
            instrument=instrument,
            score=score,
            late=late,
        )
        for person, micros, thing, order, store, instrument, score in rows
    ]


def moments_sql(*, trigger: Trigger, since: datetime, until: datetime) -> Question:
    """The moments as SQL: person_id, moment, thing_id, order_id, store, instrument, score. Or no day at all."""
    if isinstance(trigger, QuietTrigger):
        return _quiet(trigger=trigger, since=since, until=until)
    if isinstance(trigger, DateTrigger):
        return _dates(trigger=trigger, since=since, until=until)
    values: dict[str, object] = {"since": since, "until": until}
    values |= {
        name: value
        for name in ("nth_order", "instrument", "score_min", "score_max", "touchpoint")
        if (value := getattr(trigger, name)) is not None
    }
    if trigger.fact == "refunded":
        # An import says that an order was refunded, not when: refunds begin a practice only as they happen.
        return Question(sql="", values={})
    sql = {"answered": _answered, "reviewed": _reviewed, "ordered": _ordered}.get(trigger.fact, _shipped)(trigger)
    return Question(sql=sql, values=values)


def _ordered(trigger: FactTrigger) -> str:
    nth = "AND rank = $nth_order" if trigger.nth_order is not None else ""
    return f"""
        SELECT person_id, ordered_at AS moment, order_id AS thing_id, order_id, store, '' AS instrument,
            NULL::DOUBLE AS score
        FROM ({source(table="orders")})
        WHERE person_id IS NOT NULL AND NOT cancelled AND ordered_at >= $since AND ordered_at < $until {nth}
    """


def _shipped(trigger: FactTrigger) -> str:
    at, further = {
        "delivered": ("s.delivered_at", ""),
        "delivered_late": ("s.delivered_at", "AND s.delivered_at > s.promised_at"),
        "promise_missed": ("s.promised_at", "AND (s.delivered_at IS NULL OR s.delivered_at > s.promised_at)"),
    }[trigger.fact]
    nth = "AND o.rank = $nth_order" if trigger.nth_order is not None else ""
    return f"""
        SELECT s.person_id, {at} AS moment, s.shipment_id AS thing_id, s.order_id, s.store, '' AS instrument,
            NULL::DOUBLE AS score
        FROM ({source(table="shipments")}) s
        JOIN ({source(table="orders")}) o ON o.order_id = s.order_id AND NOT o.cancelled {nth}
        WHERE s.person_id IS NOT NULL AND {at} >= $since AND {at} < $until {further}
        QUALIFY row_number() OVER (PARTITION BY s.order_id ORDER BY {at}, s.shipment_id) = 1
    """


def _answered(trigger: FactTrigger) -> str:
    conditions = {
        "instrument": "AND instrument = $instrument",
        "touchpoint": "AND touchpoint = $touchpoint",
        "score_min": "AND score >= $score_min",
        "score_max": "AND score <= $score_max",
    }
    asked = " ".join(sql for name, sql in conditions.items() if getattr(trigger, name) is not None)
    return f"""
        SELECT person_id, answered_at AS moment, answer_id AS thing_id, order_id, store, instrument, score
        FROM ({source(table="answers")})
        WHERE person_id IS NOT NULL AND answered_at >= $since AND answered_at < $until {asked}
    """


def _reviewed(trigger: FactTrigger) -> str:
    conditions = {"score_min": "AND rating >= $score_min", "score_max": "AND rating <= $score_max"}
    asked = " ".join(sql for name, sql in conditions.items() if getattr(trigger, name) is not None)
    # The table knows the day only: a review of the first day counts from the first moment of the period.
    return f"""
        SELECT person_id, greatest($since, (day - INTERVAL 9 HOUR)::TIMESTAMPTZ) AS moment, review_id AS thing_id,
            NULL::BIGINT AS order_id, store, '' AS instrument, rating AS score
        FROM ({source(table="reviews")})
        WHERE person_id IS NOT NULL AND day >= jst_day($since) AND (day - INTERVAL 9 HOUR)::TIMESTAMPTZ < $until {asked}
    """


def _quiet(*, trigger: QuietTrigger, since: datetime, until: datetime) -> Question:
    """An order that no other followed for so many days; named by that order, whatever records are merged later."""
    sql = f"""
        SELECT person_id, ordered_at + to_days($days) AS moment, order_id AS thing_id, order_id, store,
            '' AS instrument, NULL::DOUBLE AS score
        FROM (
            SELECT *, lead(ordered_at) OVER (PARTITION BY person_id ORDER BY ordered_at, order_id) AS next_at
            FROM ({source(table="orders")}) WHERE person_id IS NOT NULL AND NOT cancelled
        )
        WHERE ordered_at + to_days($days) >= $since AND ordered_at + to_days($days) < $until
            AND (next_at IS NULL OR next_at > ordered_at + to_days($days))
    """
    return Question(sql=sql, values={"days": trigger.days, "since": since, "until": until})


def _dates(*, trigger: DateTrigger, since: datetime, until: datetime) -> Question:
    days = list(_served_days(days_before=trigger.days_before, since=since, until=until))
    if not days:
        return Question(sql="", values={})
    rows = list(_birthdays(days=days) if trigger.date == "birthday" else _anniversaries(days=days))
    if not rows:
        return Question(sql="", values={})
    people, moments, years = zip(*rows, strict=True)
    sql = f"""
        SELECT d.person_id, d.moment, d.year AS thing_id, NULL::BIGINT AS order_id, coalesce(c.store, '') AS store,
            '' AS instrument, NULL::DOUBLE AS score
        FROM (SELECT unnest($people::BIGINT[]) AS person_id, unnest($moments::TIMESTAMPTZ[]) AS moment,
            unnest($years::BIGINT[]) AS year) d
        LEFT JOIN ({source(table="customers")}) c ON c.person_id = d.person_id
    """
    return Question(sql=sql, values={"people": list(people), "moments": list(moments), "years": list(years)})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Day:
    """A day on which the practice serves, and whose date it serves: (month, day) pairs kept on ``year``."""

    at: datetime
    year: int
    pairs: tuple[tuple[int, int], ...]


def _served_days(*, days_before: int, since: datetime, until: datetime) -> Iterator[_Day]:
    day = local_day(at=since)
    while midnight(on=day) < until:
        kept = day + timedelta(days=days_before)
        # The day counts from its midnight, but a practice that is started at ten still serves those of today.
        yield _Day(at=max(midnight(on=day), since), year=kept.year, pairs=dates_kept_on(on=kept))
        day += timedelta(days=1)


def _birthdays(*, days: Sequence[_Day]) -> Iterator[tuple[int, datetime, int]]:
    served = {pair: day for day in days for pair in day.pairs}
    for born in born_on(days=list(served)):
        day = served[born.birth_date.month, born.birth_date.day]
        if kept_on(month=born.birth_date.month, day=born.birth_date.day, year=day.year) > born.birth_date:
            yield born.root_id, day.at, day.year


def _anniversaries(*, days: Sequence[_Day]) -> Iterator[tuple[int, datetime, int]]:
    served = {pair: day for day in days for pair in day.pairs}
    cursor = connect().cursor()
    try:
        rows = cursor.execute(
            f"""
            SELECT person_id, month(day), day(day), year(day) FROM ({source(table="customers")})
            WHERE (month(day) * 100 + day(day)) IN (SELECT unnest($pairs::BIGINT[]))
            """,
            {"pairs": [month * 100 + day for month, day in served]},
        ).fetchall()
    finally:
        cursor.close()
    for person, month, day, year in rows:
        on = served[month, day]
        if on.year > year:
            yield person, on.at, on.year
