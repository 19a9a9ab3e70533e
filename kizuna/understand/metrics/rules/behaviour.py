"""What customers do: come back, how soon, how many of them are new, and how far sales rest on a few."""

from datetime import timedelta

from kizuna.understand.metrics.rules.definition import Better, Kind, Metric, Table
from kizuna.words import Words

MATURE_DAYS = 90
_COHORT_JA = (
    "会員など名前の分かる顧客だけを数え、ゲスト購入は含めません。取り消した注文は数えません。"
    "期間・店舗・チャネル・カテゴリ・配送は、その顧客の初回注文のものです。"
)
_COHORT_EN = (
    "Only identified customers count, guests do not; cancelled orders do not count. Period, store, channel, "
    "category and delivery are those of the customer's first order."
)
_MATURE_JA = "初回注文の日（日本時間）が今日から90日以上前の顧客だけを数えます。新しい顧客は、"
"まだ2回目を買う時間がないためです。"
_MATURE_EN = (
    "Only mature customers count: the JST day of the first order lies 90 days or more before today, since newer ones "
    "have not had the time to come back."
)
_WILSON = "E. B. Wilson, JASA 22 (1927) 209-212"


def _came_back_in_time(t: Table) -> Table:
    return (t.second_order_at <= t.first_order_at + timedelta(days=MATURE_DAYS)).fill_null(False).cast("float64")


