"""The vital few (80/20): who makes most of the sales, and who of them has gone quiet.

These are counts and sums of the shop's own books, not estimates; only the top share, which is compared between
periods and shops, carries an interval.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from kizuna.facts.lake.queries import connect
from kizuna.facts.state.queries import units
from kizuna.stats.concentration import Decile
from kizuna.stats.estimate import Estimate, NotEnough
from kizuna.understand.metrics.queries.engine import kept
from kizuna.understand.metrics.queries.measure import measure
from kizuna.understand.metrics.rules.cut import today
from kizuna.understand.metrics.rules.sql import parquet
from kizuna.words import Words

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
RECENCY_DAYS = (30, 90, 180, 365)
FREQUENCIES = (1, 2, 3, 5)
RECENCY_WORDS = (
    Words(ja="30日以内", en="30 days or less"),
    Words(ja="31～90日", en="31-90 days"),
    Words(ja="91～180日", en="91-180 days"),
    Words(ja="181～365日", en="181-365 days"),
    Words(ja="1年超", en="over a year"),
)
FREQUENCY_WORDS = (
    Words(ja="1回", en="1 order"),
    Words(ja="2回", en="2 orders"),
    Words(ja="3回", en="3 orders"),
    Words(ja="4～5回", en="4-5 orders"),
    Words(ja="6回以上", en="6 or more"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RfmCell:
    """Customers by how long ago they last ordered (band 0 = most recent) and how often they have (band 0 = once)."""

    recency: int
    frequency: int
    customers: int
    sales_yen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TopCustomer:
    """One of the best customers: sales so far net of refunds, and their last word on recommending us."""

    rank: int
    person_id: int
    orders: int
    sales_yen: int
    first_day: date
    last_order_at: datetime
    last_nps: float | None
    cumulative_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class VitalFew:
    """The top fifth's share, the ten tenths (デシル分析) and the RFM grid."""

    top20: Estimate | NotEnough
    customers: int
    sales_yen: int
    deciles: tuple[Decile, ...]
    rfm: tuple[RfmCell, ...]


def vital_few(*, now: datetime) -> VitalFew:
    """How sales are spread over all identified customers with a kept order."""
    day = today(now=now)
    tenths, cells = kept(key=("vital_few", day), make=lambda _: (_deciles(), _rfm(day=day)))
    return VitalFew(
        top20=measure(metric="top20_share", now=now)[0].result,
        customers=sum(cell.customers for cell in cells),
        sales_yen=sum(cell.sales_yen for cell in cells),
        deciles=tenths,
        rfm=cells,
    )


def top_customers(*, limit: int = 100) -> list[TopCustomer]:
    """The customers with the highest sales so far, best first; ``cumulative_share`` is of all customers' sales."""
    rows = _rows(
        sql="""
        SELECT row_number() OVER best AS rank, person_id, orders, sales_yen, day, epoch_us(last_order_at), last_nps,
               sum(sales_yen) OVER best / greatest(1.0, sum(sales_yen) OVER ())
        FROM customers WINDOW best AS (ORDER BY sales_yen DESC, person_id ROWS UNBOUNDED PRECEDING)
        ORDER BY rank LIMIT ?
        """,
        values=[limit],
    )
    return [
        TopCustomer(
            rank=rank,
            person_id=person_id,
            orders=orders,
            sales_yen=sales_yen,
            first_day=day,
            last_order_at=_EPOCH + timedelta(microseconds=last_order_us),
            last_nps=last_nps,
            cumulative_share=float(share),
        )
        for rank, person_id, orders, sales_yen, day, last_order_us, last_nps, share in rows
    ]


def _deciles() -> tuple[Decile, ...]:
    """As ``stats.concentration.deciles``, in the database: unit i of n from the top is in decile ⌊10·i/n⌋ + 1."""
    rows = _rows(
        sql="""
        WITH placed AS (
            SELECT sales_yen, 10 * (row_number() OVER (ORDER BY sales_yen DESC, person_id) - 1) // count(*) OVER () AS t
            FROM customers WHERE sales_yen >= 0
        ) SELECT t, count(*), CAST(sum(sales_yen) AS DOUBLE) FROM placed GROUP BY t ORDER BY t
        """
    )
    whole = sum(total for _, _, total in rows)
    if len(rows) < 10 or whole <= 0:
        return ()
    running, tenths = 0.0, []
    for place, count, total in rows:
        running += total
        tenths.append(
            Decile(
                rank=int(place) + 1,
                count=count,
                total=total,
                share=total / whole,
                cumulative_share=min(1.0, running / whole),
            )
        )
    return tuple(tenths)


def _rfm(*, day: date) -> tuple[RfmCell, ...]:
    rows = _rows(
        sql=f"""
        SELECT {_bands("date_diff('day', jst_day(last_order_at), CAST(? AS DATE))", RECENCY_DAYS)} AS recency,
               {_bands("orders", FREQUENCIES)} AS frequency, count(*), sum(sales_yen)
        FROM customers GROUP BY ALL ORDER BY ALL
        """,
        values=[day] * len(RECENCY_DAYS),
    )
    return tuple(
        RfmCell(recency=recency, frequency=frequency, customers=count, sales_yen=int(total))
        for recency, frequency, count, total in rows
    )


def _bands(expression: str, borders: Sequence[int]) -> str:
    cases = " ".join(f"WHEN {expression} <= {border} THEN {band}" for band, border in enumerate(borders))
    return f"CASE {cases} ELSE {len(borders)} END"


def _rows(*, sql: str, values: Sequence[object] = ()) -> list[Any]:
    paths = [str(path) for path in units(table="customers")]
    if not paths:
        return []
    source = f"(SELECT * FROM {parquet(paths=paths)}) AS customers"
    return connect().execute(sql.replace("FROM customers", f"FROM {source}", 1), list(values)).fetchall()
