"""Repeat rate, F2, interval, new-customer rate and the top fifth on a handful of customers."""

from datetime import date

import pytest

from kizuna.facts.catalogue import Fact, OrderCancelled
from kizuna.stats.estimate import Estimate, NotEnough
from kizuna.understand.metrics.queries import measure
from kizuna.understand.metrics.tests.world import NOW, order, tell

pytestmark = pytest.mark.django_db(transaction=True)


def _one(metric: str, **more: object) -> Estimate:
    (total,) = measure(metric=metric, now=NOW, **more)  # type: ignore[arg-type]
    assert isinstance(total.result, Estimate), total.result
    return total.result


def _shop() -> list[Fact]:
    """Today is 2026-03-15. Five mature customers, one of yesterday, one guest, one who only ever cancelled."""
    return [
        order(1, "2025-06-01 10:00"), order(1, "2025-08-30 10:00"), order(1, "2025-09-09 10:00"),
        order(2, "2025-06-01 10:00"), order(2, "2025-08-30 10:00:01"),
        order(3, "2025-07-01 10:00"),
        order(4, "2025-07-01 10:00"), order(4, "2025-07-05 10:00", kind=OrderCancelled),
        order(5, "2025-12-15 23:00"),
        order(6, "2026-03-14 10:00"), order(6, "2026-03-14 11:00"),
        order(None, "2025-07-01 10:00"), order(None, "2025-07-02 10:00"),
        order(7, "2025-07-01 10:00", kind=OrderCancelled),
    ]  # fmt: skip


def test_coming_back_counts_mature_customers_only() -> None:
    tell(*_shop())
    repeat = _one("repeat_rate")
    assert (repeat.value, repeat.n) == (0.4, 5), "1 and 2 of 1-5; 6 is too new, guests and cancelled orders are out"
    assert (_one("f2_conversion").value, _one("f2_conversion").n) == (0.2, 5), "2 came one second after the 90 days"
    assert _one("loyal_share").value == 0.2


def test_the_ninetieth_day_is_mature_and_the_eighty_ninth_is_not() -> None:
    tell(order(1, "2025-12-15 23:00"), order(2, "2025-12-16 00:00"))
    assert _one("repeat_rate").n == 1
    (late,) = measure(metric="repeat_rate", date_from=date(2025, 12, 16), now=NOW)
    assert late.result == NotEnough(reason="no_data", have=0, need=1)


def test_the_purchase_interval_is_days_over_gaps() -> None:
    tell(
        *[order(1, day) for day in ("2025-06-01", "2025-08-30", "2025-09-09")],
        *[order(2, day) for day in ("2025-06-01", "2025-08-30")],
        *[order(3, day) for day in ("2025-06-01", "2025-07-01", "2025-07-31")],
        *[order(4, day) for day in ("2025-06-01 10:00", "2025-06-01 22:00")],
        order(5, "2025-06-01"),
    )
    interval = _one("purchase_interval")
    assert interval.value == pytest.approx((90 + 10 + 90 + 30 + 30 + 0) / 6), "the same day is 0 days"
    assert (interval.n, interval.unit, interval.method) == (4, "days", "fieller")


def test_new_customers_among_those_who_ordered() -> None:
    tell(*_shop())
    july = _one("new_customer_rate", date_from=date(2025, 7, 1), date_to=date(2025, 8, 1))
    assert (july.value, july.n) == (1.0, 2)
    august = _one("new_customer_rate", date_from=date(2025, 8, 1), date_to=date(2025, 9, 1))
    assert (august.value, august.n) == (0.0, 2)
    year = _one("new_customer_rate")
    assert (year.value, year.n) == (1.0, 6), "each person once, however often they ordered"
    assert (_one("active_customers").value, _one("orders_per_customer").value) == (6.0, 10 / 6)


def test_customer_value_is_net_of_refunds() -> None:
    tell(order(1, "2025-06-01", yen=5_000, refunded_yen=1_000), order(2, "2025-06-01", yen=1_000))
    assert _one("customer_value").value == 2_500.0


def test_the_top_fifth_counts_the_border_person_in_part() -> None:
    facts = [order(person, "2025-06-01", yen=100) for person in range(1, 85)]
    facts += [order(person, "2025-06-01", yen=1_000) for person in range(85, 105)]
    tell(*facts)
    # 104 customers: a fifth is 20.8, of whom 20 spend 1000 and 0.8 spend 100.
    top = _one("top20_share")
    assert top.value == pytest.approx((20 * 1_000 + 0.8 * 100) / (20 * 1_000 + 84 * 100))
    assert top.n == 104
    (few,) = measure(metric="top20_share", date_from=date(2025, 7, 1), now=NOW)
    assert isinstance(few.result, NotEnough)
