import pytest

from kizuna.act.offers.models import LedgerEntry
from kizuna.act.offers.operations import redeem, reverse
from kizuna.act.offers.queries import check_invariants
from kizuna.act.offers.rules import Redemption
from kizuna.act.offers.rules.refusals import AlreadyReversed, CouponUsed, SameKeyOtherBody
from kizuna.act.offers.tests.conftest import NOW, issue, make
from kizuna.facts.outbox.models import OutboxEntry

pytestmark = pytest.mark.django_db


def use(code: str, key: str = "k1", **given: object) -> Redemption:
    body = {"person_id": None, "order_id": None, "amount_yen": 3000, "store": "ginza"} | given
    return redeem(code=code, key=key, now=NOW, **body)  # type: ignore[arg-type]


def test_the_same_key_is_answered_the_same_and_happens_once(hanako: int) -> None:
    make()
    (coupon,) = issue(hanako)
    first = use(coupon.code)
    again = use(coupon.code.lower().replace("-", " "))
    assert (
        (first.redemption_id, first.discount_yen)
        == (again.redemption_id, again.discount_yen)
        == (again.redemption_id, 500)
    )
    assert (first.repeated, again.repeated) == (False, True)
    assert LedgerEntry.objects.count() == 1
    assert OutboxEntry.objects.filter(fact_type="CouponRedeemed").count() == 1
    assert check_invariants() == []


def test_the_same_key_with_another_body_is_a_conflict(hanako: int) -> None:
    make()
    (coupon,) = issue(hanako)
    use(coupon.code)
    with pytest.raises(SameKeyOtherBody):
        use(coupon.code, amount_yen=3001)
    with pytest.raises(CouponUsed):
        use(coupon.code, key="k2")


def test_a_reversal_gives_the_coupon_back_and_is_itself_once(hanako: int) -> None:
    make(total_limit=1)
    (coupon,) = issue(hanako)
    use(coupon.code)
    back = reverse(key="k1", reversal_key="r1", reason="mistake", now=NOW)
    assert reverse(key="k1", reversal_key="r1", reason="mistake", now=NOW).repeated
    with pytest.raises(SameKeyOtherBody):
        reverse(key="k1", reversal_key="r1", reason="returned", now=NOW)
    with pytest.raises(AlreadyReversed):
        reverse(key="k1", reversal_key="r2", reason="mistake", now=NOW)
    again = use(coupon.code, key="k3")
    assert again.redemption_id != back.redemption_id
    assert use(coupon.code).redemption_id == back.redemption_id  # the first key keeps its answer
    assert LedgerEntry.objects.count() == 3
    assert check_invariants() == []
