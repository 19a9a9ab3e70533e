"""Who got something and who did not, without any lot: one order of each customer, and what was known before it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from kizuna.act.offers.queries.offers import offers
from kizuna.errors import NotFound
from kizuna.facts.catalogue import CouponRedeemed, CouponReversed
from kizuna.facts.lake.queries import connect
from kizuna.facts.lake.queries import source as lake_source
from kizuna.facts.state.queries import source
from kizuna.listen.surveys.rules import STANDARD
from kizuna.prove.trials.rules.groups import (
    DISCOUNT,
    KNOWN,
    LATE,
    OFFER,
    RUNGS,
    Group,
    discount_group,
    late_group,
    offer_group,
    survey_group,
)
from kizuna.stats.estimate import Moments
from kizuna.understand.metrics.queries.engine import kept
from kizuna.understand.metrics.queries.snapshot import Snapshot
from kizuna.words import Words

if TYPE_CHECKING:
    import duckdb

_LEAST_OVERLAP = 0.8


class NoSuchGroup(NotFound):
    """Nothing on record tells such customers from others."""

    code = "unknown_group"

    def __init__(self, *, name: str) -> None:
        self.name = name
        super().__init__(
            Words(
                ja=f"「{name}」というお客様の分け方はありません。", en=f"There is no way to tell customers by «{name}»."
            )
        )


def groups() -> list[Group]:
    """Every way to tell customers apart that the records hold anything of."""
    parcels, discounts, instruments, offered = kept(key=("groups",), make=_on_record)
    titles = {one.name: one.title for one in offers()} if offered else {}
    return [
        *([late_group()] if parcels else []),
        *([discount_group()] if discounts else []),
        *(survey_group(instrument=one, title=_title(one)) for one in instruments),
        *(offer_group(offer=one, title=titles.get(one, Words(ja=one, en=one))) for one in offered),
    ]


def group(*, slug: str) -> Group:
    """The group of that name. Raises: NoSuchGroup."""
    found = next((one for one in groups() if one.slug == slug), None)
    if found is None:
        raise NoSuchGroup(name=slug)
    return found


def _title(instrument: str) -> Words:
    known = STANDARD.get(instrument)
    return known.short if known is not None else Words(ja=instrument, en=instrument)


def _on_record(_: Snapshot) -> tuple[bool, bool, list[str], list[str]]:
    engine = connect()
    ((parcels, discounts),) = engine.execute(
        f"""
        SELECT (SELECT count(*) FROM ({source(table="shipments")}) WHERE promised_at IS NOT NULL
                AND delivered_at IS NOT NULL AND person_id IS NOT NULL) > 0,
            (SELECT count(*) FROM ({source(table="orders")}) WHERE discount_yen > 0 AND person_id IS NOT NULL) > 0
        """
    ).fetchall()
    asked = engine.execute(
        f"SELECT DISTINCT instrument FROM ({source(table='answers')}) WHERE person_id IS NOT NULL ORDER BY 1"
    ).fetchall()
    used = engine.execute(f"SELECT DISTINCT offer FROM ({lake_source(fact=CouponRedeemed)}) ORDER BY 1").fetchall()
    return bool(parcels), bool(discounts), [row[0] for row in asked], [row[0] for row in used]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """The customers of one stratum with their moments of everything known before, by ``column``."""

    stratum: str
    got: bool
    people: int
    known: dict[str, Moments]


def put_people(
    *, engine: "duckdb.DuckDBPyConnection", group: Group, date_from: date, date_to: date, ended: datetime, asked: str
) -> int:
    """Put the customers on the temporary table ``people`` that ``sums_of_people`` reads, in the strata of the finest
    rung on which four fifths of those who got it have somebody alike; answers the number of the rung.

    ``ended`` and ``asked`` say who can be counted: the rung minds only those, and never their outcome.
    """
    values: dict[str, object] = {"first": date_from, "last": date_to, "wait": group.waits_days}
    if group.name:  # a value that the statement does not ask for is refused
        values["name"] = group.name
    engine.execute(_candidates(group), values)
    counted = f"assigned_at <= ? AND {asked}"
    rung = next(
        (rung for rung in range(len(RUNGS)) if _overlap(engine, rung, counted, ended) >= _LEAST_OVERLAP), len(RUNGS) - 1
    )
    engine.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE people AS
        SELECT *, stratum_{rung} AS segment, '' AS store, '' AS arm, 1 AS version, 1 AS times, false AS crossed
        FROM candidates
        """
    )
    return rung


def known_before(*, engine: "duckdb.DuckDBPyConnection", ended: datetime, asked: str) -> list[Cell]:
    """What was known of the customers before, stratum by stratum."""
    sums = ", ".join(
        f"count({one.column}), sum({one.column}::DOUBLE), sum({one.column}::DOUBLE * {one.column})" for one in KNOWN
    )
    rows = engine.execute(
        f"SELECT segment, NOT held_out, count(*), {sums} FROM people WHERE assigned_at <= ? AND {asked}"
        " GROUP BY ALL ORDER BY ALL",
        [ended],
    ).fetchall()
    return [
        Cell(
            stratum=stratum,
            got=bool(got),
            people=int(people),
            known={one.column: _moments(numbers[3 * place : 3 * place + 3]) for place, one in enumerate(KNOWN)},
        )
        for stratum, got, people, *numbers in rows
    ]


def _moments(numbers: Sequence[float | None]) -> Moments:
    count, total, squares = (float(number or 0.0) for number in numbers)
    return Moments(n=int(count), sum_y=total, sum_yy=squares)


