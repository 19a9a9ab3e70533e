"""Orders keep the record they were placed by: merges and erasures publish nothing about orders."""

import pytest
from django.db import transaction
from msgspec.structs import replace

from kizuna.customers.orders.models import Order, OrderLine, Shipment
from kizuna.customers.orders.operations import erase_people as erase_orders
from kizuna.customers.orders.tests.cast import order, parcel, record
from kizuna.customers.people.models import Evidence, Person, PersonImage
from kizuna.customers.people.operations import erase_people, merge_people, retract_evidence
from kizuna.customers.people.queries import records_of
from kizuna.customers.people.tests.cast import CAST, NOON, at, resolve
from kizuna.facts.outbox.models import OutboxEntry

pytestmark = pytest.mark.django_db


def told() -> dict[str, int]:
    entries = OutboxEntry.objects.exclude(fact_type="PersonLinked")
    return {entry.fact_type: entry.fact_count for entry in entries}


def rows() -> list[tuple[object, ...]]:
    return list(Order.objects.order_by("id").values_list("id", "person_id", "total_yen", "digest", "revision"))


def test_a_merge_and_its_retraction_move_no_order() -> None:
    record(order("A-1"), order("A-2", customer=CAST.taro_suzuki))
    before, facts = rows(), told()
    web, taro = Person.objects.order_by("id").values_list("id", flat=True)
    merge_people(person_ids=[web, taro], actor="user:1", now=NOON)
    retract_evidence(evidence_id=Evidence.objects.filter(kind="manual")[0].pk, actor="user:1", now=NOON)
    assert (rows(), told()) == (before, facts)


def test_an_erased_customer_keeps_orders_cluster_and_idempotence_and_loses_the_rest() -> None:
    web, till = resolve(CAST.misaki_web, CAST.misaki_till)
    record(order("A-1", shipments=(parcel(tracking_no="9999-0000"),)))
    before, facts = rows(), told()
    with transaction.atomic():
        erase_orders(root_id=web, now=at(days=1))
        erase_people(root_id=web, now=at(days=1))
    assert (rows(), told()) == (before, facts)
    assert records_of(person_id=till) == (web, till)
    assert Shipment.objects.get().tracking_no == ""
    assert set(OrderLine.objects.values_list("name", flat=True)) == {""}
    left: list[object] = [*Person.objects.values_list("email", "family_name", "address", "record_key", "name_key")]
    left += [*Evidence.objects.values_list("raw", "key"), *PersonImage.objects.values_list("content")]
    secrets = ("高橋", "髙橋", "Misaki", "misaki", "1234-5678", "神宮前", "W-1001")
    assert [word for word in secrets if word in str(left)] == []


def test_the_old_file_does_not_bring_the_person_back_and_a_new_order_does() -> None:
    (web,) = resolve(CAST.misaki_web)
    record(order("A-1"))
    with transaction.atomic():
        erase_people(root_id=web, now=at(days=1))
    assert record(order("A-1"), import_id=2, now=at(days=2)) == ["unchanged"]
    assert record(order("A-1", cancelled=True), import_id=3, now=at(days=2)) == ["amended"]
    assert Order.objects.get().person_id == web
    assert Person.objects.get().email == ""
    back = replace(CAST.misaki_web, observed_at=at(days=9))
    record(order("A-9", customer=back, ordered_at=at(days=9)), import_id=4, now=at(days=9))
    assert Order.objects.get(external_id="A-9").person_id != web
    assert Person.objects.filter(erased_at=None).count() == 1
