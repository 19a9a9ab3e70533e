"""A parcel comes with its order or in the carrier's own file; promised, shipped and delivered only gain."""

from datetime import datetime

import pytest
from django.db import transaction

from kizuna.customers.orders.models import Shipment
from kizuna.customers.orders.operations import record_shipments
from kizuna.customers.orders.queries import orders_of
from kizuna.customers.orders.rules import ShipmentRecord
from kizuna.customers.orders.tests.cast import facts, order, parcel, record
from kizuna.customers.people.models import Person
from kizuna.customers.people.tests.cast import CAST, NOON, at
from kizuna.facts.rows.rules import Outcome

pytestmark = pytest.mark.django_db


def ship(*parcels: tuple[str, ShipmentRecord], import_id: int = 2, now: datetime = NOON) -> list[Outcome]:
    with transaction.atomic():
        rows = [("webshop", number, shipment) for number, shipment in parcels]
        return record_shipments(shipments=rows, import_id=import_id, now=now, wake=False)


def test_a_promise_and_its_delivery_are_one_parcel_told_twice() -> None:
    record(order("A-1", shipments=(parcel(promised=3),)))
    assert ship(("A-1", parcel(promised=3, delivered=4, tracking_no="1234-5678"))) == ["amended"]
    (promised,), (delivered,) = facts("ShipmentPromised"), facts("ShipmentDelivered")
    assert promised.shipment_id == delivered.shipment_id
    assert (promised.revision, delivered.revision) == (1, 2)
    assert (promised.occurred_at, delivered.occurred_at) == (NOON, at(days=4))
    assert (delivered.touchpoint, delivered.channel, delivered.store) == ("delivery", "web", "web")
    (card,) = orders_of(person_ids=list(Person.objects.values_list("id", flat=True)))
    assert [one.late for one in card.shipments] == [True]


def test_the_same_file_again_and_a_file_that_knows_less_change_nothing() -> None:
    record(order("A-1", shipments=(parcel(promised=3, delivered=2),)))
    assert record(order("A-1", shipments=(parcel(promised=3),)), import_id=2) == ["unchanged"]
    assert ship(("A-1", parcel(promised=3, delivered=2))) == ["unchanged"]
    assert Shipment.objects.get().delivered_at == at(days=2)


def test_an_order_whose_parcel_alone_changed_counts_as_amended() -> None:
    record(order("A-1", shipments=(parcel(promised=3),)))
    assert record(order("A-1", shipments=(parcel(promised=3, delivered=3),)), import_id=2) == ["amended"]
    assert not facts("OrderAmended")


def test_two_tracking_numbers_are_two_parcels() -> None:
    record(order("A-1"))
    first, second = parcel(tracking_no="1"), parcel(tracking_no="2")
    assert ship(("A-1", first), ("A-1", second), ("A-1", first)) == ["created", "created", "unchanged"]
    assert record(order("A-2", shipments=(first, second))) == ["created"]
    assert Shipment.objects.count() == 4


def test_a_parcel_of_an_unknown_order_is_refused_by_itself() -> None:
    record(order("A-1"))
    outcomes = ship(("X-9", parcel()), ("A-1", parcel()))
    assert [getattr(one, "code", one) for one in outcomes] == ["unknown_order", "created"]


def test_a_parcel_is_told_again_when_its_order_changes_hands() -> None:
    record(order("A-1", shipments=(parcel(),)))
    record(order("A-1", customer=CAST.taro_suzuki, shipments=(parcel(),)), import_id=2)
    first, second = facts("ShipmentPromised")
    assert (first.revision, second.revision) == (1, 2)
    assert first.person_id != second.person_id
