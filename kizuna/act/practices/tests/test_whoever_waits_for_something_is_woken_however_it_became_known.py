"""A wait for a fact ends when it happens, also when an import brings it, which wakes no reaction."""

from collections.abc import Callable
from datetime import timedelta
from typing import get_args

import pytest
from django.db import transaction

from kizuna.act.offers.operations import issue_coupons, redeem
from kizuna.act.offers.rules import CouponRequest, IssuedCoupon
from kizuna.act.outreach.models import Message, Sender
from kizuna.act.outreach.operations import opened, plan_messages
from kizuna.act.outreach.rules import Draft
from kizuna.act.practices.operations import sweep
from kizuna.act.practices.rules.flow import Awaited, FactTrigger, Wait
from kizuna.act.practices.tests.shop import DAY, Shop, begin, named_sender, offered, sent, thanks
from kizuna.customers.people.rules import Sighting
from kizuna.listen.reviews.operations import record_reviews
from kizuna.listen.reviews.rules import ReviewRecord


def _reviewed(shop: Shop) -> None:
    who = Sighting(source="webshop", observed_at=shop.now, account_id="aoi")
    one = ReviewRecord(site="mall", external_id="r1", customer=who, rating=4.0, posted_at=shop.now)
    with transaction.atomic():
        record_reviews(reviews=[one], import_id=None, now=shop.now, wake=False)


def _opened(shop: Shop) -> None:
    with transaction.atomic():
        plan_messages(
            drafts=[Draft(key="m", person_id=shop.person("1"), template="thanks", due_at=shop.now)], now=shop.now
        )
    assert sent(shop) == ["thanks"]
    opened(message_id=Message.objects.get().pk, now=shop.now)


def _redeemed(shop: Shop) -> None:
    offered(shop)
    with transaction.atomic():
        wanted = CouponRequest(person_id=shop.person("1"), key="c")
        (one,) = issue_coupons(offer="next500", requests=[wanted], now=shop.now)
    assert isinstance(one, IssuedCoupon)
    redeem(code=one.code, key="r", person_id=shop.person("1"), order_id=None, amount_yen=3000, store="", now=shop.now)


HAPPENS: dict[str, Callable[[Shop], object]] = {
    "ordered": lambda shop: shop.order("2", "aoi", wake=False),
    "answered": lambda shop: shop.answer("a", "aoi", 9.0, wake=False),
    "delivered": lambda shop: shop.order("2", "aoi", delivered_at=shop.now, wake=False),
    "reviewed": _reviewed,
    "opened": _opened,
    "redeemed": _redeemed,
}


@pytest.mark.parametrize("fact", get_args(Awaited))
def test_the_sweep_finds_it(shop: Shop, fact: Awaited) -> None:
    steps = dict(thanks().nodes) | {"rest": Wait(until_fact=fact, timeout_days=30, next="thank")}
    named_sender(shop)
    Sender.objects.update(tracks_opens=True)
    begin(shop, thanks(trigger=FactTrigger(fact="answered"), nodes=steps))
    shop.order("1", "aoi")
    shop.answer("0", "aoi", 5.0)
    shop.react()
    shop.fold()
    shop.wait(DAY)
    assert sweep(now=shop.now) == shop.step() == 0
    HAPPENS[fact](shop)  # and no reaction is let run
    shop.wait(timedelta(minutes=6))
    sweep(now=shop.now)
    assert shop.step() == 1
    assert shop.standing() == [("end", "done")]
