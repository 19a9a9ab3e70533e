from datetime import timedelta

import pytest
from django.utils import timezone

from kizuna.act.offers.models import LedgerEntry
from kizuna.act.offers.operations import redeem, reverse_cancelled_due
from kizuna.act.offers.queries import check_invariants, cost_by_practice, coupon, offer
from kizuna.act.offers.reactions import order_cancelled
from kizuna.act.offers.tests.conftest import NOW, issue, make
from kizuna.customers.orders.models import Order
from kizuna.customers.orders.tests.cast import order, record
from kizuna.facts.catalogue import OrderCancelled
from kizuna.facts.outbox.models import OutboxEntry
from kizuna.facts.outbox.operations import publish, react_due
from kizuna.facts.outbox.rules import to_facts

pytestmark = pytest.mark.django_db


def bought(code: str, order_id: int, key: str) -> None:
    redeem(code=code, key=key, person_id=None, order_id=order_id, amount_yen=3000, store="", now=NOW)


def told() -> list[object]:
    entries = OutboxEntry.objects.filter(fact_type="CouponReversed").order_by("id")
    return [fact for entry in entries for fact in to_facts(fact_type=entry.fact_type, payload=bytes(entry.payload))]


def test_the_fact_makes_the_reaction_take_it_back_once() -> None:
    make(total_limit=2, budget_yen=1000)
    one, other = issue(None, None)
    bought(one.code, 7, "a")
    bought(other.code, 8, "b")
    fact = OrderCancelled(occurred_at=NOW, person_id=None, order_id=7, source="shop", total_yen=3000)
    publish(facts=[fact, fact], now=NOW)
    react_due(now=NOW + timedelta(minutes=1), reactions={OrderCancelled: (order_cancelled,)}, limit=100)
    reversal = LedgerEntry.objects.get(kind="reversed")
    assert (reversal.order_id, reversal.reason) == (7, "cancelled")
    (back,) = told()
    assert (back.redemption_id, back.revision, back.occurred_at) == (reversal.reverses_id, 1, NOW)  # type: ignore[attr-defined]
    assert coupon(code=one.code, now=NOW).state == "usable"
    assert coupon(code=other.code, now=NOW).state == "used"
    assert (offer(name="next-500").redeemed, offer(name="next-500").budget_left_yen) == (1, 500)
    assert cost_by_practice(date_from=None, date_to=None) == {"p": 500}
    assert check_invariants() == []


def test_an_import_that_wakes_nobody_is_found_by_the_sweep() -> None:
    make()
    (one,) = issue(None)
    record(order("A-1"))
    bought(one.code, Order.objects.get().pk, "a")
    assert reverse_cancelled_due(now=NOW, every=timedelta(0)) == 0
    record(order("A-1", cancelled=True), import_id=2)
    assert reverse_cancelled_due(now=NOW, every=timedelta(0)) == 1
    assert reverse_cancelled_due(now=NOW, every=timedelta(0)) == 0
    assert check_invariants() == []


def test_costs_are_counted_on_japanese_days() -> None:
    make()
    one, other = issue(None, None)
    day = timezone.localtime(NOW).date()
    midnight = timezone.localtime(NOW).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    for code, key, at in ((one.code, "a", midnight - timedelta(seconds=1)), (other.code, "b", midnight)):
        redeem(code=code, key=key, person_id=None, order_id=None, amount_yen=3000, store="", now=at)
    assert cost_by_practice(date_from=day, date_to=day + timedelta(days=1)) == {"p": 500}
    assert cost_by_practice(date_from=day, date_to=None) == {"p": 1000}
