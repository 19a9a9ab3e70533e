"""Which roll-up is chosen, and when only the unit tables will do."""

from datetime import date

import pytest

from kizuna.understand.metrics.rules.cut import Ask, cut_of
from kizuna.understand.metrics.rules.grains import GRAINS, choose
from kizuna.understand.metrics.tests.world import NOW

SIZES = {name: 1_000 + 10 * len(grain.dims) + 500 * grain.day for name, grain in GRAINS.items()}


def _chosen(metric: str, by: tuple[str, ...] = (), start: date | None = None, end: date | None = None,
            **where: str) -> str | None:  # fmt: skip
    cut = cut_of(ask=Ask(metric=metric, by=by, date_from=start, date_to=end, where=where), now=NOW)
    grain = choose(cut=cut, sizes=SIZES)
    return grain.name if grain else None


@pytest.mark.parametrize(
    ("metric", "by", "expected"),
    [
        ("nps", ("touchpoint", "month"), "answers_product"),
        ("nps", ("touchpoint", "segment"), "answers_month"),
        ("nps", ("week", "store"), "answers_day"),
        ("nps", ("promise", "carrier"), "answers_delivery"),
        ("nps", ("product", "store"), None),
        ("nps", ("week", "segment"), None),
        ("repeat_rate", ("store",), "customers_day"),
        ("repeat_rate", ("category", "store"), None),
        ("f2_conversion", ("promise", "week"), "customers_delivery"),
        ("f2_conversion", ("promise", "channel"), None),
        ("new_customer_rate", ("month",), "buyers"),
        ("new_customer_rate", ("month", "store"), "buyers_store"),
        ("new_customer_rate", (), None),
        ("new_customer_rate", ("store",), None),
        ("new_customer_rate", ("week",), None),
        ("top20_share", (), None),
    ],
)
def test_by_grouping(metric: str, by: tuple[str, ...], expected: str | None) -> None:
    assert _chosen(metric, by) == expected


def test_days_that_cut_a_month_need_a_daily_roll_up() -> None:
    month, middle = date(2026, 1, 1), date(2026, 1, 15)
    assert _chosen("sales", start=month, end=date(2026, 2, 1)) == "orders_month"
    assert _chosen("sales", start=middle) == "orders_day"
    assert _chosen("sales", start=middle, segment="new") is None


def test_people_are_counted_once_so_only_one_whole_month_can_be_looked_up() -> None:
    month = date(2026, 1, 1)
    assert _chosen("active_customers", start=month, end=date(2026, 2, 1)) == "buyers"
    assert _chosen("active_customers", start=month, end=date(2026, 3, 1)) is None
    assert _chosen("active_customers", month="2026-01", store="s1") == "buyers_store"


def test_nothing_rolled_up_yet_means_the_unit_tables() -> None:
    assert choose(cut=cut_of(ask=Ask(metric="nps"), now=NOW), sizes={}) is None
