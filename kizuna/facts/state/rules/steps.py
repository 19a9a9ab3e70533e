"""From facts to units in SQL, in order. Each step reads the relations before it.

The relations ``fact_<family>`` hold either every fact (full recompute) or every fact about the touched
things and people (advance): the same text serves both, so the two cannot come to differ.
"""


def _latest(*, family: str, key: str, columns: str) -> str:
    """The present truth of each thing: its highest revision, unless that one voids it, under the customer's root.

    Two facts of one revision would be an error of the publisher; the one published later then counts.
    """
    return f"""
    SELECT f.* EXCLUDE (person_id), coalesce(l.root_id, f.person_id) AS person_id
    FROM (
        SELECT {key}, person_id, revision, voided, {columns}
        FROM fact_{family}
        QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY revision DESC, entry_id DESC, seq DESC) = 1
    ) f
    LEFT JOIN link_now l ON l.person_id = f.person_id
    WHERE NOT f.voided
    """


_PROMISE = """CASE WHEN promised_at IS NULL OR delivered_at IS NULL THEN ''
    WHEN delivered_at <= promised_at THEN 'kept' ELSE 'broken' END AS promise"""

STEPS: tuple[tuple[str, str], ...] = (
    (
        "link_now",
        """
        SELECT person_id, root_id FROM fact_link
        QUALIFY row_number() OVER (PARTITION BY person_id ORDER BY revision DESC, entry_id DESC, seq DESC) = 1
        """,
    ),
    (
        "order_now",
        _latest(
            family="order",
            key="order_id",
            columns="occurred_at AS ordered_at, source, channel, store, total_yen, discount_yen, points_used_yen,"
            " shipping_yen, refunded_yen, quantity, cancelled",
        ),
    ),
    (
        # Guests have no history; one window over all of them would only be a very large sort.
        "order_unit",
        """
        SELECT * EXCLUDE (kept_before), jst_day(ordered_at) AS day,
            CASE WHEN kept_before = 0 THEN 'new' ELSE 'repeat' END AS segment,
            CASE WHEN NOT cancelled THEN kept_before + 1 END AS rank
        FROM (
            SELECT *,
                count(*) FILTER (NOT cancelled) OVER before AS kept_before,
                max(ordered_at) FILTER (NOT cancelled) OVER before AS prev_order_at
            FROM order_now WHERE person_id IS NOT NULL
            WINDOW before AS (
                PARTITION BY person_id ORDER BY ordered_at, order_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            )
        )
        UNION ALL BY NAME
        SELECT *, jst_day(ordered_at) AS day, 'guest' AS segment, NULL::BIGINT AS rank,
            NULL::TIMESTAMPTZ AS prev_order_at
        FROM order_now WHERE person_id IS NULL
        """,
    ),
    (
        "rank_at",
        """
        SELECT person_id, ordered_at, max(rank) AS rank FROM order_unit
        WHERE rank IS NOT NULL GROUP BY person_id, ordered_at
        """,
    ),
    (
        "shipment_now",
        _latest(
            family="shipment",
            key="shipment_id",
            columns="order_id, occurred_at, channel, store, carrier, promised_at, shipped_at, delivered_at",
        ),
    ),
    (
        # A parcel belongs to whoever its order belongs to; its own person counts when the order is unknown.
        "shipment_unit",
        f"""
        SELECT s.* EXCLUDE (person_id, channel, store),
            CASE WHEN o.order_id IS NULL THEN s.person_id ELSE o.person_id END AS person_id,
            jst_day(coalesce(promised_at, delivered_at, occurred_at)) AS day,
            coalesce(nullif(s.channel, ''), o.channel, '') AS channel,
            coalesce(nullif(s.store, ''), o.store, '') AS store,
            coalesce(o.segment, CASE WHEN s.person_id IS NULL THEN 'guest' ELSE 'new' END) AS segment,
            {_PROMISE}
        FROM shipment_now s LEFT JOIN order_unit o ON o.order_id = s.order_id
        """,
    ),
    (
        "parcel_of_order",
        """
        SELECT order_id, carrier, promise FROM shipment_unit
        QUALIFY row_number() OVER (PARTITION BY order_id ORDER BY delivered_at DESC NULLS LAST, shipment_id DESC) = 1
        """,
    ),
    (
        "parcel_of_person",
        """
        SELECT person_id, delivered_at, carrier, promise FROM shipment_unit
        WHERE person_id IS NOT NULL AND delivered_at IS NOT NULL
        QUALIFY row_number() OVER (PARTITION BY person_id, delivered_at ORDER BY shipment_id DESC) = 1
        """,
    ),
    (
        "answer_now",
        _latest(
            family="answer",
            key="answer_id",
            columns="occurred_at AS answered_at, instrument, score, touchpoint, channel, store, product, category,"
            " order_id",
        ),
    ),
    (
        "review_now",
        _latest(
            family="review",
            key="review_id",
            columns="occurred_at AS posted_at, site, rating, store, product, category, channel",
        ),
    ),
    ("note_now", _latest(family="note", key="note_id", columns="occurred_at AS taken_at, kind, store, product")),
    (
        "assignment_now",
        _latest(
            family="assignment",
            key="assignment_id",
            columns="occurred_at AS assigned_at, practice, version, arm, held_out, store",
        ),
    ),
    (
        "buyer",
        """
        SELECT person_id,
            min(ordered_at) AS first_order_at,
            min(day) AS day,
            min(ordered_at) FILTER (rank = 2) AS second_order_at,
            max(ordered_at) AS last_order_at,
            count(*) AS orders,
            sum(total_yen - refunded_yen) AS sales_yen,
            count(gap) AS interval_count,
            coalesce(sum(gap), 0) AS interval_days_sum,
            coalesce(sum(gap * gap), 0) AS interval_days_sumsq,
            min(channel) FILTER (rank = 1) AS channel,
            min(store) FILTER (rank = 1) AS store,
            bit_or(1::BIGINT << months) FILTER (months <= 62) AS active_months
        FROM (
            SELECT *, date_diff('day', jst_day(prev_order_at), day)::BIGINT AS gap,
                date_diff('month', first_of_month(min(day) OVER (PARTITION BY person_id)), first_of_month(day))
                    ::BIGINT AS months
            FROM order_unit WHERE rank IS NOT NULL
        )
        GROUP BY person_id
        """,
    ),
    (
        "last_score",
        """
        SELECT person_id, score AS last_nps FROM answer_now WHERE instrument = 'nps' AND person_id IS NOT NULL
        QUALIFY row_number() OVER (PARTITION BY person_id ORDER BY answered_at DESC, answer_id DESC) = 1
        """,
    ),
)

