"""A limit or a budget counts what is out there too: nobody is given a coupon that the till would refuse."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, transaction

from kizuna.act.offers.models import Coupon
from kizuna.act.offers.operations import erase_people, issue_coupons, redeem, reverse
from kizuna.act.offers.rules import CouponRequest, IssuedCoupon
from kizuna.act.offers.tests.conftest import NOW, issue, make, person
from kizuna.errors import Refusal

SPENT = timedelta(days=40)
"""After so long the coupons of the first day, good for thirty, are over."""


def _ask(count: int, *, mark: str = "x", after: timedelta = timedelta(0)) -> list[str]:
    """What became of so many requests: «given» or the code of the refusal."""
    requests = [CouponRequest(person_id=None, key=f"{mark}{n}", practice="p") for n in range(count)]
    with transaction.atomic():
        answers = issue_coupons(offer="next-500", requests=requests, now=NOW + after)
    return ["given" if isinstance(one, IssuedCoupon) else one.code for one in answers]


def _use(coupon: IssuedCoupon | Coupon) -> None:
    redeem(
        code=coupon.code, key=f"use:{coupon.code}", person_id=None, order_id=None, amount_yen=3000, store="",
        now=NOW,
    )  # fmt: skip


@pytest.mark.django_db
def test_no_more_are_given_than_may_be_used_and_each_can_be_used() -> None:
    make(total_limit=3)
    assert _ask(5) == ["given"] * 3 + ["limit_reached"] * 2
    for coupon in Coupon.objects.all():
        _use(coupon)
    assert _ask(1, mark="later") == ["limit_reached"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("terms", "room"),
    [
        ({"budget_yen": 1_999}, 3),
        ({"budget_yen": 1_999, "kind": "percent", "value": 10, "max_discount_yen": 600}, 3),
        ({"budget_yen": 1_999, "kind": "percent", "value": 10, "min_spend_yen": 5_000}, 3),
        ({"budget_yen": 1_999, "kind": "gift", "value": 900, "unit_cost_yen": 400, "min_spend_yen": 5_000}, 4),
    ],
)
def test_a_budget_is_set_aside_with_what_a_use_costs(terms: dict[str, Any], room: int) -> None:
    make(**terms)
    assert _ask(5) == ["given"] * room + ["budget_spent"] * (5 - room)


@pytest.mark.django_db
def test_the_refusal_says_it_in_both_languages() -> None:
    make(budget_yen=700)
    issue(None)
    with transaction.atomic():
        (why,) = issue_coupons(offer="next-500", requests=[CouponRequest(person_id=None, key="n")], now=NOW)
    assert isinstance(why, Refusal)
    assert "残り200円" in why.words.ja
    assert "200 yen left" in why.words.en


@pytest.mark.django_db
def test_what_ends_unused_or_is_taken_back_makes_room_again() -> None:
    make(total_limit=2)
    hanako = person("hanako")
    _, second = issue(hanako, None)
    assert _ask(1) == ["limit_reached"]
    erase_people(root_id=hanako, now=NOW)  # her coupon is withdrawn
    assert _ask(1) == ["given"]
    _use(second)
    assert _ask(1, mark="y", after=SPENT) == ["given"]  # the third has ended unused, the second was used
    assert _ask(1, mark="z", after=SPENT) == ["limit_reached"]
    reverse(key=f"use:{second.code}", reversal_key="back", reason="returned", now=NOW + SPENT)
    assert _ask(1, mark="z", after=SPENT) == ["given"]  # and its coupon is over too


@pytest.mark.django_db
def test_the_same_cause_is_answered_with_its_coupon_also_when_nothing_is_left() -> None:
    make(total_limit=1)
    assert _ask(1) == _ask(1) == ["given"]
    assert Coupon.objects.count() == 1


@pytest.mark.django_db
def test_a_code_for_many_uses_sets_one_aside() -> None:
    make(total_limit=3, uses_per_coupon=100)
    assert _ask(4) == ["given"] * 3 + ["limit_reached"]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time")
def test_racing_issuers_give_no_more_than_there_is_room_for() -> None:
    make(total_limit=20)
    person("somebody")
    barrier = Barrier(8)

    def give(number: int) -> Sequence[str]:
        try:
            barrier.wait()
            return _ask(5, mark=f"{number}:")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = [one for part in pool.map(give, range(8)) for one in part]
    assert sorted(answers) == ["given"] * 20 + ["limit_reached"] * 20
    assert Coupon.objects.count() == 20
