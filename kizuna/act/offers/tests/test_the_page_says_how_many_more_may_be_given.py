"""The page of an offer tells the very number that may still be given, and what to do when none is left."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from kizuna.act.offers.models import Coupon
from kizuna.act.offers.operations import fill_pool, issue_coupons, redeem, stop_offer
from kizuna.act.offers.queries import rooms
from kizuna.act.offers.rules import CouponRequest, IssuedCoupon
from kizuna.act.offers.tests.conftest import issue, make

pytestmark = pytest.mark.django_db
BOUNDS: list[tuple[dict[str, Any], int]] = [
    ({"total_limit": 7}, 6),
    ({"budget_yen": 2_999}, 4),
    ({"total_limit": 3, "budget_yen": 2_999}, 2),
    ({"budget_yen": 1_000, "kind": "percent", "value": 10, "max_discount_yen": 300}, 2),
    ({"budget_yen": 1_000, "kind": "percent", "value": 10, "min_spend_yen": 2_000}, 4),
    ({"code_mode": "pool"}, 4),
    ({"code_mode": "pool", "total_limit": 3}, 2),
]


def _page(client: Client, offer_id: int) -> str:
    answer = client.get(f"/offers/{offer_id}/")
    assert answer.status_code == 200
    return re.sub(r"<[^>]+>|\s+", " ", answer.content.decode())


def _told(client: Client, offer_id: int) -> int:
    found = re.search(r"お渡しできる残り枚数 +([\d,]+) +枚", _page(client, offer_id))
    assert found
    return int(found[1].replace(",", ""))


def _given(count: int) -> int:
    """How many of so many requests are answered with a coupon."""
    requests = [CouponRequest(person_id=None, key=f"more:{n}", practice="p") for n in range(count)]
    with transaction.atomic():
        answers = issue_coupons(offer="next-500", requests=requests, now=timezone.now())
    return sum(isinstance(one, IssuedCoupon) for one in answers)


@pytest.mark.parametrize(("terms", "left"), BOUNDS)
def test_what_is_told_is_what_is_given(terms: dict[str, Any], left: int, leader: Client) -> None:
    offer_id = make(**terms)
    if "code_mode" in terms:
        codes = [f"CODE-{n}" for n in range(5)]
        fill_pool(offer_id=offer_id, lines=codes, actor="test", now=timezone.now())
    issue(None, now=timezone.now())
    assert _told(leader, offer_id) == left
    assert "これ以上お渡しできません" not in _page(leader, offer_id)
    assert _given(left + 3) == left
    assert _told(leader, offer_id) == 0
    assert "これ以上お渡しできません" in _page(leader, offer_id)


def test_a_coupon_out_is_counted_once_as_given_or_as_used(leader: Client) -> None:
    offer_id = make(total_limit=5)
    now = timezone.now()
    one, _ = issue(None, None, now=now)
    assert "お客様がお持ちの未使用2枚を除く" in _page(leader, offer_id)
    redeem(code=one.code, key="u", person_id=None, order_id=None, amount_yen=900, store="", now=now)
    assert _told(leader, offer_id) == 3
    page = _page(leader, offer_id)
    assert "あと4回使えます" in page
    assert "お客様がお持ちの未使用1枚を除く" in page
    Coupon.objects.filter(used=0).update(expires_at=now - timedelta(days=1))  # it has ended unused
    assert _told(leader, offer_id) == 4


def test_without_a_bound_there_is_no_number(leader: Client) -> None:
    page = _page(leader, make())
    assert re.search(r"お渡しできる残り枚数 +制限なし", page)
    assert "お渡しできる残り枚数" not in _page(leader, make("draft", publish=False))


@pytest.mark.parametrize(
    ("terms", "ja", "en"),
    [
        ({"total_limit": 1}, "上限を増やすか、別の特典を公開して", "Raise the limit, or publish another offer"),
        ({"budget_yen": 600}, "予算を増やすか、別の特典を公開して", "Raise the budget, or publish another offer"),
        ({"code_mode": "pool"}, "コードを取り込むか、別の特典を公開して", "Bring in more codes"),
    ],
)
def test_when_none_is_left_it_says_what_to_do(terms: dict[str, Any], ja: str, en: str, leader: Client) -> None:
    offer_id = make(**terms)
    if "code_mode" not in terms:
        issue(None, now=timezone.now())
    assert ja in _page(leader, offer_id)
    leader.cookies["django_language"] = "en"
    page = _page(leader, offer_id)
    assert "No more can be given. " in page
    assert en in page
    assert re.search(r"Still to give +0 ", page)


def test_what_is_over_or_stopped_gives_none(leader: Client) -> None:
    now = timezone.now()
    over = make("over", starts_at=now - timedelta(days=9), ends_at=now - timedelta(hours=1))
    assert "期間が終わっています" in _page(leader, over)
    assert _told(leader, over) == 0
    stopped = make("stopped")
    stop_offer(offer_id=stopped, honours_issued=True, actor="test", now=now)
    assert "停止されています。別の特典を公開して" in _page(leader, stopped)
    assert _told(leader, stopped) == 0


def test_a_percentage_without_bounds_is_not_given_on_an_empty_budget() -> None:
    """Nothing can be set aside for it, but with nothing left the till would refuse every use."""
    make(kind="percent", value=50, budget_yen=1_000)
    now = timezone.now()
    (one,) = issue(None, now=now)
    assert rooms(names=["next-500"], now=now)["next-500"].left is None
    redeem(code=one.code, key="u", person_id=None, order_id=None, amount_yen=2_000, store="", now=now)
    assert rooms(names=["next-500"], now=now)["next-500"].left == 0
    assert _given(1) == 0


def test_several_offers_are_asked_at_once_and_unknown_ones_left_out() -> None:
    make("a", total_limit=2)
    make("b")
    make("c", code_mode="pool")
    found = rooms(names=["a", "b", "c", "nothing"], now=timezone.now())
    assert {name: room.left for name, room in found.items()} == {"a": 2, "b": None, "c": 0}