VIEWS: tuple[tuple[str, str], ...] = (
    (
        "line_unit",
        """
        SELECT l.order_id, l.line_no, o.person_id, o.day,
            coalesce(nullif(l.channel, ''), o.channel) AS channel,
            coalesce(nullif(l.store, ''), o.store) AS store,
            o.segment, l.product, l.category, l.brand, l.quantity, l.amount_yen, l.discount_yen,
            o.cancelled, o.refunded_yen > 0 AS refunded
        FROM fact_line l JOIN order_unit o ON o.order_id = l.order_id AND o.revision = l.revision
        QUALIFY row_number() OVER (PARTITION BY l.order_id, l.line_no ORDER BY l.entry_id DESC, l.seq DESC) = 1
        """,
    ),
    (
        "first_category",
        """
        SELECT o.person_id, arg_min(l.category, row(l.line_no, -l.entry_id, -l.seq)) AS category
        FROM order_unit o JOIN fact_line l ON l.order_id = o.order_id AND l.revision = o.revision
        WHERE o.rank = 1 GROUP BY o.person_id
        """,
    ),
    (
        "first_parcel",
        """
        SELECT o.person_id, p.carrier, p.promise
        FROM order_unit o JOIN parcel_of_order p ON p.order_id = o.order_id
        WHERE o.rank = 1
        """,
    ),
)
"""Read once each, so they are not worth keeping: the lines are the largest table of all."""
