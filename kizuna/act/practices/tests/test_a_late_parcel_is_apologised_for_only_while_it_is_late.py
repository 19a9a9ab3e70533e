"""The apology for a late parcel is true when it is read, and so is the letter after it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from kizuna.act.outreach.models import Message, Task
from kizuna.act.practices.operations import sweep
from kizuna.act.practices.tests.shop import DAY, NOON, Shop, adopt, sent
from kizuna.customers.orders.operations import record_orders
from kizuna.customers.orders.rules import ShipmentRecord

PROMISED = datetime(2026, 4, 2, 14, 59, 59, tzinfo=UTC)
"""The end of a day in Japan."""
MORNING = PROMISED + timedelta(hours=9, minutes=5)
APOLOGY, AFTER = "late_delivery_apology", "late_delivery_after"


@pytest.fixture
def late(shop: Shop) -> Shop:
    """Just after midnight the promise has passed; the apology is planned and waits for the morning."""
    adopt(shop, APOLOGY)
    shop.order("1", "aoi", promised_at=PROMISED)
    shop.react()
    _go(shop, until=PROMISED + timedelta(minutes=10))
    assert sent(shop) == []
    return shop


def _go(shop: Shop, *, until: datetime) -> None:
    shop.now = until
    shop.react()
    shop.fold()
    sweep(now=shop.now)
    shop.step()


def _days(shop: Shop, days: int) -> list[str]:
    out = []
    for _ in range(days):
        _go(shop, until=shop.now + DAY)
        out += sent(shop)
    return out


def _reason() -> str:
    return Message.objects.get(template=APOLOGY).reason


def test_a_parcel_that_is_still_awaited_is_apologised_for_in_the_morning(late: Shop) -> None:
    _go(late, until=MORNING)
    assert sent(late) == [APOLOGY]


@pytest.mark.parametrize("wake", [True, False])
@pytest.mark.parametrize(
    ("delivered", "letters"),
    [(MORNING - timedelta(hours=1), [AFTER]), (PROMISED - timedelta(hours=6), [])],
    ids=["late", "on time after all"],
)
def test_who_has_it_by_the_morning_is_told_nothing_untrue(
    late: Shop, delivered: datetime, letters: list[str], wake: bool
) -> None:
    late.now = MORNING - timedelta(minutes=30)
    late.order("1", "aoi", at=NOON, promised_at=PROMISED, delivered_at=delivered, wake=wake)
    _go(late, until=MORNING)
    assert sent(late) == []
    assert _reason() == "order_not_late"
    assert _days(late, 20) == letters
    assert late.standing()[0][1] == "done"
    assert not Task.objects.exists()


def test_a_promise_moved_on_is_not_broken(late: Shop) -> None:
    late.order("1", "aoi", at=NOON, promised_at=PROMISED + 5 * DAY)
    _go(late, until=MORNING)
    assert sent(late) == []
    assert _reason() == "order_not_late"


@pytest.mark.parametrize("wake", [True, False])
def test_after_it_has_come_there_is_one_more_letter_the_next_morning(late: Shop, wake: bool) -> None:
    _go(late, until=MORNING)
    assert sent(late) == [APOLOGY]
    late.wait(2 * DAY)
    late.order("1", "aoi", at=NOON, promised_at=PROMISED, delivered_at=late.now, wake=wake)
    _go(late, until=late.now + timedelta(minutes=10))
    assert _days(late, 2) == [AFTER]


def test_what_never_comes_is_looked_into_and_not_written_about_as_if_it_had(late: Shop) -> None:
    _go(late, until=MORNING)
    assert sent(late) == [APOLOGY]
    assert _days(late, 20) == []
    task = Task.objects.get()
    assert (task.kind, task.person_id) == ("check", late.person("1"))


def test_another_order_of_the_same_customer_does_not_pass_for_the_awaited_one(late: Shop) -> None:
    _go(late, until=MORNING)
    sent(late)
    late.order("2", "aoi", delivered_at=late.now)
    assert _days(late, 3) == []
    assert not Task.objects.exists()


def test_an_order_has_come_when_its_last_parcel_has(late: Shop) -> None:
    _go(late, until=MORNING)
    sent(late)
    letters = []
    for second in (None, MORNING + 3 * DAY):
        first = ShipmentRecord(external_id="1", promised_at=PROMISED, delivered_at=MORNING + timedelta(hours=1))
        other = ShipmentRecord(external_id="2", promised_at=PROMISED, delivered_at=second)
        late.now = second or MORNING + timedelta(hours=2)
        record = replace(late.orders["1"], shipments=(first, other))
        with transaction.atomic():
            record_orders(orders=[record], import_id=None, now=late.now, wake=True)
        _go(late, until=late.now + timedelta(minutes=10))
        letters.append(_days(late, 2))
    assert letters == [[], [AFTER]]
