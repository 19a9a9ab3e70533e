"""Each planted truth of docs/demo.md, through the same queries that the pages and commands use."""

from typing import Any

from kizuna.cli.demo.company import CARRIERS
from kizuna.stats.compare import difference_share
from kizuna.stats.estimate import Moments, NotEnough
from tests.loop.conftest import Company


def _apart(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """The two 95 % intervals do not touch: more than enough to call two groups different."""
    return bool(one["high"] < other["low"] or other["high"] < one["low"])


def _planted(change: dict[str, Any], size: float) -> bool:
    """Coloured as bad or good news, and the planted size lies within the interval shown."""
    difference = change["difference"]
    return bool(change["real"] and difference["low"] <= size <= difference["high"])


def test_the_fall_of_one_stores_service_is_coloured_and_only_that(company: Company) -> None:
    truths = company.plan.truths
    nps = company.changes("nps", "store", months=truths.store_fall_months, touchpoint="store")
    csat = company.changes("csat", "store", months=truths.store_fall_months, touchpoint="store")
    for found, size in ((nps, truths.store_fall_nps), (csat, truths.store_fall_csat)):
        assert {store for (store,), change in found.items() if change["real"]} == {truths.fallen_store}
        fallen = found[(truths.fallen_store,)]
        assert fallen["good"] is False
        assert _planted(fallen, -size)


def test_the_fall_stands_out_on_the_whole_journey_map(company: Company) -> None:
    """Corrected together with every other touchpoint of every store, it is still the one that is coloured."""
    truths = company.plan.truths
    cells = company.changes("nps", "touchpoint", "store", months=truths.store_fall_months)
    assert {key for key, change in cells.items() if change["real"]} == {("store", truths.fallen_store)}


def test_the_carrier_that_breaks_promises_stands_apart(company: Company) -> None:
    kept = company.measure("delivery_promise_kept", "carrier")
    good, other, bad = (kept[(carrier.name,)] for carrier in CARRIERS)
    assert _apart(bad, good)
    assert _apart(bad, other)
    for carrier in CARRIERS:
        shown = kept[(carrier.name,)]
        assert shown["low"] <= 1 - carrier.late_share <= shown["high"]


def test_a_broken_promise_costs_the_planted_points(company: Company) -> None:
    nps = company.measure("nps", "promise", touchpoint="delivery")
    kept, broken = nps[("kept",)], nps[("broken",)]
    assert _apart(kept, broken)
    cost = company.plan.truths.late_cost_nps
    assert kept["low"] - broken["high"] <= cost <= kept["high"] - broken["low"]


def test_the_rising_complaints_about_one_product_are_coloured_and_only_those(company: Company) -> None:
    truths = company.plan.truths
    half = company.changes("low_review_share", "product", months=truths.trouble_months)
    quarter = company.changes("product_refund_rate", "product", months=3)
    added = truths.trouble_refund_rate
    for found in (half, quarter):
        assert {product for (product,), change in found.items() if change["real"]} == {truths.troubled_sku}
        assert found[(truths.troubled_sku,)]["good"] is False
    assert _planted(half[(truths.troubled_sku,)], sum(truths.trouble_low_review_share) / truths.trouble_months)
    assert _planted(quarter[(truths.troubled_sku,)], (sum(added[3:]) - sum(added[:3])) / 3)


def test_a_late_first_delivery_lowers_f2_conversion(company: Company) -> None:
    """From the unit tables by SQL: the metric itself is not split by the first delivery."""
    rows = company.ask(
        "select",
        sql="""
            SELECT s.delivered_at > s.promised_at AS late, count(*),
                   sum(coalesce(c.second_order_at <= c.first_order_at + INTERVAL 90 DAY, false)::INT)
            FROM {customers} c
            JOIN {orders} o ON o.person_id = c.person_id AND o.rank = 1
            JOIN {shipments} s ON s.order_id = o.order_id
            WHERE c.day <= DATE '2026-08-03' AND s.delivered_at IS NOT NULL
            GROUP BY 1 ORDER BY 1
        """,
    )
    (_, kept_n, kept_back), (_, late_n, late_back) = rows
    found = difference_share(
        before=Moments(n=kept_n, sum_y=kept_back, sum_yy=kept_back),
        after=Moments(n=late_n, sum_y=late_back, sum_yy=late_back),
    )
    assert not isinstance(found, NotEnough)
    assert found.p < 0.001
    assert found.low <= -(1 - company.plan.truths.late_f2_factor) * kept_back / kept_n <= found.high


def test_regulars_like_us_better(company: Company) -> None:
    nps = company.measure("nps", "segment")
    new, repeat = nps[("new",)], nps[("repeat",)]
    assert _apart(new, repeat)
    gap = company.plan.truths.repeat_nps
    assert repeat["low"] - new["high"] <= gap <= repeat["high"] - new["low"]


def test_the_new_checkout_is_coloured_as_good_news(company: Company) -> None:
    ces = company.changes("ces", "touchpoint", months=company.plan.truths.checkout_months)
    assert {key for key, change in ces.items() if change["real"]} == {("purchase",)}
    assert ces[("purchase",)]["good"] is True


def test_a_fifth_of_the_customers_makes_about_two_thirds_of_the_sales(company: Company) -> None:
    share = company.measure("top20_share")[()]
    assert 0.60 <= share["low"] < share["high"] <= 0.70


def test_the_companys_nps_is_a_japanese_one(company: Company) -> None:
    assert -25 <= company.measure("nps")[()]["value"] <= -5
