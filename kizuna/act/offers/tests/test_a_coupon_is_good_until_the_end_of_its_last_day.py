from datetime import UTC, datetime, timedelta

import pytest

from kizuna.act.offers.models import Coupon
from kizuna.act.offers.operations import redeem, reverse, stop_offer
from kizuna.act.offers.queries import check_invariants, coupon
from kizuna.act.offers.rules.codes import CodeMistyped, new_code
from kizuna.act.offers.rules.refusals import (
    CouponExpired,
    CouponOfAnother,
    CouponWithdrawn,
    NoSuchCoupon,
    OfferNotOpen,
    PersonNeeded,
    SpendTooSmall,
    TooEarly,
)
from kizuna.act.offers.tests.conftest import NOW, issue, make, person
from kizuna.clock import JST

pytestmark = pytest.mark.django_db


def use(code: str, now: datetime, key: str = "k", **given: object) -> object:
    body = {"person_id": None, "order_id": None, "amount_yen": 3000, "store": ""} | given
    return redeem(code=code, key=key, now=now, **body)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("issued", "days", "over"),
    [
        (datetime(2026, 6, 1, 23, 59, tzinfo=JST), 30, datetime(2026, 7, 2, tzinfo=JST)),
        (datetime(2026, 6, 1, 15, 0, tzinfo=UTC), 30, datetime(2026, 7, 3, tzinfo=JST)),  # already the 2nd in Japan
        (datetime(2028, 1, 31, 12, 0, tzinfo=JST), 29, datetime(2028, 3, 1, tzinfo=JST)),  # a leap day
        (datetime(2026, 12, 31, 12, 0, tzinfo=JST), 1, datetime(2027, 1, 2, tzinfo=JST)),
    ],
)
def test_it_ends_at_midnight_in_japan_and_not_a_moment_later(issued: datetime, days: int, over: datetime) -> None:
    make(valid_days=days)
    first, second = issue(None, None, now=issued)
    assert first.expires_at == over
    assert first.last_day == (over - timedelta(hours=1)).date()
    use(first.code, over - timedelta(microseconds=1))
    with pytest.raises(CouponExpired):
        use(second.code, over, key="late")
    assert coupon(code=second.code, now=over).state == "expired"
    assert check_invariants() == []


def test_a_reversed_coupon_is_good_again_only_until_its_end() -> None:
    make()
    (one,) = issue(None)
    use(one.code, NOW)
    reverse(key="k", reversal_key="r", reason="returned", now=one.expires_at)
    with pytest.raises(CouponExpired):
        use(one.code, one.expires_at, key="k2")


def test_each_refusal_says_why(hanako: int) -> None:
    make("early", starts_at=NOW + timedelta(days=1))
    make("big", min_spend_yen=5000)
    make("counted", per_person_limit=1)
    with pytest.raises(TooEarly):
        use(issue(None, offer="early", mark="a")[0].code, NOW)
    with pytest.raises(SpendTooSmall) as small:
        use(issue(None, offer="big", mark="b")[0].code, NOW, amount_yen=4999)
    assert (small.value.needed_yen, small.value.amount_yen) == (5000, 4999)
    with pytest.raises(PersonNeeded):
        use(issue(None, offer="counted", mark="c")[0].code, NOW)
    (hers,) = issue(hanako, offer="big", mark="d")
    with pytest.raises(CouponOfAnother):
        use(hers.code, NOW, person_id=person("taro"), amount_yen=6000)
    Coupon.objects.filter(pk=hers.coupon_id).update(withdrawn_at=NOW)
    with pytest.raises(CouponWithdrawn):
        use(hers.code, NOW, amount_yen=6000)
    good = new_code(prefix="ZZ")
    with pytest.raises(NoSuchCoupon):
        use(good, NOW)
    with pytest.raises(CodeMistyped):
        use(good[:-1] + ("0" if good[-1] != "0" else "1"), NOW)
    assert check_invariants() == []


def test_a_stopped_offer_keeps_its_promises_unless_told_otherwise() -> None:
    offer_id = make()
    first, second = issue(None, None)
    stop_offer(offer_id=offer_id, honours_issued=True, actor="user:1", now=NOW)
    use(first.code, NOW)
    stop_offer(offer_id=offer_id, honours_issued=False, actor="user:1", now=NOW)
    with pytest.raises(OfferNotOpen):
        use(second.code, NOW, key="k2")
