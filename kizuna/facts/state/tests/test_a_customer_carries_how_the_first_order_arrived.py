import pytest

from kizuna.facts.state.tests.shop import Shop, assert_exact

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return Shop()


def _first(shop: Shop, person: int = 7) -> tuple[str, str]:
    shop.fold()
    assert_exact()
    row = shop.row("customers", person)
    return row["carrier"], row["promise"]


def test_only_the_parcel_of_the_first_order_counts(shop: Shop) -> None:
    shop.order(1, 7, 0)
    shop.order(2, 7, 10)
    shop.ship(1, 1, 7, promised=3, delivered=5, carrier="yamato")
    shop.ship(2, 2, 7, promised=13, delivered=12, carrier="sagawa")
    assert _first(shop) == ("yamato", "broken")


def test_a_first_order_without_a_parcel_says_nothing(shop: Shop) -> None:
    shop.order(1, 7, 0)
    shop.order(2, 7, 10)
    shop.ship(2, 2, 7, promised=13, delivered=12)
    assert _first(shop) == ("", "")


def test_a_parcel_that_arrives_later_touches_the_customer(shop: Shop) -> None:
    shop.order(1, 7, 0)
    assert _first(shop) == ("", "")
    shop.ship(1, 1, None, promised=3, delivered=None)
    assert _first(shop) == ("yamato", "")
    shop.ship(1, 1, None, promised=3, delivered=3)
    assert _first(shop) == ("yamato", "kept")


def test_a_corrected_arrival_a_moved_and_a_voided_parcel(shop: Shop) -> None:
    shop.order(1, 7, 0)
    shop.order(2, 8, 0)
    shop.ship(1, 1, 7, promised=3, delivered=3)
    assert _first(shop) == ("yamato", "kept")
    shop.ship(1, 1, 7, promised=3, delivered=4, carrier="sagawa")
    assert _first(shop) == ("sagawa", "broken")
    shop.ship(1, 2, 8, promised=3, delivered=4, carrier="sagawa")
    assert (_first(shop), _first(shop, 8)) == (("", ""), ("sagawa", "broken"))
    shop.void_shipment(1)
    assert _first(shop, 8) == ("", "")


def test_another_order_becomes_the_first(shop: Shop) -> None:
    shop.order(2, 7, 10)
    shop.ship(2, 2, 7, promised=13, delivered=12, carrier="late")
    assert _first(shop) == ("late", "kept")
    shop.ship(1, 1, None, promised=3, delivered=5, carrier="early")
    shop.order(1, 7, 0)
    assert _first(shop) == ("early", "broken")
    shop.cancel(1, 7, 0)
    assert _first(shop) == ("late", "kept")


def test_merged_customers_have_one_first_parcel_and_part_again(shop: Shop) -> None:
    shop.order(1, 7, 0)
    shop.order(2, 8, 10)
    shop.ship(1, 1, 7, promised=3, delivered=5, carrier="early")
    shop.ship(2, 2, 8, promised=13, delivered=12, carrier="late")
    assert _first(shop, 8) == ("late", "kept")
    shop.link(8, 7)
    assert _first(shop) == ("early", "broken")
    shop.link(8, 8)
    assert _first(shop, 8) == ("late", "kept")
