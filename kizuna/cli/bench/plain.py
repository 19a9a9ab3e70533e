"""The bench's facts, and its questions as anyone would write them in DuckDB over the Parquet files of the lake."""

from collections.abc import Callable
from typing import Any

from kizuna.facts.catalogue import (
    AnswerAmended,
    AnswerVoided,
    Fact,
    OrderAmended,
    OrderCancelled,
    OrderLineSold,
    OrderPlaced,
    OrderVoided,
    SurveyAnswered,
)
from kizuna.facts.lake.queries import connect, source

SECONDS = 730 * 86400
_STORES = "['online', 'ginza', 'umeda', 'sakae', 'tenjin']"
_TOUCHPOINTS = "['site', 'store', 'purchase', 'delivery', 'product', 'support', 'repeat', 'notice']"


def facts(*, size: int, seed: int) -> dict[type[Fact], str]:
    """SQL of the bench's facts: per customer four orders with ten lines and five answers, over two years to 2026-03-31.

    Everything is a hash of the row number and ``seed``, so the same call gives the same lake.
    """

    def pick(*, key: str, salt: int, count: int) -> str:
        return f"(hash({key} * 100 + {salt + seed * 31}) % {count})::BIGINT"

    def at(*, key: str) -> str:
        moment = f"to_seconds({pick(key=key, salt=1, count=SECONDS)})"
        return f"TIMESTAMPTZ '2024-04-01 00:00:00+00' + {moment}"

    person, store = f"{pick(key='o', salt=2, count=size)} + 1", f"{_STORES}[{pick(key='o', salt=3, count=5)} + 1]"
    yen = f"{pick(key='o', salt=4, count=9000)} + 1000"
    order = f"{at(key='o')} AS occurred_at, {person} AS person_id, 'purchase' AS touchpoint, 'web' AS channel"
    return {
        OrderPlaced: (
            f"SELECT {order}, o AS order_id, 'bench' AS source, {store} AS store, {yen} AS total_yen, 2 AS quantity"
            f" FROM range({size * 4}) t(o)"
        ),
        # Two and three lines in turn: ten lines on every four orders.
        OrderLineSold: (
            f"SELECT {order}, o AS order_id, l AS line_no, {store} AS store,"
            f" 'SKU-' || {pick(key='o', salt=5, count=400)} AS product, 'c' || {pick(key='o', salt=6, count=12)}"
            f" AS category, 1 AS quantity, ({yen}) // 2 AS amount_yen"
            f" FROM range({size * 4}) t(o), range(3) u(l) WHERE l < 2 + o % 2"
        ),
        SurveyAnswered: (
            f"SELECT {at(key='a')} AS occurred_at, {pick(key='a', salt=7, count=size)} + 1 AS person_id,"
            f" {_TOUCHPOINTS}[{pick(key='a', salt=8, count=8)} + 1] AS touchpoint, 'web' AS channel, a AS answer_id,"
            f" 'nps' AS instrument, {pick(key='a', salt=9, count=11)}::DOUBLE AS score,"
            f" {_STORES}[{pick(key='a', salt=10, count=5)} + 1] AS store FROM range({size * 5}) t(a)"
        ),
    }


def _latest(*, key: str, placed: tuple[type[Fact], ...], voided: type[Fact], columns: str) -> str:
    """The highest revision of each thing that is not voided, from the fact files themselves."""
    union = " UNION ALL BY NAME ".join(
        [
            f"SELECT {key}, revision, occurred_at, {columns}, '{f.__name__}' AS kind FROM ({source(fact=f)})"
            for f in placed
        ]
        + [f"SELECT {key}, revision, occurred_at, 'void' AS kind FROM ({source(fact=voided)})"]
    )
    return f"SELECT * FROM ({union}) QUALIFY revision = max(revision) OVER (PARTITION BY {key}) AND kind <> 'void'"


def _answers() -> str:
    return _latest(
        key="answer_id", placed=(SurveyAnswered, AnswerAmended), voided=AnswerVoided,
        columns="instrument, score, touchpoint",
    )  # fmt: skip


def _firsts() -> str:
    """Each customer's first and second kept order and how many there are."""
    orders = _latest(
        key="order_id", placed=(OrderPlaced, OrderAmended, OrderCancelled), voided=OrderVoided, columns="person_id"
    )
    return (
        "SELECT person_id, min(occurred_at) AS first, count(*) AS orders, list_sort(list(occurred_at))[2] AS second"
        f" FROM ({orders}) WHERE kind <> 'OrderCancelled' AND person_id IS NOT NULL GROUP BY person_id"
    )


_JST = "(first AT TIME ZONE 'Asia/Tokyo')::DATE"
_MATURE = f"{_JST} <= DATE '2026-04-01' - 90"


def nps() -> list[Any]:
    """(touchpoint, month, NPS)."""
    return connect().execute(
        "SELECT touchpoint, strftime((occurred_at AT TIME ZONE 'Asia/Tokyo')::DATE, '%Y-%m') AS month,"
        " 100.0 * (count(*) FILTER (score >= 9) - count(*) FILTER (score <= 6)) / count(*)"
        f" FROM ({_answers()}) WHERE instrument = 'nps' GROUP BY ALL"
    ).fetchall()  # fmt: skip


def repeat_rate() -> list[Any]:
    """(share,) of mature customers with two kept orders or more."""
    return connect().execute(
        f"SELECT count(*) FILTER (orders >= 2) / count(*) FROM ({_firsts()}) WHERE {_MATURE}"
    ).fetchall()  # fmt: skip


def f2_conversion() -> list[Any]:
    """(share,) of mature customers whose second order came within 90 days."""
    return connect().execute(
        "SELECT count(*) FILTER (second <= first + INTERVAL 90 DAY) / count(*)"
        f" FROM ({_firsts()}) WHERE {_MATURE}"
    ).fetchall()  # fmt: skip


def cohort_table() -> list[Any]:
    """(first month, months since, share of the cohort that ordered), for months that are over."""
    orders = _latest(
        key="order_id", placed=(OrderPlaced, OrderAmended, OrderCancelled), voided=OrderVoided, columns="person_id"
    )
    return connect().execute(
        f"""
        WITH kept AS (
            SELECT person_id, date_trunc('month', (occurred_at AT TIME ZONE 'Asia/Tokyo')::DATE) AS month
            FROM ({orders}) WHERE kind <> 'OrderCancelled' AND person_id IS NOT NULL
        ), firsts AS (SELECT person_id, min(month) AS first FROM kept GROUP BY person_id),
        sizes AS (SELECT first, count(*) AS n FROM firsts GROUP BY first)
        SELECT strftime(first, '%Y-%m'), datediff('month', first, month) AS since,
            count(DISTINCT person_id) / any_value(n)
        FROM kept JOIN firsts USING (person_id) JOIN sizes USING (first)
        WHERE month < DATE '2026-04-01' GROUP BY ALL
        """
    ).fetchall()  # fmt: skip


QUESTIONS: dict[str, Callable[[], list[Any]]] = {
    "NPS by touchpoint and month": nps,
    "repeat rate": repeat_rate,
    "F2 conversion": f2_conversion,
    "cohort table": cohort_table,
}


def values(*, question: str) -> dict[tuple[str, ...], float]:
    """The plain answers by group."""
    return {tuple(str(part) for part in row[:-1]): float(row[-1]) for row in QUESTIONS[question]()}
