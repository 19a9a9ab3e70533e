import random
from collections.abc import Callable
from functools import partial

import pytest

from kizuna.facts.state.operations import rebuild
from kizuna.facts.state.tests.shop import START, Shop, assert_exact, day

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return Shop()


def _before(shop: Shop) -> dict[int, tuple[int, int, str]]:
    shop.fold()
    assert_exact()
    return {
        row["assignment_id"]: (row["person_id"], row["orders_before"], row["segment"])
        for row in shop.rows("assignments")
    }


def test_only_kept_orders_up_to_the_moment_count(shop: Shop) -> None:
    shop.order(1, 7, 0)
    shop.order(2, 7, 10)
    shop.cancel(3, 7, 5)
    shop.order(4, 7, 20)
    shop.assign(1, 7, 9, practice="early")
    shop.assign(2, 7, 10)  # the order of this very moment is what made the customer eligible
    shop.assign(3, 8, 10, held_out=True)
    assert _before(shop) == {1: (7, 1, "new"), 2: (7, 2, "repeat"), 3: (8, 0, "new")}
    row = shop.row("assignments", 3)
    assert (row["practice"], row["version"], row["arm"], row["held_out"], row["store"], row["assigned_at"]) == (
        "thanks",
        1,
        "",
        True,
        "honten",
        day(10),
    )


def test_a_late_or_cancelled_order_corrects_it(shop: Shop) -> None:
    shop.assign(1, 7, 30)
    assert _before(shop) == {1: (7, 0, "new")}
    shop.order(1, 7, 0)
    shop.order(2, 7, 20)
    assert _before(shop) == {1: (7, 2, "repeat")}
    shop.cancel(2, 7, 20)
    assert _before(shop) == {1: (7, 1, "new")}


def test_merged_customers_keep_both_assignments_under_their_root(shop: Shop) -> None:
    shop.order(1, 7, 0)
    shop.order(2, 8, 5)
    shop.assign(1, 7, 10)
    shop.assign(2, 8, 12, held_out=True)
    shop.link(8, 7)
    assert _before(shop) == {1: (7, 2, "repeat"), 2: (7, 2, "repeat")}
    shop.link(8, 8)
    assert _before(shop) == {1: (7, 1, "new"), 2: (8, 1, "new")}


def test_a_withdrawn_assignment_is_gone(shop: Shop) -> None:
    shop.assign(1, 7, 10)
    shop.assign(2, 8, 10)
    shop.fold()
    shop.void_assignment(1)
    assert _before(shop) == {2: (8, 0, "new")}


def test_however_the_facts_arrive_the_state_is_the_same_as_made_anew(shop: Shop) -> None:
    dice = random.Random(3)
    steps: list[Callable[[], None]] = []
    for number in range(1, 13):
        person, at = dice.randrange(1, 6), dice.randrange(0, 60)
        steps.append(partial(shop.assign, number, person, at, held_out=number % 3 == 0))
        steps.append(partial(shop.order, number, person, at + dice.choice([-3, 0, 4])))
        if number % 5 == 0:
            steps.append(partial(shop.void_assignment, number))
            steps.append(partial(shop.link, person, dice.randrange(1, person + 1)))
    dice.shuffle(steps)
    for place, step in enumerate(steps):
        step()
        if place % 9 == 0:
            shop.fold()
    folded = _before(shop)
    rows = shop.rows("assignments")
    rebuild(now=START)
    assert shop.rows("assignments") == rows
    assert _before(shop) == folded
