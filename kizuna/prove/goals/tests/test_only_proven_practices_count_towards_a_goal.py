from datetime import date

import pytest

from kizuna.prove.evidence import queries
from kizuna.prove.goals.queries import contributions
from kizuna.prove.goals.tests.world import goal
from kizuna.prove.trials.tests.world import NOW, PRACTICE, order, practice, shop, tell

pytestmark = pytest.mark.django_db
REPEAT = goal(level="company", store="", metric="repeat_rate", target=0.5)
SINCE = date(2026, 1, 1)


@pytest.fixture(autouse=True)
def _forget() -> None:
    """The league table is kept per state of the lake, and every test begins at the same number of it."""
    queries._reports.cache_clear()


def test_a_proven_effect_is_scaled_by_whom_it_reached() -> None:
    practice(goals=[("repeat_rate", 30)])
    # 400 in the trial, half of them served, and 400 customers whom it never met.
    others = [order(person, 20) for person in range(10_001, 10_401)]
    tell(*shop(treated=200, held_out=200, treated_buy=90, held_out_buy=40), *others)
    found = contributions(draft=REPEAT, start_month=SINCE, now=NOW)
    (one,) = found.practices
    assert (one.practice, one.grade) == (PRACTICE, 3)
    assert one.effect[0] == pytest.approx(0.25)
    assert one.reached_share == pytest.approx(200 / 801)
    assert found.value == pytest.approx(0.25 * 200 / 801)
    assert 0.0 < found.low < found.value < found.high


def test_what_is_not_proven_or_moves_another_metric_gives_nothing() -> None:
    practice(goals=[("repeat_rate", 30)])
    tell(*shop(treated=100, held_out=100, treated_buy=30, held_out_buy=28))
    found = contributions(draft=REPEAT, start_month=SINCE, now=NOW)
    assert (found.practices, found.value, found.most) == ((), 0.0, 0.0)
    assert contributions(draft=goal(), start_month=SINCE, now=NOW).practices == ()


def test_a_main_metric_without_a_column_in_the_league_counts_as_well() -> None:
    practice(goals=[("orders_per_customer", 30)])
    tell(*shop(treated=200, held_out=200, treated_buy=90, held_out_buy=40))
    loyal = goal(level="company", store="", metric="orders_per_customer", target=3.0)
    (one,) = contributions(draft=loyal, start_month=SINCE, now=NOW).practices
    assert one.effect[0] == pytest.approx(0.25)


def test_an_effect_for_each_customer_is_no_part_of_a_goal_for_a_total() -> None:
    practice(goals=[("active_customers", 30)])
    tell(*shop(treated=200, held_out=200, treated_buy=90, held_out_buy=40))
    buying = goal(level="company", store="", metric="active_customers", target=500.0)
    assert contributions(draft=buying, start_month=SINCE, now=NOW).practices == ()
