import pytest

from kizuna.act.offers.operations import erase_people, redeem
from kizuna.act.offers.queries import check_invariants, coupon, export_people, offer
from kizuna.act.offers.rules.refusals import CouponWithdrawn
from kizuna.act.offers.tests.conftest import NOW, issue, make

pytestmark = pytest.mark.django_db


def test_unused_coupons_are_withdrawn_and_what_was_used_still_counts(hanako: int) -> None:
    make(budget_yen=10_000)
    used, unused = issue(hanako, hanako)
    redeem(code=used.code, key="k", person_id=None, order_id=None, amount_yen=3000, store="ginza", now=NOW)
    told = export_people(person_ids=[hanako])
    assert [one["コード"] for one in told["クーポン"]] == [used.code, unused.code]  # type: ignore[attr-defined]
    assert [one["値引額（円）"] for one in told["クーポンの利用"]] == [500]  # type: ignore[attr-defined]
    before = offer(name="next-500")
    assert erase_people(root_id=hanako, now=NOW) == 1
    assert isinstance(coupon(code=unused.code, now=NOW).refusal, CouponWithdrawn)
    with pytest.raises(CouponWithdrawn):
        redeem(code=unused.code, key="k2", person_id=None, order_id=None, amount_yen=3000, store="", now=NOW)
    assert offer(name="next-500") == before
    assert check_invariants() == []
