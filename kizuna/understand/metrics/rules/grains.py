"""The roll-ups kept ready (cubes), and which of them can answer a question exactly.

A roll-up holds the moments of every metric of one unit table at one grain, one file per month. Moments add up, so any
coarser question is answered exactly. Metrics that count each person once do not add up over groups: they have roll-ups
of their own (``exact``) that answer only the very grouping they were made for.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from kizuna.understand.metrics.rules.cut import Cut
from kizuna.understand.metrics.rules.definition import Kind, Metric
from kizuna.understand.metrics.rules.registry import METRICS


@dataclass(frozen=True, slots=True, kw_only=True)
class Grain:
    """One roll-up: per month, or per ``day``, and ``dims``."""

    name: str
    table: str
    dims: tuple[str, ...]
    day: bool = False
    exact: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        """The grouping columns beside the metric and the month."""
        return (("day",) if self.day else ()) + self.dims


GRAINS: dict[str, Grain] = {
    grain.name: grain
    for grain in (
        Grain(name="answers_month", table="answers", dims=("touchpoint", "channel", "store", "segment")),
        Grain(name="answers_day", table="answers", dims=("touchpoint", "channel", "store"), day=True),
        Grain(name="answers_product", table="answers", dims=("touchpoint", "product", "category")),
        Grain(name="answers_delivery", table="answers", dims=("touchpoint", "store", "carrier", "promise")),
        Grain(name="orders_month", table="orders", dims=("channel", "store", "segment")),
        Grain(name="orders_day", table="orders", dims=("channel", "store"), day=True),
        Grain(name="buyers", table="orders", dims=(), exact=True),
        Grain(name="buyers_channel", table="orders", dims=("channel",), exact=True),
        Grain(name="buyers_store", table="orders", dims=("store",), exact=True),
        Grain(name="buyers_segment", table="orders", dims=("segment",), exact=True),
        Grain(name="lines_product", table="lines", dims=("product", "category", "brand")),
        Grain(name="lines_place", table="lines", dims=("channel", "store", "category", "segment")),
        Grain(name="shipments_day", table="shipments", dims=("carrier", "channel", "store", "segment"), day=True),
        Grain(name="reviews_month", table="reviews", dims=("site", "channel", "store", "segment")),
        Grain(name="reviews_product", table="reviews", dims=("product", "category")),
        Grain(name="reviews_day", table="reviews", dims=("site", "store"), day=True),
        Grain(name="customers_day", table="customers", dims=("channel", "store"), day=True),
        Grain(name="customers_category", table="customers", dims=("category",), day=True),
        Grain(name="customers_delivery", table="customers", dims=("store", "carrier", "promise"), day=True),
        Grain(name="notes_month", table="notes", dims=("kind", "store", "product")),
    )
}


def metrics_in(*, grain: Grain) -> tuple[Metric, ...]:
    """The metrics whose moments the roll-up holds."""
    return tuple(
        metric
        for metric in METRICS.values()
        if metric.table == grain.table and metric.kind is not Kind.TOP_SHARE and bool(metric.fold) == grain.exact
    )


def covers(*, grain: Grain, cut: Cut) -> bool:
    """Whether the roll-up answers the question exactly."""
    metric = cut.metric
    if metric.table != grain.table or metric.kind is Kind.TOP_SHARE or bool(metric.fold) != grain.exact:
        return False
    finer = cut.splits_months
    if grain.exact:
        return set(cut.dims) == set(grain.dims) and not finer and (cut.one_month or "month" in cut.by)
    return set(cut.dims) <= set(grain.dims) and (grain.day or not finer)


def choose(*, cut: Cut, sizes: Mapping[str, int]) -> Grain | None:
    """The smallest roll-up (by rows) that answers exactly; None when only the unit tables can."""
    fitting = [grain for name, grain in GRAINS.items() if name in sizes and covers(grain=grain, cut=cut)]
    return min(fitting, key=lambda grain: sizes[grain.name], default=None)
