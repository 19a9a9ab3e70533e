"""An undone import counts nowhere; what it changed says again what it said before."""

import pytest
from django.db import transaction

from kizuna.customers.orders.models import Order, OrderImage, OrderLine, Shipment
from kizuna.customers.orders.operations import record_shipments, undo_import
from kizuna.customers.orders.tests.cast import cup, facts, order, parcel, record, tea
from kizuna.customers.people.models import Person
from kizuna.customers.people.operations import undo_import as undo_people
from kizuna.customers.people.tests.cast import CAST, NOON, at

pytestmark = pytest.mark.django_db


def undo(import_id: int) -> None:
    with transaction.atomic():
        undo_import(import_id=import_id, now=at(days=1))
        undo_people(import_id=import_id, now=at(days=1))


def content() -> list[tuple[object, ...]]:
    columns = ("external_id", "person_id", "total_yen", "refunded_yen", "cancelled", "digest", "store_id")
    return [
        *Order.objects.order_by("id").values_list(*columns),
        *OrderLine.objects.order_by("order_id", "line_no").values_list("order_id", "product__code", "quantity"),
        *Shipment.objects.order_by("id").values_list("order_id", "promised_at", "delivered_at", "carrier"),
    ]


def test_created_orders_are_voided_with_their_parcels_and_people() -> None:
    record(order("A-1", shipments=(parcel(),)), order("A-2", customer=CAST.taro_suzuki), import_id=7)
    undo(7)
    assert not Order.objects.exists()
    assert not Person.objects.exists()
    assert [fact.revision for fact in facts("OrderVoided")] == [2, 2]
    assert len(facts("ShipmentVoided")) == 1


def test_an_amended_order_is_restored_at_a_higher_revision() -> None:
    record(order("A-1", shipments=(parcel(),)), import_id=1)
    before = content()
    edited = order(
        "A-1", customer=CAST.taro_suzuki, lines=(tea(quantity=9),), cancelled=True, shipments=(parcel(delivered=9),)
    )
    record(edited, order("A-3"), import_id=2)
    undo(2)
    assert content() == before
    assert [(fact.revision, fact.refunded_yen) for fact in facts("OrderAmended")] == [(3, 0)]
    assert [line.product for line in facts("OrderLineSold") if line.revision == 3] == ["TEA-1", "CUP-9"]
    assert record(order("A-1", shipments=(parcel(),)), import_id=3) == ["unchanged"]
    assert not OrderImage.objects.exists()


def test_parcels_of_the_import_go_and_their_orders_stay() -> None:
    record(order("A-1"), import_id=1)
    with transaction.atomic():
        record_shipments(shipments=[("webshop", "A-1", parcel())], import_id=2, now=NOON, wake=False)
    undo(2)
    assert not Shipment.objects.exists()
    assert Order.objects.count() == 1


def test_an_order_that_a_later_import_amended_keeps_that_word() -> None:
    record(order("A-1"), import_id=1)
    record(order("A-1", lines=(cup(),)), import_id=2)
    undo(1)
    assert [fact.product for fact in facts("OrderLineSold") if fact.revision == 2] == ["CUP-9"]
    assert Order.objects.get().first_import_id == 2
    assert not facts("OrderVoided")
    undo(2)
    assert not Order.objects.exists()


def test_the_customer_of_another_imports_order_stays() -> None:
    record(order("A-1"), import_id=1)
    record(order("A-2"), import_id=2)
    undo(1)
    assert Person.objects.count() == 1
    assert Order.objects.get().person_id == Person.objects.get().pk
