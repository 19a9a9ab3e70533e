"""How each metric is read in one customer's window after an assignment (decision 0007, 5).

The lot falls on customers, so a customer is the unit: their rows are added up within the window first, and only sums of
customers are compared. Where a metric's own definition speaks of a whole life («has ever ordered twice»), the reading
says what of it can happen within the window. The rows and their values are those of the metric itself.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from kizuna.errors import Invalid
from kizuna.understand.metrics.rules.definition import Better, Kind, Metric, Table
from kizuna.understand.metrics.rules.registry import METRICS, find_metric
from kizuna.words import Words


class How(StrEnum):
    """How a customer's rows within the window become that customer's value."""

    PER_UNIT = "per_unit"
    """Σy over Σx of all rows; customers without a row do not count, those with many count as one cluster."""
    SUM = "sum"
    """Σy per assigned customer; no row is 0."""
    ANY = "any"
    """1 when some row has a y above 0, for every assigned customer."""
    REACH = "reach"
    """1 when the orders before and within the window together reach a number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A metric in a customer's window. ``units`` defines the rows and their y and x; ``orders_before`` says by the
    number of kept orders at the assignment who can be asked at all.
    """

    metric: Metric
    units: Metric
    how: How
    kind: Kind
    unit: str
    orders_before: tuple[int, int | None] = (0, None)
    reach: int = 0
    title: Words
    definition: Words

    @property
    def better(self) -> Better:
        """Which direction is good news."""
        return self.metric.better

    @property
    def of_answers(self) -> bool:
        """Whether only those who answered can be counted, so that the arms must have answered alike."""
        return self.units.table == "answers" and self.how is How.PER_UNIT


class NoWindow(Invalid):
    """The metric cannot be added up customer by customer."""

    code = "metric_has_no_window"

    def __init__(self, *, metric: Metric) -> None:
        self.metric = metric.name
        super().__init__(
            Words(
                ja=f"「{metric.words.ja}」は顧客一人ずつの値に分けられないため、接客方法の効果は測れません。",
                en=f"«{metric.words.en}» cannot be split into one value per customer, so no effect on it can be "
                "measured.",
            )
        )


MOMENT_OF: dict[str, str] = {
    "answers": "answered_at",
    "orders": "ordered_at",
    "shipments": "delivered_at",
    "lines": "day",
    "reviews": "day",
    "notes": "day",
}
"""When a row happened. Rows that know their day only stand at its first moment in Japan, so those of the day of the
assignment count as before it, in every arm alike."""

LATEST_FROM: dict[str, str] = {"orders": "ordered_at", "lines": "ordered_at", "shipments": "ordered_at"}
"""Orders often come by file, once a day or a month: a window that ends after the latest known order is not over yet."""


def _gap_days(t: Table) -> Table:
    """Japanese calendar days since the order before, as in ``customers``."""
    before = ((t.prev_order_at.epoch_seconds() + 9 * 3600) / 86_400).floor()
    return (t.day.cast("timestamp('UTC')").epoch_seconds() / 86_400).cast("float64") - before


_GAPS = Metric(
    name="gaps",
    words=Words(ja="注文の間隔", en="Gaps between orders"),
    kind=Kind.RATIO,
    table="orders",
    keep=lambda t: ~t.cancelled & t.prev_order_at.notnull(),
    value=_gap_days,
    base=lambda t: t.order_id.notnull().cast("float64"),
    unit="days",
    definition=Words(ja="", en=""),
    formula=Words(ja="", en=""),
    source="",
)
_EVERY_JA = "割り当てたすべての顧客を数え、何もなかった人は0とします。"
_EVERY_EN = "Every assigned customer counts; one with none counts as 0."
_OWN_JA = "期間内に{what}がある顧客だけを数えます。一人に何件あっても一人のまとまりとして誤差を求めます。"
_OWN_EN = "Only customers with {what} within the window count; several of one customer are taken as one cluster."
_PER_UNIT_OF: dict[str, Words] = {
    "answers": Words(ja="回答", en="an answer"),
    "orders": Words(ja="注文", en="an order"),
    "lines": Words(ja="購入した商品", en="a product bought"),
    "shipments": Words(ja="届いた荷物", en="a parcel that arrived"),
    "reviews": Words(ja="レビュー", en="a review"),
    "notes": Words(ja="接客メモ", en="a note"),
}
_SUMS: dict[str, tuple[str, str, Words]] = {
    "sales": ("sales", "yen", Words(ja="期間内の購入金額（返金を引いた額）", en="Yen spent within the window, net")),
    "customer_value": (
        "sales",
        "yen",
        Words(ja="期間内の購入金額（返金を引いた額）", en="Yen spent within the window, net"),
    ),
    "orders": ("orders", "count", Words(ja="期間内の注文回数", en="Orders within the window")),
    "orders_per_customer": ("orders", "count", Words(ja="期間内の注文回数", en="Orders within the window")),
    "product_sales": ("product_sales", "yen", Words(ja="期間内の商品売上", en="Product sales within the window")),
    "answer_count": ("answer_count", "count", Words(ja="期間内の回答数", en="Answers within the window")),
    "review_count": ("review_count", "count", Words(ja="期間内のレビュー数", en="Reviews within the window")),
    "note_count": ("note_count", "count", Words(ja="期間内の接客メモの数", en="Notes within the window")),
}
_SHARES: dict[str, tuple[How, str, tuple[int, int | None], int, Words]] = {
    "repeat_rate": (
        How.ANY,
        "orders",
        (1, None),
        0,
        Words(
            ja="それまでに注文のある顧客のうち、期間内にもう一度注文した人の割合です。",
            en="Of those who had ordered before, the share who ordered again within the window.",
        ),
    ),
    "f2_conversion": (
        How.ANY,
        "orders",
        (1, 1),
        0,
        Words(
            ja="それまでの注文がちょうど1件の顧客のうち、期間内に2回目を注文した人の割合です。",
            en="Of those with exactly one order so far, the share who ordered a second time within the window.",
        ),
    ),
    "loyal_share": (
        How.REACH,
        "orders",
        (1, 2),
        3,
        Words(
            ja="それまでの注文が1～2件の顧客のうち、期間の終わりまでに3回以上になった人の割合です。",
            en="Of those with one or two orders so far, the share with three or more by the end of the window.",
        ),
    ),
    "active_customers": (
        How.ANY,
        "orders",
        (0, None),
        0,
        Words(
            ja="割り当てたすべての顧客のうち、期間内に注文した人の割合です。",
            en="Of all assigned customers, the share who ordered within the window.",
        ),
    ),
    "new_customer_rate": (
        How.ANY,
        "new_customer_rate",
        (0, None),
        0,
        Words(
            ja="割り当てたすべての顧客のうち、期間内に初めて注文した人の割合です。",
            en="Of all assigned customers, the share whose very first order came within the window.",
        ),
    ),
}


_TITLES: dict[str, Words] = {
    "sales": METRICS["customer_value"].words,
    "orders": METRICS["orders_per_customer"].words,
    "product_sales": Words(ja="顧客あたりの商品購入額", en="Product spending per customer"),
    "answer_count": Words(ja="顧客あたりの回答数", en="Answers per customer"),
    "review_count": Words(ja="顧客あたりのレビュー数", en="Reviews per customer"),
    "note_count": Words(ja="顧客あたりの接客メモの数", en="Notes per customer"),
    "f2_conversion": Words(ja="F2転換率（2回目の購入）", en="F2 conversion (second order)"),
    "active_customers": Words(ja="購入した人の割合", en="Share who ordered"),
    "new_customer_rate": Words(ja="初めて購入した人の割合", en="Share who ordered for the first time"),
}
"""What a reading is called where the metric's own name speaks of something else than one customer's window."""


def reading_of(*, metric: str) -> Reading:
    """How the metric is read in a customer's window.

    Raises: UnknownMetric, NoWindow.
    """
    found = find_metric(name=metric)
    if metric in _SUMS:
        units, unit, title = _SUMS[metric]
        words = Words(
            ja=f"{title.ja}を顧客一人あたりで比べます。{_EVERY_JA}", en=f"{title.en}, per customer. {_EVERY_EN}"
        )
        return Reading(
            metric=found,
            units=METRICS[units],
            how=How.SUM,
            kind=Kind.MEAN,
            unit=unit,
            title=_TITLES.get(metric, found.words),
            definition=words,
        )
    if metric in _SHARES:
        how, units, before, reach, words = _SHARES[metric]
        return Reading(
            metric=found,
            units=METRICS[units],
            how=how,
            kind=Kind.SHARE,
            unit="share",
            orders_before=before,
            reach=reach,
            title=_TITLES.get(metric, found.words),
            definition=words,
        )
    if metric == "purchase_interval":
        words = Words(
            ja="期間内の注文について、その前の注文からの日数を比べます。" + _OWN_JA.format(what="2回目以降の注文"),
            en="The days since the order before, for orders within the window. "
            + _OWN_EN.format(what="an order after another"),
        )
        return Reading(
            metric=found,
            units=_GAPS,
            how=How.PER_UNIT,
            kind=Kind.RATIO,
            unit="days",
            title=found.words,
            definition=words,
        )
    return _per_unit(found)


def is_readable(*, metric: str) -> bool:
    """Whether an effect on the metric can be measured."""
    try:
        reading_of(metric=metric)
    except NoWindow:
        return False
    return True


def _per_unit(metric: Metric) -> Reading:
    if metric.kind in (Kind.TOP_SHARE, Kind.TOTAL) or metric.fold or metric.table not in _PER_UNIT_OF:
        raise NoWindow(metric=metric)
    what = _PER_UNIT_OF[metric.table]
    return Reading(
        metric=metric,
        units=metric,
        how=How.PER_UNIT,
        kind=metric.kind,
        unit=metric.unit,
        title=metric.words,
        definition=Words(ja=_OWN_JA.format(what=what.ja), en=_OWN_EN.format(what=what.en)),
    )


def moment(*, table: str, columns: Table) -> Table:
    """When a row of the unit table happened, as an ibis column."""
    column = columns[MOMENT_OF[table]]
    if MOMENT_OF[table] != "day":
        return column
    return column.cast("timestamp('UTC')") - timedelta(hours=9)
