from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection, transaction

from kizuna.act.offers.models import Coupon
from kizuna.act.offers.operations import fill_pool, issue_coupons
from kizuna.act.offers.queries import coupons_of
from kizuna.act.offers.rules import CouponRequest, IssuedCoupon
from kizuna.act.offers.rules.refusals import NoSuchOffer, OfferIncomplete, PersonLimitReached, PoolEmpty
from kizuna.act.offers.tests.conftest import NOW, issue, make, person
from kizuna.facts.outbox.models import OutboxEntry

pytestmark = pytest.mark.django_db


def told() -> int:
    return sum(OutboxEntry.objects.filter(fact_type="CouponIssued").values_list("fact_count", flat=True))


def test_issuing_again_answers_with_the_same_codes(hanako: int) -> None:
    make()
    first = issue(hanako, None, hanako)
    assert issue(hanako, None, hanako, now=NOW + timedelta(days=2)) == first
    assert len({one.code for one in first}) == 3
    assert Coupon.objects.count() == told() == 3
    assert {card.practice for card in coupons_of(person_ids=[hanako], now=NOW)} == {"p"}


def test_one_key_twice_in_one_call_is_one_coupon() -> None:
    make()
    twice = [CouponRequest(person_id=None, key="k")] * 2
    one, other = issue_coupons(offer="next-500", requests=twice, now=NOW)
    assert one == other
    assert told() == 1


def test_an_undone_change_leaves_no_coupon() -> None:
    make()
    with transaction.atomic():
        issue(None)
        transaction.set_rollback(True)
    assert not Coupon.objects.exists()
    assert told() == 0


def test_a_customer_is_not_given_more_than_may_be_used(hanako: int) -> None:
    make(per_person_limit=1)
    wanted = [CouponRequest(person_id=hanako, key=f"k{n}") for n in range(2)]
    given, refused = issue_coupons(offer="next-500", requests=wanted, now=NOW)
    assert isinstance(given, IssuedCoupon)
    assert isinstance(refused, PersonLimitReached)
    later = given.expires_at  # never used and over: the customer may be given another
    again = issue_coupons(offer="next-500", requests=[CouponRequest(person_id=hanako, key="k2")], now=later)
    assert isinstance(again[0], IssuedCoupon)


def test_a_pool_gives_each_code_once_and_then_says_that_it_is_empty() -> None:
    offer_id = make(code_mode="pool")
    filled = fill_pool(
        offer_id=offer_id, lines=["\ufeffabc-001", "ＡＢＣ００２,memo", "abc001", "", "x"], actor="user:1", now=NOW
    )
    assert (filled.added, filled.known, filled.refused) == (2, 1, ((5, "x"),))
    assert fill_pool(offer_id=offer_id, lines=["ABC-001"], actor="user:1", now=NOW).added == 0
    wanted = [CouponRequest(person_id=None, key=f"k{n}") for n in range(3)]
    *given, refused = issue_coupons(offer="next-500", requests=wanted, now=NOW)
    assert [one.code for one in given if isinstance(one, IssuedCoupon)] == ["ABC001", "ABC002"]
    assert isinstance(refused, PoolEmpty)
    assert issue_coupons(offer="next-500", requests=wanted[:2], now=NOW) == given


def test_an_offer_that_makes_its_codes_takes_none_and_an_unknown_one_is_refused() -> None:
    with pytest.raises(OfferIncomplete):
        fill_pool(offer_id=make(), lines=["ABC1"], actor="user:1", now=NOW)
    with pytest.raises(NoSuchOffer):
        issue_coupons(offer="nothing", requests=[], now=NOW)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time")
@pytest.mark.parametrize("code_mode", ["generated", "pool"])
def test_workers_that_race_for_the_same_keys_hand_out_the_same_coupons(code_mode: str) -> None:
    offer_id = make(code_mode=code_mode)
    people = [person(f"p{n}") for n in range(20)]
    if code_mode == "pool":
        fill_pool(offer_id=offer_id, lines=[f"CODE{n:04}" for n in range(500)], actor="user:1", now=NOW)
    barrier = Barrier(8)

    def work(_: int) -> list[str]:
        barrier.wait()
        try:
            return [one.code for one in issue(*people)]
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(work, range(8)))
    assert all(answer == answers[0] for answer in answers)
    assert Coupon.objects.filter(issued_at__isnull=False).count() == 20
    assert told() == 20
