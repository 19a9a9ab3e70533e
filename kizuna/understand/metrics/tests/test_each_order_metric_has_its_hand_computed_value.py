"""Sales, orders, discounts, cancellations, refunds, products and deliveries on five orders."""

import pytest

from kizuna.facts.catalogue import Fact, OrderCancelled
from kizuna.stats.estimate import Estimate
from kizuna.understand.metrics.queries import measure
from kizuna.understand.metrics.tests.world import NOW, line, order, parcel, review, tell

pytestmark = pytest.mark.django_db(transaction=True)


def _one(metric: str, **where: str) -> Estimate:
    (total,) = measure(metric=metric, where=where, now=NOW)
    assert isinstance(total.result, Estimate), total.result
    return total.result


def _shop() -> list[Fact]:
    a = order(1, "2026-01-05", yen=3_000, discount_yen=1_000, quantity=3, store="s1")
    b = order(2, "2026-01-06", yen=1_000, refunded_yen=400, quantity=1, store="s1")
    c = order(None, "2026-01-07", yen=2_000, quantity=2, store="s2")
    d = order(3, "2026-01-08", yen=9_000, kind=OrderCancelled, store="s2")
    e = order(3, "2026-01-09", yen=4_000, quantity=1, store="s2")
    parcels = [
        parcel(a, "2026-01-08 23:59:59", "2026-01-08 20:00"),
        parcel(b, "2026-01-09 12:00", "2026-01-09 12:00:01", carrier="slow"),
        parcel(c, "2026-01-10 12:00", "2026-01-10 12:00", carrier="slow"),
        parcel(e, "2026-01-10 12:00", None, carrier="slow"),
    ]
    lines = [line(a, "tea", 2_000), line(a, "cup", 1_000, 2), line(b, "tea", 1_000), line(c, "cup", 2_000)]
    return [a, b, c, d, e, *parcels, *lines, line(d, "tea", 9_000), line(e, "cup", 4_000)]


def test_orders_and_their_amounts() -> None:
    tell(*_shop())
    assert (_one("sales").value, _one("sales").unit) == (9_600.0, "yen")
    assert _one("orders").value == 4.0
    assert _one("average_order_value").value == 2_400.0
    assert _one("units_per_order").value == 1.75
    assert _one("discount_share").value == pytest.approx(1_000 / 11_000)
    assert (_one("cancel_rate").value, _one("cancel_rate").n) == (0.2, 5)
    assert (_one("refund_rate").value, _one("refund_rate").n) == (0.25, 4)
    assert _one("sales", store="s1").value == 3_600.0


def test_products_count_by_line() -> None:
    tell(*_shop())
    assert _one("product_sales").value == 10_000.0
    assert _one("product_sales", product="tea").value == 3_000.0
    assert (_one("product_refund_rate", product="tea").value, _one("product_refund_rate").n) == (0.5, 5)


def test_promises_are_kept_to_the_second_and_unknown_arrivals_do_not_count() -> None:
    tell(*_shop())
    kept = _one("delivery_promise_kept")
    assert kept.n == 3
    assert kept.value == pytest.approx(2 / 3)
    assert _one("delivery_promise_kept", carrier="slow").value == 0.5


def test_a_promise_counts_only_once_its_day_is_over() -> None:
    early = order(1, "2026-03-10")
    tell(*_shop(), early, parcel(early, "2026-03-15 23:00", "2026-03-12 10:00"))
    assert _one("delivery_promise_kept").n == 3, "today is 2026-03-15"


def test_reviews() -> None:
    tell(*[review(stars) for stars in (5, 4, 2, 1)])
    assert (_one("review_score").value, _one("low_review_share").value, _one("review_count").value) == (3.0, 0.5, 4.0)
