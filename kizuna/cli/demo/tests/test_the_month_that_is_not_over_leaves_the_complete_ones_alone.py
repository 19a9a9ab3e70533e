from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from kizuna.cli.demo.company import MONTHS, Plan
from kizuna.cli.demo.generate import Month, make_months
from kizuna.customers.orders.rules import OrderRecord

FIRST = date(2026, 11, 1)


@pytest.fixture(scope="module")
def late() -> Plan:
    return Plan(today=date(2026, 11, 21), customers=2_000)


@pytest.fixture(scope="module")
def months(late: Plan) -> list[Month]:
    return list(make_months(plan=late, running=True))


def _sold(month: Month) -> list[OrderRecord]:
    """Without the parcels, of which more is known on a later day."""
    return [replace(order, shipments=()) for order in month.orders]


def test_whatever_the_day_the_complete_months_are_the_same(months: list[Month]) -> None:
    on_the_first = list(make_months(plan=Plan(today=FIRST, customers=2_000), running=True))
    assert len(on_the_first) == MONTHS
    for one, other in zip(on_the_first, months[:MONTHS], strict=True):
        assert _sold(one) == _sold(other)
        assert (one.members, one.answers, one.reviews, one.notes) == (
            other.members,
            other.answers,
            other.reviews,
            other.notes,
        )


def test_the_running_month_is_as_busy_as_a_month_and_ends_yesterday(late: Plan, months: list[Month]) -> None:
    assert len(months) == MONTHS + 1
    now, before = months[-1], months[-2]
    share = late.running_days / 31
    assert 0.75 * share < len(now.orders) / len(before.orders) < 1.5 * share
    assert all(late.end <= order.ordered_at < late.horizon for order in now.orders)
    assert {order.ordered_at.day for order in now.orders} == set(range(1, 21))


def test_no_id_of_the_running_month_was_there_before(months: list[Month]) -> None:
    orders = Counter((order.source, order.external_id) for month in months for order in month.orders)
    assert max(orders.values()) == 1


def test_what_customers_say_of_it_has_not_come_in_yet(months: list[Month]) -> None:
    assert (months[-1].answers, months[-1].reviews) == ((), ())


def test_new_customers_come_and_old_ones_return(late: Plan, months: list[Month]) -> None:
    reached = {one.customer.number for one in months[-1].assigned}
    assert any(number >= late.customers for number in reached)
    assert any(number < late.customers for number in reached)