def _overlap(engine: "duckdb.DuckDBPyConnection", rung: int, counted: str, ended: datetime) -> float:
    ((share,),) = engine.execute(
        f"""
        SELECT coalesce(sum(got) FILTER (got >= 2 AND rest >= 2) / nullif(sum(got), 0), 0.0) FROM (
            SELECT count(*) FILTER (NOT held_out) AS got, count(*) FILTER (held_out) AS rest
            FROM candidates WHERE {counted} GROUP BY stratum_{rung})
        """,
        [ended],
    ).fetchall()
    return float(share)


def _candidates(group: Group) -> str:
    """One row per customer: the order it hangs on, who got it, and what was known before that order."""
    anchor = _parcels() if group.kind == LATE else _orders(_GOT[group.kind])
    return f"""
    CREATE OR REPLACE TEMP TABLE candidates AS
    WITH kept AS (SELECT * FROM ({source(table="orders")}) WHERE person_id IS NOT NULL AND NOT cancelled),
    said AS (SELECT person_id, instrument, answered_at FROM ({source(table="answers")}) WHERE person_id IS NOT NULL),
    used AS ({_redeemed()}),
    anchor AS ({anchor}),
    so_far AS (
        SELECT a.person_id,
            count(*) FILTER (k.ordered_at < a.ordered_at) AS orders_so_far,
            coalesce(sum(k.total_yen - k.refunded_yen) FILTER (k.ordered_at < a.ordered_at), 0) AS spent_so_far,
            max(k.ordered_at) FILTER (k.ordered_at < a.ordered_at) AS last_at,
            count(*) FILTER (k.ordered_at <= a.at) AS orders_before
        FROM anchor a JOIN kept k ON k.person_id = a.person_id GROUP BY a.person_id
    ),
    answered AS (SELECT a.person_id FROM anchor a JOIN said s ON s.person_id = a.person_id
        AND s.answered_at < a.ordered_at GROUP BY 1),
    known AS (
        SELECT a.person_id, a.at AS assigned_at, NOT a.got AS held_out, a.place, s.orders_before, s.orders_so_far,
            (s.orders_so_far = 0)::INTEGER AS first_order, s.spent_so_far, a.total_yen AS this_order,
            (epoch(a.ordered_at) - epoch(s.last_at)) / 86400.0 AS days_since_last,
            (w.person_id IS NOT NULL)::INTEGER AS answered_before,
            CASE WHEN s.orders_so_far <= 1 THEN s.orders_so_far::VARCHAR
                 WHEN s.orders_so_far <= 3 THEN '2-3' ELSE '4+' END AS often,
            ntile(3) OVER (ORDER BY a.total_yen, a.person_id) AS amount
        FROM anchor a JOIN so_far s USING (person_id) LEFT JOIN answered w USING (person_id)
    )
    SELECT *, often AS stratum_3, often || '/' || place AS stratum_2, stratum_2 || '/' || recent AS stratum_1,
        stratum_1 || '/' || amount || '/' || answered_before AS stratum_0
    FROM (SELECT *, CASE WHEN days_since_last IS NULL THEN 'first' WHEN days_since_last <= 60 THEN '60'
        WHEN days_since_last <= 180 THEN '180' ELSE 'long' END AS recent FROM known)
    """


_GOT: dict[str, str] = {
    DISCOUNT: "k.discount_yen > 0",
    OFFER: """k.order_id IN (SELECT order_id FROM used WHERE offer = $name AND order_id IS NOT NULL)
        OR EXISTS (SELECT 1 FROM used u WHERE u.offer = $name AND u.order_id IS NULL AND u.person_id = k.person_id
            AND u.day = k.day)""",
    "survey": """EXISTS (SELECT 1 FROM said s WHERE s.person_id = k.person_id AND s.instrument = $name
        AND s.answered_at > k.ordered_at AND s.answered_at <= k.ordered_at + to_days($wait))""",
}


def _orders(got: str) -> str:
    """Every customer's first order of the period; the outcome is read from the days after it is decided who got it."""
    return f"""
    SELECT k.person_id, k.ordered_at, k.total_yen, coalesce(nullif(k.store, ''), k.channel) AS place,
        k.ordered_at + to_days($wait) AS at, {got} AS got
    FROM (SELECT * FROM kept WHERE day >= $first AND day < $last
        QUALIFY row_number() OVER (PARTITION BY person_id ORDER BY ordered_at, order_id) = 1) k
    """


def _parcels() -> str:
    """Every customer's first promised parcel of the period, by the promised day as the delivery metric has it: a late
    parcel must not fall into a later period than one in time. The outcome is read from the arrival.
    """
    return f"""
    SELECT k.person_id, k.ordered_at, k.total_yen, coalesce(nullif(k.store, ''), k.channel) AS place,
        p.delivered_at + to_days($wait) AS at, p.delivered_at > p.promised_at AS got
    FROM ({source(table="shipments")}) p JOIN kept k ON k.order_id = p.order_id
    WHERE p.promised_at IS NOT NULL AND p.delivered_at IS NOT NULL AND p.day >= $first AND p.day < $last
    QUALIFY row_number() OVER (PARTITION BY k.person_id ORDER BY p.promised_at, p.shipment_id) = 1
    """


def _redeemed() -> str:
    """Uses of coupons that were not taken back. One that names no order is found by the customer and the day."""
    return f"""
    SELECT offer, order_id, person_id, jst_day(occurred_at) AS day FROM ({lake_source(fact=CouponRedeemed)}) r
    WHERE redemption_id NOT IN (SELECT redemption_id FROM ({lake_source(fact=CouponReversed)}))
    """
