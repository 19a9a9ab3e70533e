"""The unit tables: one row per thing a metric can count, with everything it can be grouped by.

``person_id`` is the customer's root, NULL for an unknown customer; ``day`` is the Japanese date,
``month`` its first day; an unknown code is the empty text. An order is *kept* when it is neither
cancelled nor voided.
"""

import hashlib
from dataclasses import dataclass
from functools import cache

from kizuna.facts.state.rules.steps import STEPS, VIEWS

BUCKETS = 64

_TEXTS = {"channel": "VARCHAR", "store": "VARCHAR", "segment": "VARCHAR"}
_DATES = {"day": "DATE", "month": "DATE"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """``thing`` identifies a row's thing (with ``person_id``, its bucket); ``body`` yields the columns."""

    thing: str
    columns: dict[str, str]
    body: str


UNITS: dict[str, Unit] = {
    "orders": Unit(
        thing="order_id",
        columns={
            "order_id": "BIGINT",
            "person_id": "BIGINT",
            "ordered_at": "TIMESTAMPTZ",
            **_DATES,
            "source": "VARCHAR",
            **_TEXTS,
            "rank": "BIGINT",
            "total_yen": "BIGINT",
            "discount_yen": "BIGINT",
            "points_used_yen": "BIGINT",
            "shipping_yen": "BIGINT",
            "refunded_yen": "BIGINT",
            "quantity": "BIGINT",
            "cancelled": "BOOLEAN",
            "prev_order_at": "TIMESTAMPTZ",
        },
        body="SELECT * FROM order_unit",
    ),
    "lines": Unit(
        thing="order_id",
        columns={
            "order_id": "BIGINT",
            "line_no": "BIGINT",
            "person_id": "BIGINT",
            **_DATES,
            **_TEXTS,
            "product": "VARCHAR",
            "category": "VARCHAR",
            "brand": "VARCHAR",
            "quantity": "BIGINT",
            "amount_yen": "BIGINT",
            "discount_yen": "BIGINT",
            "cancelled": "BOOLEAN",
            "refunded": "BOOLEAN",
        },
        body="SELECT * FROM line_unit",
    ),
    "shipments": Unit(
        thing="shipment_id",
        columns={
            "shipment_id": "BIGINT",
            "order_id": "BIGINT",
            "person_id": "BIGINT",
            **_DATES,
            **_TEXTS,
            "carrier": "VARCHAR",
            "promised_at": "TIMESTAMPTZ",
            "shipped_at": "TIMESTAMPTZ",
            "delivered_at": "TIMESTAMPTZ",
        },
        body="SELECT * FROM shipment_unit",
    ),
    "answers": Unit(
        thing="answer_id",
        columns={
            "answer_id": "BIGINT",
            "person_id": "BIGINT",
            "answered_at": "TIMESTAMPTZ",
            **_DATES,
            "instrument": "VARCHAR",
            "score": "DOUBLE",
            "touchpoint": "VARCHAR",
            "channel": "VARCHAR",
            "store": "VARCHAR",
            "product": "VARCHAR",
            "category": "VARCHAR",
            "segment": "VARCHAR",
            "order_id": "BIGINT",
            "carrier": "VARCHAR",
            "promise": "VARCHAR",
        },
        # The parcel the answer is about: that of the order it names, else the customer's latest one
        # delivered within the thirty days before the answer.
        body="""
        SELECT a.*, jst_day(a.answered_at) AS day,
            CASE WHEN a.person_id IS NULL THEN 'guest' WHEN k.rank >= 2 THEN 'repeat' ELSE 'new' END AS segment,
            CASE WHEN o.order_id IS NOT NULL THEN o.carrier
                 WHEN a.answered_at - p.delivered_at <= INTERVAL 30 DAY THEN p.carrier ELSE '' END AS carrier,
            CASE WHEN o.order_id IS NOT NULL THEN o.promise
                 WHEN a.answered_at - p.delivered_at <= INTERVAL 30 DAY THEN p.promise ELSE '' END AS promise
        FROM answer_now a
        LEFT JOIN parcel_of_order o ON o.order_id = a.order_id
        ASOF LEFT JOIN parcel_of_person p ON p.person_id = a.person_id AND p.delivered_at <= a.answered_at
        ASOF LEFT JOIN rank_at k ON k.person_id = a.person_id AND k.ordered_at < a.answered_at
        """,
    ),
    "reviews": Unit(
        thing="review_id",
        columns={
            "review_id": "BIGINT",
            "person_id": "BIGINT",
            **_DATES,
            "site": "VARCHAR",
            "rating": "DOUBLE",
            "store": "VARCHAR",
            "product": "VARCHAR",
            "category": "VARCHAR",
            "channel": "VARCHAR",
            "segment": "VARCHAR",
        },
        body="""
        SELECT r.*, jst_day(r.posted_at) AS day,
            CASE WHEN r.person_id IS NULL THEN 'guest' WHEN k.rank >= 2 THEN 'repeat' ELSE 'new' END AS segment
        FROM review_now r
        ASOF LEFT JOIN rank_at k ON k.person_id = r.person_id AND k.ordered_at < r.posted_at
        """,
    ),
    "customers": Unit(
        thing="person_id",
        columns={
            "person_id": "BIGINT",
            "first_order_at": "TIMESTAMPTZ",
            **_DATES,
            "second_order_at": "TIMESTAMPTZ",
            "last_order_at": "TIMESTAMPTZ",
            "orders": "BIGINT",
            "sales_yen": "BIGINT",
            "interval_count": "BIGINT",
            "interval_days_sum": "BIGINT",
            "interval_days_sumsq": "BIGINT",
            "channel": "VARCHAR",
            "store": "VARCHAR",
            "category": "VARCHAR",
            "carrier": "VARCHAR",
            "promise": "VARCHAR",
            "active_months": "BIGINT",
            "last_nps": "DOUBLE",
        },
        # Intervals are whole Japanese days, so that their sums are exact however the rows are ordered.
        # Bit 62 is the last that a signed integer can carry: five years and two months.
        # Channel, store, category, carrier and promise are those of the first order, under the names that every
        # table calls them by.
        body="""
        SELECT c.*, coalesce(f.category, '') AS category, coalesce(p.carrier, '') AS carrier,
            coalesce(p.promise, '') AS promise, s.last_nps
        FROM buyer c
        LEFT JOIN first_category f ON f.person_id = c.person_id
        LEFT JOIN first_parcel p ON p.person_id = c.person_id
        LEFT JOIN last_score s ON s.person_id = c.person_id
        """,
    ),
    "notes": Unit(
        thing="note_id",
        columns={
            "note_id": "BIGINT",
            "person_id": "BIGINT",
            **_DATES,
            "kind": "VARCHAR",
            "store": "VARCHAR",
            "product": "VARCHAR",
        },
        body="SELECT *, jst_day(taken_at) AS day FROM note_now",
    ),
    "assignments": Unit(
        thing="assignment_id",
        columns={
            "assignment_id": "BIGINT",
            "person_id": "BIGINT",
            "assigned_at": "TIMESTAMPTZ",
            **_DATES,
            "practice": "VARCHAR",
            "version": "BIGINT",
            "arm": "VARCHAR",
            "held_out": "BOOLEAN",
            "store": "VARCHAR",
            "segment": "VARCHAR",
            "orders_before": "BIGINT",
        },
        # An order of the very moment is what the customer was assigned for, so it counts as before. Merged customers
        # keep every assignment of their records: which of them count is decided where effects are read.
        body="""
        SELECT a.*, jst_day(a.assigned_at) AS day, coalesce(k.rank, 0) AS orders_before,
            CASE WHEN k.rank >= 2 THEN 'repeat' ELSE 'new' END AS segment
        FROM assignment_now a
        ASOF LEFT JOIN rank_at k ON k.person_id = a.person_id AND k.ordered_at <= a.assigned_at
        """,
    ),
}


@cache
def fingerprint() -> str:
    """Of all that decides what is in the unit tables: under other rules they have to be made anew."""
    text = "\n".join(sql for _, sql in (*STEPS, *VIEWS)) + "\n".join(unit_sql(table=table) for table in UNITS)
    return hashlib.sha256(text.encode()).hexdigest()


def unit_sql(*, table: str) -> str:
    """The rows of a unit table in its columns and types, with the bucket they belong to."""
    unit = UNITS[table]
    derived = {"month": "first_of_month(day)"}
    picked = ", ".join(f"CAST({derived.get(name, name)} AS {kind}) AS {name}" for name, kind in unit.columns.items())
    return f"SELECT {picked}, coalesce(person_id, {unit.thing}) % {BUCKETS} AS bucket FROM ({unit.body})"
