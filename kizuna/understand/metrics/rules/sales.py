"""What is sold: sales, orders, their size, what is discounted, cancelled and refunded."""

from kizuna.understand.metrics.rules.definition import Better, Kind, Metric
from kizuna.words import Words

_POISSON = "Compound Poisson total, Var(Σy) ≈ Σy²"
_STUDENT = "Student, Biometrika 6 (1908) 1-25"
_WILSON = "E. B. Wilson, JASA 22 (1927) 209-212"
_KEPT_JA = "取り消した注文は含めません。ゲスト購入も含みます。日付は注文日（日本時間）です。"
_KEPT_EN = "Cancelled orders do not count, guests do. The day is the JST day of the order."
_SEGMENT_JA = "顧客区分は注文した時点のものです（その顧客の最初の有効な注文なら「新規」）。"
_SEGMENT_EN = "The segment is that of the order (new: the customer's first kept order)."
_LINE_JA = (
    "商品行ごとの金額（行値引き後）で、送料・注文全体の値引き・返金は商品に割り振りません。取り消した注文は含めません。"
)
_LINE_EN = (
    "Amounts are those of order lines after line discounts; shipping, whole-order discounts and refunds are not "
    "spread over products. Cancelled orders do not count."
)

METRICS: tuple[Metric, ...] = (
    Metric(
        name="sales",
        words=Words(ja="売上", en="Sales"),
        kind=Kind.TOTAL,
        table="orders",
        keep=lambda t: ~t.cancelled,
        value=lambda t: (t.total_yen - t.refunded_yen).cast("float64"),
        unit="yen",
        low=None,
        decimals=0,
        definition=Words(
            ja="注文金額の合計から返金を引いた額です。ポイントで支払われた分も売上に含みます。"
            "区間は、同じ状況でもう一度売ったときの揺れを表します。" + _KEPT_JA + _SEGMENT_JA,
            en="The sum of order totals less refunds; what was paid with points is included. The interval is how much "
            "the sum would vary if the same period happened again. " + _KEPT_EN + " " + _SEGMENT_EN,
        ),
        formula=Words(ja="Σ（注文金額 − 返金額）", en="Σ (order total - refunds)"),
        source=_POISSON,
    ),
    Metric(
        name="orders",
        words=Words(ja="注文数", en="Orders"),
        kind=Kind.TOTAL,
        table="orders",
        keep=lambda t: ~t.cancelled,
        value=lambda t: (~t.cancelled).cast("float64"),
        unit="count",
        decimals=0,
        definition=Words(
            ja="注文の数です。" + _KEPT_JA + _SEGMENT_JA,
            en="How many orders there were. " + _KEPT_EN + " " + _SEGMENT_EN,
        ),
        formula=Words(ja="注文の数", en="number of orders"),
        source=_POISSON,
    ),
    Metric(
        name="average_order_value",
        words=Words(ja="平均注文単価", en="Average order value"),
        kind=Kind.MEAN,
        table="orders",
        keep=lambda t: ~t.cancelled,
        value=lambda t: (t.total_yen - t.refunded_yen).cast("float64"),
        unit="yen",
        low=None,
        decimals=0,
        definition=Words(
            ja="1注文あたりの売上（返金を引いた額）です。" + _KEPT_JA + _SEGMENT_JA,
            en="Sales net of refunds per order. " + _KEPT_EN + " " + _SEGMENT_EN,
        ),
        formula=Words(ja="売上 ÷ 注文数", en="sales / orders"),
        source=_STUDENT,
    ),
    Metric(
        name="units_per_order",
        words=Words(ja="1注文あたりの点数", en="Units per order"),
        kind=Kind.MEAN,
        table="orders",
        keep=lambda t: ~t.cancelled,
        value=lambda t: t.quantity.cast("float64"),
        unit="count",
        definition=Words(
            ja="1注文あたりの商品の個数です。" + _KEPT_JA + _SEGMENT_JA,
            en="How many units an order holds on average. " + _KEPT_EN + " " + _SEGMENT_EN,
        ),
        formula=Words(ja="商品の個数 ÷ 注文数", en="units / orders"),
        source=_STUDENT,
    ),
    Metric(
        name="discount_share",
        words=Words(ja="値引き率", en="Discount share"),
        kind=Kind.RATIO,
        table="orders",
        keep=lambda t: ~t.cancelled,
        value=lambda t: t.discount_yen.cast("float64"),
        base=lambda t: (t.total_yen + t.discount_yen).cast("float64"),
        unit="share",
        high=1.0,
        better=Better.DOWN,
        definition=Words(
            ja="値引き前の金額に対する値引きの割合です。ポイントでの支払いは値引きに含めません。"
            + _KEPT_JA
            + _SEGMENT_JA,
            en="Discounts as a share of the amount before discounts. Payment by points is not a discount. "
            + _KEPT_EN
            + " "
            + _SEGMENT_EN,
        ),
        formula=Words(ja="値引き額 ÷（注文金額 + 値引き額）", en="discounts / (order totals + discounts)"),
        source="W. G. Cochran, Sampling Techniques (1977) ch. 6",
    ),
    Metric(
        name="cancel_rate",
        words=Words(ja="キャンセル率", en="Cancellation rate"),
        kind=Kind.SHARE,
        table="orders",
        value=lambda t: t.cancelled.cast("float64"),
        unit="share",
        high=1.0,
        better=Better.DOWN,
        definition=Words(
            ja="すべての注文のうち、取り消された注文の割合です。日付は注文日（日本時間）で、"
            "取り消した日ではありません。",
            en="The share of all orders that were cancelled. The day is the JST day of the order, not of the "
            "cancellation.",
        ),
        formula=Words(ja="取り消された注文数 ÷ 注文数", en="cancelled orders / orders"),
        source=_WILSON,
    ),
    Metric(
        name="refund_rate",
        words=Words(ja="返金率", en="Refund rate"),
        kind=Kind.SHARE,
        table="orders",
        keep=lambda t: ~t.cancelled,
        value=lambda t: (t.refunded_yen > 0).cast("float64"),
        unit="share",
        high=1.0,
        better=Better.DOWN,
        definition=Words(
            ja="注文のうち、一部でも返金があった注文の割合です。" + _KEPT_JA + _SEGMENT_JA,
            en="The share of orders with any refund. " + _KEPT_EN + " " + _SEGMENT_EN,
        ),
        formula=Words(ja="返金のあった注文数 ÷ 注文数", en="orders with a refund / orders"),
        source=_WILSON,
    ),
    Metric(
        name="product_sales",
        words=Words(ja="商品売上", en="Product sales"),
        kind=Kind.TOTAL,
        table="lines",
        keep=lambda t: ~t.cancelled,
        value=lambda t: t.amount_yen.cast("float64"),
        unit="yen",
        low=None,
        decimals=0,
        definition=Words(ja="商品の売上です。" + _LINE_JA, en="What the products brought in. " + _LINE_EN),
        formula=Words(ja="Σ 商品行の金額", en="Σ order line amounts"),
        source=_POISSON,
    ),
    Metric(
        name="product_refund_rate",
        words=Words(ja="商品の返金率", en="Product refund rate"),
        kind=Kind.SHARE,
        table="lines",
        keep=lambda t: ~t.cancelled,
        value=lambda t: t.refunded.cast("float64"),
        unit="share",
        high=1.0,
        better=Better.DOWN,
        definition=Words(
            ja="商品行のうち、返金があった注文に含まれる行の割合です。どの商品への返金かが分からない注文では、"
            "その注文のすべての行を数えます。取り消した注文は含めません。",
            en="The share of order lines whose order had a refund. When it is not known which product was "
            "refunded, all "
            "lines of that order count. Cancelled orders do not count.",
        ),
        formula=Words(ja="返金のあった注文の商品行数 ÷ 商品行数", en="lines in refunded orders / lines"),
        source=_WILSON,
    ),
)
