"""An order that comes in several parcels is one reason to write, and the same customer is left a rest."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction

from kizuna.act.practices.models import Enrolment
from kizuna.act.practices.operations import sweep
from kizuna.act.practices.queries import dry_run
from kizuna.act.practices.rules.flow import FactTrigger
from kizuna.act.practices.rules.shelf import ready, shelf
from kizuna.act.practices.tests.shop import DAY, Shop, adopt, begin, sent, thanks
from kizuna.customers.orders.operations import record_orders
from kizuna.customers.orders.rules import ShipmentRecord

HOUR = timedelta(hours=1)


def _parcels(shop: Shop, number: str, *parcels: ShipmentRecord, wake: bool) -> None:
    with transaction.atomic():
        record = replace(shop.orders[number], shipments=parcels)
        record_orders(orders=[record], import_id=None, now=shop.now, wake=wake)


@pytest.mark.parametrize(
    ("wake", "hours"),
    [
        (True, 0),  # whichever is told of first begins it
        (False, 2),  # an import knows all three at once and goes by the earliest
    ],
    ids=["as they happen", "by import"],
)
def test_three_parcels_are_thanked_for_once(shop: Shop, wake: bool, hours: int) -> None:
    adopt(shop, "thank_you_after_delivery")
    order = shop.order("1", "aoi")
    shop.wait(3 * HOUR)
    came = [ShipmentRecord(external_id=str(n), delivered_at=shop.now - n * HOUR) for n in range(3)]
    _parcels(shop, "1", *came, wake=wake)
    shop.react()
    shop.fold()
    sweep(now=shop.now)
    row = Enrolment.objects.get()
    assert row.cause == f"order:{order}"
    assert row.caused_at == shop.now - hours * HOUR
    shop.wait(2 * DAY)
    shop.step()
    assert sent(shop) == ["thank_you_after_delivery"]


@pytest.mark.parametrize("fact", ["delivered_late", "promise_missed"])
def test_so_it_is_with_late_and_missing_parcels(shop: Shop, fact: str) -> None:
    begin(shop, thanks(trigger=FactTrigger(fact=fact)))  # type: ignore[arg-type]
    order = shop.order("1", "aoi")
    shop.wait(5 * HOUR)
    came = shop.now - timedelta(minutes=5) if fact == "delivered_late" else None
    promised = [ShipmentRecord(external_id=str(n), promised_at=shop.now - n * HOUR, delivered_at=came) for n in (1, 2)]
    _parcels(shop, "1", *promised, wake=False)
    shop.fold()
    sweep(now=shop.now)
    row = Enrolment.objects.get()
    assert row.cause == f"order:{order}"
    assert row.caused_at == (came or shop.now - 2 * HOUR)


def test_a_dry_run_counts_an_order_once_too(shop: Shop) -> None:
    shop.order("1", "aoi")
    shop.wait(3 * HOUR)
    _parcels(
        shop, "1", *(ShipmentRecord(external_id=str(n), delivered_at=shop.now - n * HOUR) for n in range(3)), wake=False
    )
    shop.fold()
    assert dry_run(flow=thanks(), now=shop.now + HOUR).moments == 1


def test_what_begins_with_an_order_leaves_the_customer_a_rest() -> None:
    rests = {one.name: one.flow(language="ja").again_after_days for one in shelf()}
    assert {name: days for name, days in rests.items() if days} == {
        "thank_you_after_delivery": 7,
        "follow_up_3_days": 14,
        "follow_up_1_week": 30,
        "follow_up_1_month": 60,
        "late_delivery_apology": 1,
    }


def test_two_orders_within_the_rest_bring_one_letter(shop: Shop) -> None:
    adopt(shop, "follow_up_1_week")
    for number in ("1", "2"):
        shop.order(number, "aoi", delivered_at=shop.now)
        shop.react()
        shop.wait(3 * DAY)
    assert Enrolment.objects.count() == 1
    shop.wait(28 * DAY)
    shop.order("3", "aoi", delivered_at=shop.now)
    shop.react()
    assert Enrolment.objects.count() == 2


def test_a_rest_and_a_freshness_of_a_file_come_into_the_flow() -> None:
    one = ready(name="late_delivery_apology")
    told = replace(one, told={**one.told, "again_after_days": 9, "freshness_hours": 24, "priority": 4})
    flow = told.flow(language="ja")
    assert (flow.again_after_days, flow.freshness_hours) == (9, 24)
