"""What a metric can be split by: the dimensions, their names, and the names and order of their values."""

from datetime import date

from kizuna.errors import Invalid
from kizuna.facts.touchpoints import touchpoint_rank, touchpoint_words
from kizuna.understand.metrics.rules.definition import Metric
from kizuna.words import Words

TIME_DIMS = ("day", "week", "month")

DIMS: dict[str, Words] = {
    "touchpoint": Words(ja="接点", en="Touchpoint"),
    "channel": Words(ja="チャネル", en="Channel"),
    "store": Words(ja="店舗", en="Store"),
    "product": Words(ja="商品", en="Product"),
    "category": Words(ja="カテゴリ", en="Category"),
    "brand": Words(ja="ブランド", en="Brand"),
    "segment": Words(ja="顧客区分", en="Segment"),
    "carrier": Words(ja="配送会社", en="Carrier"),
    "promise": Words(ja="配送の約束", en="Delivery promise"),
    "site": Words(ja="レビューサイト", en="Review site"),
    "kind": Words(ja="種類", en="Kind"),
    "day": Words(ja="日", en="Day"),
    "week": Words(ja="週", en="Week"),
    "month": Words(ja="月", en="Month"),
}

DIMS_OF: dict[str, tuple[str, ...]] = {
    "answers": ("touchpoint", "channel", "store", "product", "category", "segment", "carrier", "promise"),
    "orders": ("channel", "store", "segment"),
    "lines": ("channel", "store", "product", "category", "brand", "segment"),
    "shipments": ("channel", "store", "segment", "carrier"),
    "reviews": ("site", "channel", "store", "product", "category", "segment"),
    "customers": ("channel", "store", "category", "carrier", "promise"),
    "notes": ("kind", "store", "product"),
}

_VALUES: dict[str, dict[str, Words]] = {
    "segment": {
        "new": Words(ja="新規", en="New"),
        "repeat": Words(ja="リピート", en="Repeat"),
        "guest": Words(ja="ゲスト", en="Guest"),
    },
    "promise": {
        "kept": Words(ja="約束どおり", en="Kept"),
        "broken": Words(ja="遅れた", en="Broken"),
        "": Words(ja="（配送なし・不明）", en="(no delivery known)"),
    },
    "channel": {
        "web": Words(ja="ネット", en="Web"),
        "store": Words(ja="店舗", en="Store"),
        "phone": Words(ja="電話", en="Phone"),
        "mail": Words(ja="メール", en="Mail"),
        "line": Words(ja="LINE", en="LINE"),
        "mall": Words(ja="モール", en="Marketplace"),
    },
}
_SEGMENT_ORDER = ("new", "repeat", "guest")


class UnknownDim(Invalid):
    """The metric cannot be split or filtered by that."""

    code = "unknown_dimension"

    def __init__(self, *, metric: str, dim: str, choices: tuple[str, ...]) -> None:
        self.metric, self.dim, self.choices = metric, dim, choices
        listed = ", ".join(choices)
        super().__init__(
            Words(
                ja=f"指標「{metric}」は「{dim}」では分けられません。使える切り口: {listed}",
                en=f"The metric «{metric}» cannot be split by «{dim}». Choose from: {listed}",
            )
        )


class BadPeriod(Invalid):
    """A day, week or month that cannot be read."""

    code = "bad_period"

    def __init__(self, *, dim: str, value: str) -> None:
        self.dim, self.value = dim, value
        form = {"day": "2026-01-31", "week": "2026-W05", "month": "2026-01"}[dim]
        super().__init__(
            Words(
                ja=f"「{value}」は{DIMS[dim].ja}として読めません。「{form}」の形で書いてください。",
                en=f"«{value}» is not a {dim}. Write it like {form}.",
            )
        )


class PeriodBackwards(Invalid):
    """A period that ends before it begins."""

    code = "period_backwards"

    def __init__(self, *, first: date, last: date) -> None:
        self.first, self.last = first, last
        super().__init__(
            Words(
                ja=f"期間の終わり（{last}）が始まり（{first}）より前です。日付を入れ替えてください。",
                en=f"The period ends ({last}) before it begins ({first}). Swap the dates.",
            )
        )


def dims_of(*, metric: Metric) -> tuple[str, ...]:
    """Everything the metric can be split by, places first, then times."""
    return DIMS_OF[metric.table] + TIME_DIMS


def check_dims(*, metric: Metric, dims: tuple[str, ...]) -> None:
    """Raises: UnknownDim for the first one the metric does not have or that is named twice."""
    choices = dims_of(metric=metric)
    for place, dim in enumerate(dims):
        if dim not in choices or dim in dims[:place]:
            raise UnknownDim(metric=metric.name, dim=dim, choices=choices)


def time_label(*, dim: str, start: date) -> str:
    """``2026-01-31``, ``2026-W05`` (the ISO week, Monday to Sunday) or ``2026-01``."""
    if dim == "month":
        return f"{start:%Y-%m}"
    if dim == "week":
        year, week, _ = start.isocalendar()
        return f"{year:04d}-W{week:02d}"
    return start.isoformat()


def time_range(*, dim: str, value: str) -> tuple[date, date]:
    """The half-open days of ``2026-01-31``, ``2026-W05`` or ``2026-01``.

    Raises: BadPeriod.
    """
    try:
        if dim == "month":
            start = date.fromisoformat(f"{value}-01")
            return start, next_month(day=start)
        if dim == "week":
            year, week = value.split("-W")
            start = date.fromisocalendar(int(year), int(week), 1)
            return start, date.fromordinal(start.toordinal() + 7)
        start = date.fromisoformat(value)
        return start, date.fromordinal(start.toordinal() + 1)
    except (ValueError, OverflowError):
        raise BadPeriod(dim=dim, value=value) from None


def next_month(*, day: date) -> date:
    """The first day of the following month."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def value_words(*, dim: str, value: str) -> Words:
    """The name to show for one group's value; codes without a known name are shown as they are."""
    if dim == "touchpoint":
        return touchpoint_words(slug=value)
    known = _VALUES.get(dim, {}).get(value)
    if known is not None:
        return known
    return Words(ja=value, en=value) if value else Words(ja="（不明）", en="(not stated)")


def value_rank(*, dim: str, value: str) -> tuple[int, str]:
    """Sort key: touchpoints in journey order, segments new to guest, the rest by code with the unknown last."""
    if dim == "touchpoint":
        return touchpoint_rank(slug=value)
    if dim == "segment" and value in _SEGMENT_ORDER:
        return (_SEGMENT_ORDER.index(value), value)
    return (len(_SEGMENT_ORDER) + (not value), value)
