"""Of twenty stores that did not move and one that fell, only the fallen one is coloured."""

import random
from datetime import date

import pytest

from kizuna.facts.catalogue import Fact
from kizuna.stats.compare import Difference
from kizuna.stats.estimate import NotEnough
from kizuna.understand.metrics.queries import ChangeAsk, Period, changes, changes_many
from kizuna.understand.metrics.tests.world import NOW, answers, order, tell

pytestmark = pytest.mark.django_db(transaction=True)
FEBRUARY = Period(start=date(2026, 2, 1), end=date(2026, 3, 1))


def _scores(dice: random.Random, count: int, bad: float) -> list[float]:
    return [dice.choice([0, 3, 6]) if dice.random() < bad else dice.choice([7, 8, 9, 10]) for _ in range(count)]


def test_one_store_fell() -> None:
    dice = random.Random(7)
    facts: list[Fact] = []
    for number in range(21):
        store = f"s{number:02d}"
        facts += answers(_scores(dice, 60, 0.3), "2026-01-15", store=store)
        facts += answers(_scores(dice, 60, 0.9 if store == "s13" else 0.3), "2026-02-15", store=store)
    tell(*facts)
    rows = changes(metric="nps", by=["store"], period=FEBRUARY, now=NOW)
    assert [row.group["store"] for row in rows if row.real] == ["s13"]
    (fallen,) = [row for row in rows if row.real]
    assert fallen.good is False
    assert isinstance(fallen.difference, Difference)
    assert fallen.difference.value < -40
    alone = [row for row in rows if isinstance(row.difference, Difference) and row.difference.p < 0.05]
    assert len(alone) > 1, "without the correction chance would have been coloured too"


def test_more_on_the_screen_means_a_stricter_test() -> None:
    tell(*answers([9] * 12 + [0] * 12, "2026-01-15"), *answers([9] * 19 + [0] * 5, "2026-02-15"))
    (one,) = changes(metric="nps", period=FEBRUARY, now=NOW)
    asks = [ChangeAsk(metric="nps", period=FEBRUARY), ChangeAsk(metric="answer_count", period=FEBRUARY)]
    both = changes_many(asks=asks, now=NOW)
    assert one.real
    assert one.p_adjusted is not None
    assert both[0][0].p_adjusted is not None
    assert both[0][0].p_adjusted > one.p_adjusted


def test_nothing_to_compare_with_is_said() -> None:
    tell(*answers([9, 10], "2026-02-15"))
    (row,) = changes(metric="nps", period=FEBRUARY, now=NOW)
    assert row.difference == NotEnough(reason="no_data", have=0, need=1)
    assert (row.real, row.good, row.p_adjusted) == (False, None, None)


def test_totals_are_compared_over_the_same_number_of_days() -> None:
    tell(*[order(None, f"2026-01-{day:02d}") for day in range(1, 32)],
         *[order(None, f"2026-02-{day:02d}") for day in range(1, 29)])  # fmt: skip
    (row,) = changes(metric="orders", period=FEBRUARY, now=NOW)
    assert isinstance(row.difference, Difference)
    assert row.difference.value == 0.0


def test_whole_months_are_compared_with_whole_months() -> None:
    assert FEBRUARY.before() == Period(start=date(2026, 1, 1), end=date(2026, 2, 1))
    quarter = Period(start=date(2026, 1, 1), end=date(2026, 4, 1))
    assert quarter.before() == Period(start=date(2025, 10, 1), end=date(2026, 1, 1))
    week = Period(start=date(2026, 1, 8), end=date(2026, 1, 15))
    assert week.before() == Period(start=date(2026, 1, 1), end=date(2026, 1, 8))
