import random
from collections.abc import Callable
from datetime import date

import pytest

from kizuna.facts.state.operations import rebuild
from kizuna.facts.state.queries import generation, touched_since
from kizuna.facts.state.rules import UNITS
from kizuna.facts.state.tests.shop import START, Shop, assert_exact

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return Shop()


def test_a_late_first_order_makes_the_known_one_a_repeat(shop: Shop) -> None:
    shop.order(2, 7, 40)
    shop.answer(1, 7, 50, 9)
    shop.fold()
    shop.order(1, 7, 0)
    touched = shop.fold()
    assert [(row["rank"], row["segment"]) for row in shop.rows("orders")] == [(1, "new"), (2, "repeat")]
    assert shop.row("answers", 1)["segment"] == "repeat"
    assert touched.tables["orders"] == {date(2026, 1, 1), date(2026, 2, 1)}
    assert_exact()


def test_an_older_revision_that_arrives_late_changes_nothing(shop: Shop) -> None:
    shop.order(1, 7, 0, revision=5, yen=500)
    shop.fold()
    shop.order(1, 8, 3, revision=4, yen=400)
    touched = shop.fold()
    assert not touched.tables
    assert (shop.row("orders", 1)["person_id"], shop.row("orders", 1)["total_yen"]) == (7, 500)
    assert_exact()


def test_an_order_that_changes_hands_touches_both_customers(shop: Shop) -> None:
    shop.order(1, 7, 0)
    shop.order(2, 7, 10)
    shop.order(3, 8, 20)
    shop.fold()
    shop.amend(1, 8, 0)
    shop.fold()
    assert {row["order_id"]: (row["person_id"], row["rank"]) for row in shop.rows("orders")} == {
        1: (8, 1),
        2: (7, 1),
        3: (8, 2),
    }
    shop.amend(1, None, 0)
    shop.fold()
    assert shop.row("orders", 1)["segment"] == "guest"
    assert shop.row("orders", 3)["rank"] == 1
    assert_exact()


def test_a_merge_and_its_undoing_move_everything_there_and_back(shop: Shop) -> None:
    shop.order(1, 7, 0)
    shop.order(2, 8, 10)
    shop.answer(1, 8, 20, 9)
    shop.note(1, 8, 20)
    shop.fold()
    apart = {table: shop.rows(table) for table in UNITS}
    shop.link(8, 7)
    shop.fold()
    (customer,) = shop.rows("customers")
    assert (customer["person_id"], customer["orders"]) == (7, 2)
    assert (shop.row("answers", 1)["person_id"], shop.row("answers", 1)["segment"]) == (7, "repeat")
    assert shop.row("notes", 1)["person_id"] == 7
    assert_exact()
    shop.link(8, 8)
    shop.fold()
    assert {table: shop.rows(table) for table in UNITS} == apart
    assert_exact()


def test_a_parcel_that_arrives_reaches_the_answers_about_its_order(shop: Shop) -> None:
    shop.order(1, 7, 0)
    shop.ship(1, 1, 7, promised=3, delivered=None)
    shop.answer(1, 9, 10, 2, order=1)
    shop.fold()
    assert shop.row("answers", 1)["promise"] == ""
    shop.ship(1, 1, 7, promised=3, delivered=6)
    touched = shop.fold()
    assert shop.row("answers", 1)["promise"] == "broken"
    assert set(touched.tables) == {"answers", "shipments", "customers"}
    assert_exact()


def test_a_parcel_known_before_its_order_moves_to_the_order_s_customer(shop: Shop) -> None:
    shop.ship(1, 1, None, promised=3, delivered=4)
    shop.fold()
    assert shop.row("shipments", 1)["segment"] == "guest"
    shop.order(1, 7, 0)
    shop.fold()
    assert (shop.row("shipments", 1)["person_id"], shop.row("shipments", 1)["segment"]) == (7, "new")
    assert_exact()


def test_a_reader_learns_which_months_changed_since_it_last_looked(shop: Shop) -> None:
    shop.order(1, 7, 0)
    shop.fold()
    seen = generation()
    shop.answer(1, 7, 1, 9)
    shop.fold()
    shop.answer(2, 7, 40, 9)
    shop.fold()
    touched = touched_since(generation=seen)
    assert touched.tables["answers"] == {date(2026, 1, 1), date(2026, 2, 1)}
    assert set(touched.tables) == {"answers", "customers"}
    assert not touched_since(generation=touched.generation).tables
    rebuild(now=START)
    assert all(touched_since(generation=seen).all_of(table=table) for table in UNITS)


@pytest.mark.parametrize("seed", range(3))
def test_after_any_sequence_of_facts_the_state_is_the_full_recompute(shop: Shop, seed: int) -> None:
    draw = random.Random(seed)
    for _ in range(12):
        for _ in range(draw.randint(1, 6)):
            _something_happens(shop, draw)
        shop.fold()
        assert_exact()
    kept = {table: shop.rows(table) for table in UNITS}
    rebuild(now=START)
    assert {table: shop.rows(table) for table in UNITS} == kept


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 140))
def test_after_many_sequences_of_facts_the_state_is_the_full_recompute(shop: Shop, seed: int) -> None:
    draw = random.Random(seed)
    for _ in range(25):
        for _ in range(draw.randint(1, 6)):
            _something_happens(shop, draw)
        shop.fold()
        assert_exact()


def _something_happens(shop: Shop, draw: random.Random) -> None:
    """Anything, to few people and things, so that they meet often; late and repeated revisions too."""
    person = draw.choice([1, 2, 3, 65, 66, None, None])
    number, about, at = draw.randint(1, 8), draw.randint(1, 8), draw.randint(0, 120) / 2
    old = draw.choice([None, None, None, 1])
    delivered = draw.choice([None, at, at + 3])
    happenings: list[Callable[[], None]] = [
        lambda: shop.order(number, person, at, lines=about % 3 + 1, revision=old),
        lambda: shop.order(number, person, at, yen=500, category="cup"),
        lambda: shop.amend(number, person, at, refunded=about % 2 * 100, lines=about % 2 + 1),
        lambda: shop.cancel(number, person, at),
        lambda: shop.void_order(number, person),
        lambda: shop.ship(number, about, person, promised=at + 1, delivered=delivered, revision=old),
        lambda: shop.ship(number, about, person, promised=at + 1, delivered=at + 2),
        lambda: shop.void_shipment(number),
        lambda: shop.void_answer(number),
        lambda: shop.answer(number, person, at, about, order=about, revision=old),
        lambda: shop.answer(number, person, at, about),
        lambda: shop.link([2, 3, 65, 66][number % 4], [1, 2, 3, 65][about % 4]),
        lambda: shop.review(number, person, at, 4.0),
        lambda: shop.note(number, person, at),
    ]
    draw.choice(happenings)()
