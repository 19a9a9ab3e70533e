from datetime import timedelta

import pytest

from kizuna.act.offers.models import Coupon, LedgerEntry, Reservation
from kizuna.act.offers.operations import redeem, release, release_due, reserve
from kizuna.act.offers.operations.reserve import HOLD
from kizuna.act.offers.queries import check_invariants, offer
from kizuna.act.offers.rules.refusals import CouponExpired, CouponUsed, LimitReached, NothingUnderKey, SameKeyOtherBody
from kizuna.act.offers.tests.conftest import NOW, issue, issue_beyond, make

pytestmark = pytest.mark.django_db
BODY = {"person_id": None, "amount_yen": 3000, "store": ""}


def hold(code: str, key: str = "cart"):  # type: ignore[no-untyped-def]
    return reserve(code=code, key=key, now=NOW, **BODY)  # type: ignore[arg-type]


def pay(code: str, key: str = "cart", **given: object):  # type: ignore[no-untyped-def]
    return redeem(code=code, key=key, order_id=5, now=given.pop("now", NOW), **(BODY | given))  # type: ignore[arg-type]


def test_a_held_coupon_takes_from_every_limit_and_is_redeemed_as_held(hanako: int) -> None:
    make(total_limit=1, budget_yen=500, per_person_limit=1)
    (coupon,) = issue(hanako)
    held = hold(coupon.code)
    assert (held.discount_yen, hold(coupon.code).repeated) == (500, True)
    assert (offer(name="next-500").uses_left, offer(name="next-500").budget_left_yen) == (0, 0)
    with pytest.raises(CouponUsed):
        hold(coupon.code, key="other")
    assert check_invariants() == []
    assert pay(coupon.code).discount_yen == 500
    assert pay(coupon.code).repeated
    assert (Coupon.objects.get().used, Reservation.objects.get().state) == (1, "redeemed")
    assert check_invariants() == []


def test_what_is_not_paid_is_let_go_when_its_time_is_over() -> None:
    make(total_limit=1)
    one, other = issue_beyond(None, None)
    hold(one.code)
    with pytest.raises(LimitReached):
        hold(other.code, key="other")
    assert release_due(now=NOW + HOLD - timedelta(seconds=1)) == 0
    assert release_due(now=NOW + HOLD) == 1
    assert release_due(now=NOW + HOLD) == 0
    assert check_invariants() == []
    assert pay(other.code, key="other").discount_yen == 500
    with pytest.raises(LimitReached):
        pay(one.code)
    assert check_invariants() == []


def test_a_checkout_that_is_given_up_lets_go_at_once_and_only_once() -> None:
    make()
    (coupon,) = issue(None)
    hold(coupon.code)
    release(key="cart")
    release(key="cart")
    with pytest.raises(NothingUnderKey):
        release(key="unknown")
    assert Coupon.objects.get().used == 0
    assert check_invariants() == []
    assert pay(coupon.code, key="next").discount_yen == 500


def test_another_purchase_under_the_same_key_is_a_conflict() -> None:
    make()
    (coupon,) = issue(None)
    hold(coupon.code)
    with pytest.raises(SameKeyOtherBody):
        reserve(code=coupon.code, key="cart", person_id=None, amount_yen=9999, store="", now=NOW)
    with pytest.raises(SameKeyOtherBody):
        pay(coupon.code, amount_yen=9999)
    assert not LedgerEntry.objects.exists()
    assert check_invariants() == []


def test_a_held_coupon_is_not_paid_with_after_its_end() -> None:
    make()
    (coupon,) = issue(None)
    hold(coupon.code)
    with pytest.raises(CouponExpired):
        pay(coupon.code, now=coupon.expires_at)
    release_due(now=coupon.expires_at)
    assert check_invariants() == []
