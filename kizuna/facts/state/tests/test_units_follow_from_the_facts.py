from datetime import date

import pytest

from kizuna.facts.state.tests.shop import Shop, assert_exact, day

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return Shop()


def test_orders_are_ranked_per_customer_over_kept_orders(shop: Shop) -> None:
    shop.order(1, 7, 0)
    shop.cancel(2, 7, 5)
    shop.order(3, 7, 40)
    shop.order(4, None, 1)
    shop.fold()
    rows = {row["order_id"]: row for row in shop.rows("orders")}
    assert [(rows[n]["segment"], rows[n]["rank"], rows[n]["prev_order_at"]) for n in (1, 2, 3, 4)] == [
        ("new", 1, None),
        ("repeat", None, day(0)),
        ("repeat", 2, day(0)),
        ("guest", None, None),
    ]
    assert rows[1]["month"] == date(2026, 1, 1)
    assert rows[3]["month"] == date(2026, 2, 1)


def test_the_day_is_the_japanese_one(shop: Shop) -> None:
    shop.order(1, 7, 21.5)  # 2026-01-31 15:00 UTC is 1 February, midnight, in Japan
    shop.fold()
    assert (shop.row("orders", 1)["day"], shop.row("orders", 1)["month"]) == (date(2026, 2, 1), date(2026, 2, 1))


def test_a_customer_sums_up_their_kept_orders(shop: Shop) -> None:
    shop.order(1, 7, 0, yen=1000, category="tea", lines=2)
    shop.order(2, 7, 10, yen=500, refunded=200, category="cup")
    shop.cancel(3, 7, 20, yen=9999)
    shop.order(4, 7, 70, yen=300)
    shop.answer(1, 7, 71, 4)
    shop.answer(2, 7, 72, 10)
    shop.answer(3, 7, 73, 5, instrument="csat5")
    shop.fold()
    (row,) = shop.rows("customers")
    assert (row["orders"], row["sales_yen"], row["last_nps"]) == (3, 1600, 10.0)
    assert (row["first_order_at"], row["second_order_at"], row["last_order_at"]) == (day(0), day(10), day(70))
    assert (row["interval_count"], row["interval_days_sum"], row["interval_days_sumsq"]) == (2, 70, 100 + 3600)
    assert row["active_months"] == 0b101
    assert (row["category"], row["channel"], row["store"]) == ("tea", "web", "honten")


def test_only_the_lines_of_the_latest_revision_count(shop: Shop) -> None:
    shop.order(1, 7, 0, lines=3)
    shop.amend(1, 7, 0, lines=1, refunded=100)
    shop.fold()
    (row,) = shop.rows("lines")
    assert (row["line_no"], row["amount_yen"], row["refunded"], row["segment"]) == (1, 1000, True, "new")


def test_an_answer_knows_how_often_its_writer_had_bought(shop: Shop) -> None:
    for number, at in ((1, 0), (2, 10), (3, 20)):
        shop.order(number, 7, at)
    for number, at in ((1, 5), (2, 10), (3, 15), (4, 25)):
        shop.answer(number, 7, at, 9)
    shop.answer(5, None, 25, 9)
    shop.fold()
    assert [row["segment"] for row in shop.rows("answers")] == ["new", "new", "repeat", "repeat", "guest"]


def test_an_answer_is_about_its_order_s_parcel_else_about_the_latest_one_of_thirty_days(shop: Shop) -> None:
    shop.order(1, 7, 0)
    shop.order(2, 7, 1)
    shop.ship(1, 1, 7, promised=3, delivered=5, carrier="late")
    shop.ship(2, 2, 7, promised=9, delivered=8, carrier="prompt")
    shop.answer(1, 7, 10, 3, order=1)
    shop.answer(2, 7, 10, 9)
    shop.answer(3, 7, 6, 3)
    shop.answer(4, 7, 38, 9)
    shop.answer(5, 7, 38.5, 9)
    shop.answer(6, None, 10, 9, order=2)
    shop.answer(7, 7, 4, 9)
    shop.fold()
    assert [(row["carrier"], row["promise"]) for row in shop.rows("answers")] == [
        ("late", "broken"),
        ("prompt", "kept"),
        ("late", "broken"),
        ("prompt", "kept"),
        ("", ""),
        ("prompt", "kept"),
        ("", ""),
    ]


def test_a_parcel_belongs_to_the_customer_of_its_order_and_to_the_month_of_its_promise(shop: Shop) -> None:
    shop.order(1, 7, 0, store="ginza")
    shop.ship(1, 1, None, promised=25, delivered=None)
    shop.ship(2, 99, 8, promised=None, delivered=25)
    shop.fold()
    first, second = shop.rows("shipments")
    assert (first["person_id"], first["store"], first["channel"], first["segment"]) == (7, "ginza", "web", "new")
    assert (first["month"], second["month"]) == (date(2026, 2, 1), date(2026, 2, 1))
    assert (second["person_id"], second["segment"]) == (8, "new")


def test_voided_things_count_nowhere(shop: Shop) -> None:
    shop.order(1, 7, 0)
    shop.ship(1, 1, 7, promised=1, delivered=2)
    shop.answer(1, 7, 3, 9)
    shop.fold()
    shop.void_order(1)
    shop.void_shipment(1)
    shop.void_answer(1)
    shop.fold()
    tables = ("orders", "lines", "shipments", "answers", "customers")
    assert [shop.rows(table) for table in tables] == [[]] * 5
    assert_exact()


def test_notes_and_reviews_carry_their_customer(shop: Shop) -> None:
    shop.order(1, 7, 0)
    shop.review(1, 7, 1, 4.0)
    shop.note(1, 7, 1)
    shop.fold()
    assert shop.row("reviews", 1)["segment"] == "new"
    assert (shop.row("notes", 1)["person_id"], shop.row("notes", 1)["kind"]) == (7, "visit")
