from collections import Counter
from datetime import timedelta

import pytest

from kizuna.cli.demo.company import Plan
from kizuna.cli.demo.generate import make_months
from kizuna.cli.demo.gifts import GIVEN, Gift, paid_yen
from kizuna.cli.demo.tests.conftest import TODAY
from kizuna.stats.randomisation import is_held_out


@pytest.fixture(scope="module")
def small() -> Plan:
    return Plan(today=TODAY, customers=4_000)


@pytest.fixture(scope="module")
def gifts(small: Plan) -> list[Gift]:
    return [gift for month in make_months(plan=small, running=True) for gift in month.gifts]


def test_nobody_whom_the_lot_leaves_untouched_gets_one(small: Plan, gifts: list[Gift]) -> None:
    assert {gift.assigned.planted.name for gift in gifts} == set(GIVEN)
    for gift in gifts:
        planted, unit = gift.assigned.planted, small.unit_of(number=gift.assigned.customer.number)
        assert not is_held_out(salt=planted.salt, unit=unit, share=planted.holdout_share)


def test_each_is_given_on_its_day_and_used_within_its_terms(small: Plan, gifts: list[Gift]) -> None:
    for gift in gifts:
        least = timedelta(days=21) if gift.given.wait else timedelta(0)
        assert gift.assigned.at + least <= gift.at < small.horizon
        if gift.sale is None:
            continue
        assert gift.sale.customer is gift.assigned.customer
        assert not gift.sale.cancelled
        assert gift.at < gift.sale.at < gift.at + timedelta(days=gift.given.valid_days)
        assert paid_yen(sale=gift.sale) >= gift.given.min_spend_yen


def test_an_order_is_paid_with_one_coupon_at_most(gifts: list[Gift]) -> None:
    used = Counter(gift.sale.number for gift in gifts if gift.sale is not None)
    assert len(used) > 20
    assert max(used.values()) == 1


def test_many_are_used_by_orders_that_the_nudge_brought_and_by_others_too(gifts: list[Gift]) -> None:
    brought = [gift.sale.brought_by for gift in gifts if gift.sale is not None and gift.given.wait]
    assert brought.count("second_purchase_nudge") > 10
    assert brought.count("") > 5
