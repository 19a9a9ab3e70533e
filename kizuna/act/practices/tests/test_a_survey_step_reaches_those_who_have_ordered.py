"""The ready recovery asks its question by mail, through the gate, without a consent that nobody could give."""

from datetime import timedelta

from kizuna.act.outreach.models import Message
from kizuna.act.outreach.operations import accepted, claim, unsubscribe
from kizuna.act.outreach.rules.links import unsubscribe_token
from kizuna.act.practices.tests.shop import DAY, Shop, adopt, named_sender


def send(shop: Shop) -> list[str]:
    shop.step()
    sent = claim(channel="mail", limit=50, lease_seconds=60, now=shop.now)
    for one in sent:
        accepted(message_id=one.message_id, provider_id="x", now=shop.now)
    return [one.subject for one in sent]


def recovering(shop: Shop) -> None:
    named_sender(shop)
    adopt(shop, "detractor_recovery")
    shop.order("1", "aoi")
    shop.answer("a", "aoi", 2)
    shop.react()
    shop.step()
    shop.wait(2 * DAY)
    assert send(shop) == ["このたびはご満足いただけず、申し訳ございません"]


def test_two_weeks_after_the_apology_the_customer_is_asked_again(shop: Shop) -> None:
    recovering(shop)
    shop.wait(15 * DAY)
    assert send(shop) == ["その後、ご不便は解消されましたでしょうか"]
    assert "/s/" in Message.objects.get(purpose="survey").values


def test_who_stops_the_apology_is_not_asked(shop: Shop) -> None:
    recovering(shop)
    unsubscribe(token=unsubscribe_token(message_id=Message.objects.get().pk), now=shop.now + timedelta(hours=1))
    shop.wait(15 * DAY)
    assert send(shop) == []
    assert list(Message.objects.filter(purpose="survey").values_list("state", "reason")) == [("not_sent", "refused")]
