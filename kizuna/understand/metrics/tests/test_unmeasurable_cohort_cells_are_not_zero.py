"""A month that is not over is «immature»; a month in which nobody came back is a measured 0."""

import pytest

from kizuna.stats.estimate import Estimate, NotEnough
from kizuna.understand.metrics.queries import cohorts
from kizuna.understand.metrics.tests.world import NOW, order, tell

pytestmark = pytest.mark.django_db(transaction=True)


def test_three_customers_of_january() -> None:
    tell(
        order(1, "2026-01-31 23:59", yen=1_000), order(1, "2026-02-01", yen=500), order(1, "2026-03-02"),
        order(2, "2026-01-10", yen=3_000), order(3, "2026-01-11", yen=2_000, refunded_yen=2_000),
        order(4, "2025-12-01"), order(None, "2026-01-01"),
    )  # fmt: skip
    december, january = cohorts(now=NOW)
    assert (december.month, december.customers) == ("2025-12", 1)
    assert [getattr(cell.active, "value", None) for cell in december.cells] == [1.0, 0.0, 0.0, None]
    assert (january.month, january.customers) == ("2026-01", 3)
    first, second, running = january.cells
    assert isinstance(first.sales, Estimate)
    assert (first.sales.value, first.sales.n, first.sales.unit) == (4_000 / 3, 3, "yen")
    assert isinstance(second.active, Estimate)
    assert second.active.value == pytest.approx(1 / 3)
    assert running.active == NotEnough(reason="immature", have=0, need=1)
