"""Deciles as ``stats`` defines them, the RFM grid, and the best customers with their last word."""

import random

import pytest

from kizuna.facts.catalogue import Fact
from kizuna.stats.concentration import deciles
from kizuna.understand.metrics.queries import top_customers, vital_few
from kizuna.understand.metrics.tests.world import NOW, answer, at, order, tell

pytestmark = pytest.mark.django_db(transaction=True)


def test_deciles_agree_with_the_statistic() -> None:
    dice = random.Random(3)
    spent = [dice.randrange(1, 500) * 10 for _ in range(37)]
    tell(*[order(person, "2025-06-01", yen=yen) for person, yen in enumerate(spent, start=1)])
    ours, theirs = vital_few(now=NOW).deciles, deciles(values=[float(yen) for yen in spent])
    assert isinstance(theirs, tuple)
    assert [(one.rank, one.count, one.total) for one in ours] == [(one.rank, one.count, one.total) for one in theirs]
    assert [one.cumulative_share for one in ours] == pytest.approx([one.cumulative_share for one in theirs])


def test_the_grid_counts_everyone_once() -> None:
    tell(
        order(1, "2026-03-01", yen=100),
        order(2, "2025-12-01", yen=200), order(2, "2025-12-20", yen=200),
        *[order(3, f"2024-01-{day:02d}", yen=10) for day in range(1, 8)],
    )  # fmt: skip
    found = vital_few(now=NOW)
    grid = {(cell.recency, cell.frequency): (cell.customers, cell.sales_yen) for cell in found.rfm}
    assert grid == {(0, 0): (1, 100), (1, 1): (1, 400), (4, 4): (1, 70)}
    assert (found.customers, found.sales_yen) == (3, 570)


def test_the_best_customers() -> None:
    facts: list[Fact] = [
        order(1, "2025-06-01", yen=600),
        order(2, "2025-06-02", yen=300),
        order(3, "2025-06-03", yen=100),
    ]
    tell(*facts, answer(2, "2025-07-01", person_id=2))
    best = top_customers(limit=2)
    assert [(one.person_id, one.sales_yen, one.last_nps) for one in best] == [(1, 600, None), (2, 300, 2.0)]
    assert [one.cumulative_share for one in best] == pytest.approx([0.6, 0.9])
    assert best[0].last_order_at == at("2025-06-01")