METRICS: tuple[Metric, ...] = (
    Metric(
        name="repeat_rate",
        words=Words(ja="リピート率", en="Repeat rate"),
        kind=Kind.SHARE,
        table="customers",
        value=lambda t: (t.orders >= 2).cast("float64"),
        unit="share",
        high=1.0,
        mature_days=MATURE_DAYS,
        definition=Words(
            ja="これまでに2回以上注文した顧客の割合です。" + _MATURE_JA + _COHORT_JA,
            en="The share of customers who have ordered twice or more so far. " + _MATURE_EN + " " + _COHORT_EN,
        ),
        formula=Words(ja="2回以上注文した顧客数 ÷ 顧客数", en="customers with two orders or more / customers"),
        source=_WILSON,
    ),
    Metric(
        name="f2_conversion",
        words=Words(ja="F2転換率（90日以内の2回目購入）", en="F2 conversion (second order within 90 days)"),
        kind=Kind.SHARE,
        table="customers",
        value=_came_back_in_time,
        unit="share",
        high=1.0,
        mature_days=MATURE_DAYS,
        definition=Words(
            ja="初回注文から90日（90×24時間）以内に2回目を注文した顧客の割合です。" + _MATURE_JA + _COHORT_JA,
            en="The share of customers whose second order came within 90 days (90 × 24 hours) of the first. "
            + _MATURE_EN
            + " "
            + _COHORT_EN,
        ),
        formula=Words(
            ja="90日以内に2回目を注文した顧客数 ÷ 顧客数", en="customers with a second order in 90 days / customers"
        ),
        source=_WILSON,
    ),
    Metric(
        name="loyal_share",
        words=Words(ja="3回以上購入した顧客の割合", en="Customers with three orders or more"),
        kind=Kind.SHARE,
        table="customers",
        value=lambda t: (t.orders >= 3).cast("float64"),
        unit="share",
        high=1.0,
        mature_days=MATURE_DAYS,
        definition=Words(
            ja="これまでに3回以上注文した顧客の割合です。" + _MATURE_JA + _COHORT_JA,
            en="The share of customers who have ordered three times or more so far. " + _MATURE_EN + " " + _COHORT_EN,
        ),
        formula=Words(ja="3回以上注文した顧客数 ÷ 顧客数", en="customers with three orders or more / customers"),
        source=_WILSON,
    ),
    Metric(
        name="purchase_interval",
        words=Words(ja="購入間隔", en="Purchase interval"),
        kind=Kind.RATIO,
        table="customers",
        keep=lambda t: t.interval_count > 0,
        value=lambda t: t.interval_days_sum.cast("float64"),
        base=lambda t: t.interval_count.cast("float64"),
        unit="days",
        better=Better.DOWN,
        decimals=1,
        definition=Words(
            ja="同じ顧客の続けて2回の注文の間の日数の平均です。顧客ごとに日数と回数を合計してから割るため、"
            "よく買う一人が結果の区間を不当に狭めることはありません。次の注文がまだない期間は含みません。"
            "日数は日本時間の暦日の差です（同じ日は0日）。" + _COHORT_JA,
            en="The mean number of days between two consecutive orders of the same customer. Days and gaps are "
            "summed per "
            "customer first, so one frequent buyer cannot make the interval look too sure. The time since the "
            "last order "
            "is not a gap yet and is left out. Days are calendar days in Japan (the same day is 0). " + _COHORT_EN,
        ),
        formula=Words(ja="注文間の日数の合計 ÷ 間隔の数", en="total days between orders / number of gaps"),
        source="E. C. Fieller, JRSS B 16 (1954) 175-185; W. G. Cochran, Sampling Techniques (1977) ch. 6",
    ),
    Metric(
        name="customer_value",
        words=Words(ja="顧客あたりの購入金額", en="Spending per customer"),
        kind=Kind.MEAN,
        table="customers",
        value=lambda t: t.sales_yen.cast("float64"),
        unit="yen",
        low=None,
        decimals=0,
        definition=Words(
            ja="顧客一人のこれまでの購入金額（返金を引いた額）の平均です。将来の予測を含むLTVではありません。"
            + _COHORT_JA,
            en="The mean of what a customer has spent so far, net of refunds. It forecasts nothing, so it is not a "
            "lifetime value. " + _COHORT_EN,
        ),
        formula=Words(ja="これまでの購入金額 ÷ 顧客数", en="yen spent so far / customers"),
        source="Student, Biometrika 6 (1908) 1-25",
    ),
    Metric(
        name="new_customer_rate",
        words=Words(ja="新規顧客率", en="New-customer rate"),
        kind=Kind.SHARE,
        table="orders",
        keep=lambda t: ~t.cancelled & t.person_id.notnull(),
        value=lambda t: (t.segment == "new").cast("float64"),
        fold="max",
        unit="share",
        high=1.0,
        better=Better.NEITHER,
        definition=Words(
            ja="期間中に注文した顧客のうち、初めての注文がその中に含まれる人の割合です。一人を一度だけ数えます。"
            "会員など名前の分かる顧客だけで、ゲスト購入と取り消した注文は含めません。月や店舗で分けたときは、"
            "その区分の中で一人を一度数えます。",
            en="Of the customers who ordered in the period, the share whose very first order is among those orders. "
            "Each person counts once (once in each group when split). Only identified customers; guests and cancelled "
            "orders do not count.",
        ),
        formula=Words(ja="初めて注文した顧客数 ÷ 注文した顧客数", en="first-time customers / customers who ordered"),
        source=_WILSON,
    ),
    Metric(
        name="active_customers",
        words=Words(ja="購入した顧客数", en="Customers who ordered"),
        kind=Kind.TOTAL,
        table="orders",
        keep=lambda t: ~t.cancelled & t.person_id.notnull(),
        value=lambda t: t.person_id.notnull().cast("float64"),
        fold="max",
        unit="count",
        decimals=0,
        definition=Words(
            ja="期間中に一度でも注文した顧客の人数です。一人を一度だけ数えます（分けたときは区分ごとに一度）。"
            "ゲスト購入と取り消した注文は含めません。",
            en="How many different customers ordered at least once in the period (once in each group when split). "
            "Guests and cancelled orders do not count.",
        ),
        formula=Words(ja="注文した顧客の人数", en="number of different customers with an order"),
        source="Compound Poisson total, Var(Σy) ≈ Σy²",
    ),
    Metric(
        name="orders_per_customer",
        words=Words(ja="顧客あたりの注文回数", en="Orders per customer"),
        kind=Kind.MEAN,
        table="orders",
        keep=lambda t: ~t.cancelled & t.person_id.notnull(),
        value=lambda t: t.person_id.notnull().cast("float64"),
        fold="sum",
        unit="count",
        definition=Words(
            ja="期間中に注文した顧客一人あたりの注文回数です。ゲスト購入と取り消した注文は含めません。",
            en="Orders per customer among those who ordered in the period. Guests and cancelled orders do not count.",
        ),
        formula=Words(ja="注文数 ÷ 注文した顧客数", en="orders / customers who ordered"),
        source="Student, Biometrika 6 (1908) 1-25",
    ),
    Metric(
        name="top20_share",
        words=Words(ja="上位20％の顧客の売上割合", en="Sales share of the top 20 % of customers"),
        kind=Kind.TOP_SHARE,
        table="orders",
        keep=lambda t: ~t.cancelled & t.person_id.notnull(),
        value=lambda t: (t.total_yen - t.refunded_yen).cast("float64"),
        fold="sum",
        unit="share",
        high=1.0,
        better=Better.NEITHER,
        definition=Words(
            ja="期間中に注文した顧客を売上（返金を引いた額）の多い順に並べ、上位20％の人が占める売上の割合です。"
            "ちょうど20％にならない人数のときは、境目の一人を端数だけ数えます。"
            "ゲスト購入と取り消した注文は含めません。",
            en="The customers who ordered in the period, sorted by their sales net of refunds: the share of all sales "
            "made by the top fifth of them. When a fifth is not a whole number of people, the person on the border "
            "counts with that fraction. Guests and cancelled orders do not count.",
        ),
        formula=Words(ja="上位20％の顧客の売上 ÷ 全顧客の売上", en="sales of the top 20 % of customers / sales of all"),
        source="J. L. Gastwirth, Review of Economics and Statistics 54 (1972) 306-316",
    ),
)
