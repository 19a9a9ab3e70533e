"""An order is unique by its source and number: same again is unchanged, an edit replaces it whole."""

from dataclasses import replace

import pytest

from kizuna.customers.orders.models import Order, OrderLine
from kizuna.customers.orders.queries import orders_of
from kizuna.customers.orders.tests.cast import cup, facts, order, record, tea
from kizuna.customers.people.models import Person
from kizuna.customers.people.tests.cast import at
from kizuna.facts.outbox.models import OutboxEntry

pytestmark = pytest.mark.django_db


def test_the_same_orders_again_change_nothing() -> None:
    assert record(order("A-1"), order("A-2", customer=None)) == ["created", "created"]
    before = OutboxEntry.objects.count()
    assert record(order("A-1"), order("A-2", customer=None), import_id=2) == ["unchanged", "unchanged"]
    assert OutboxEntry.objects.count() == before
    assert Order.objects.get(external_id="A-2").person_id is None


def test_an_edit_replaces_the_lines_and_states_the_whole_order_at_the_next_revision() -> None:
    record(order("A-1"))
    edited = order("A-1", lines=(tea(quantity=3),), refunded_yen=700)
    assert record(edited, import_id=2, now=at(days=1)) == ["amended"]
    (card,) = orders_of(person_ids=list(Person.objects.values_list("id", flat=True)))
    assert [line.quantity for line in card.lines] == [3]
    assert card.refunded_yen == 700
    (amended,) = facts("OrderAmended")
    assert (amended.revision, amended.refunded_yen, amended.quantity) == (2, 700, 3)
    assert [(line.revision, line.product, line.category) for line in facts("OrderLineSold")] == [
        (1, "TEA-1", "お茶"),
        (1, "CUP-9", "食器"),
        (2, "TEA-1", "お茶"),
    ]


def test_a_cancellation_is_its_own_fact() -> None:
    record(order("A-1"))
    assert record(order("A-1", cancelled=True)) == ["amended"]
    (cancelled,) = facts("OrderCancelled")
    assert cancelled.revision == 2
    assert cancelled.touchpoint == "purchase"


def test_an_order_that_stands_twice_in_one_chunk_ends_as_its_last_row_says() -> None:
    assert record(order("A-1"), order("A-1", lines=(cup(),))) == ["created", "amended"]
    assert OrderLine.objects.count() == 1
    assert Order.objects.get().revision == 2


def test_a_later_line_without_a_category_takes_the_one_known_of_its_product() -> None:
    record(order("A-1", lines=(tea(),)))
    record(order("A-2", lines=(replace(tea(), category="", brand="", name=""),)))
    assert [(fact.category, fact.brand) for fact in facts("OrderLineSold")] == [("お茶", "絆園")] * 2


def test_what_no_database_can_hold_is_refused_row_by_row() -> None:
    outcomes = record(order(""), order("A-1"), order("A-2", total_yen=10**15), order("A-3\x00"))
    assert [getattr(one, "code", one) for one in outcomes] == [
        "order_not_storable",
        "created",
        "order_not_storable",
        "created",
    ]
