"""GET shows and never stops; POST stops, also the one-click POST of a mail program, without cookies."""

from datetime import timedelta

import pytest
from django.test import Client

from kizuna.act.outreach.models import Message
from kizuna.act.outreach.operations import accepted, claim, complained, refuse_for, still_wanted
from kizuna.act.outreach.rules import Draft, LinkForged
from kizuna.act.outreach.rules.links import message_of, unsubscribe_token
from kizuna.act.outreach.tests.conftest import NOON, NewPerson, agree, draft, plan, take
from kizuna.customers.consent.models import Consent
from kizuna.customers.consent.queries import permission


def one_click(path: str) -> int:
    """The POST of a mail program (RFC 8058), without cookies; answers the status."""
    client = Client(enforce_csrf_checks=True)
    answer = client.post(path, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
    return answer.status_code


def sent(wanted: Draft) -> str:
    """Let this one message go out; answers the address of the link in it."""
    plan(wanted)
    (sendable,) = take()
    assert sendable.unsubscribe_url in sendable.text
    accepted(message_id=sendable.message_id, provider_id="x", now=NOON)
    return sendable.unsubscribe_url.partition("/u/")[2].join(("/u/", ""))


@pytest.fixture
def path(new_person: NewPerson, templates: None, sender: None) -> str:
    """The address of the link in an advertising mail that was sent."""
    return sent(draft(new_person(agrees=(("mail", "marketing"), ("mail", "survey"))), key="k", template="news"))


@pytest.fixture
def follow_up(new_person: NewPerson, templates: None, sender: None) -> str:
    """The address of the link in a follow-up that a practice sent to somebody who agrees to everything by mail."""
    agrees = (("mail", "marketing"), ("mail", "survey"), ("sms", "marketing"))
    return sent(draft(new_person(agrees=agrees, phone="090-1234-5678"), key="k", practice="p"))


def allowed(purpose: str = "marketing") -> bool:
    return permission(person_id=Message.objects.get().person_id, channel="mail", purpose=purpose).allowed


def test_looking_stops_nothing(path: str) -> None:
    before = Consent.objects.count()
    for method in ("get", "head"):
        assert getattr(Client(), method)(path).status_code == 200
    assert Consent.objects.count() == before
    page = Client().get(path).content.decode()
    assert "配信を停止しますか" in page
    assert "c1@example.jp" not in page
    assert "京都市中京区1-1" in page


def test_one_click_without_cookies_stops(path: str) -> None:
    assert one_click(path) == 200
    assert not allowed()
    assert allowed("survey")
    statement = Consent.objects.latest("id")
    assert (statement.granted, statement.actor, statement.proof_ip) == (False, "customer", "127.0.0.1")


def test_everything_can_be_stopped_at_once_and_a_mistake_taken_back(path: str) -> None:
    Client().post(path, {"everything": "1"})
    assert not allowed()
    assert not allowed("survey")
    assert "配信を停止しました" in Client().get(path).content.decode()
    Client().post(path, {"act": "resume"})
    assert allowed()
    assert allowed("survey")


def test_the_page_speaks_english_too_and_leaks_nothing(path: str) -> None:
    answer = Client().get(path + "?lang=en")
    assert "Stop these messages?" in answer.content.decode()
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "script-src" not in answer.headers["Content-Security-Policy"]
    assert "sessionid" not in answer.cookies


@pytest.mark.django_db
@pytest.mark.parametrize("token", ["x", "1.forgedu", "u", "9" * 300 + "u", "１.u"])
def test_a_forged_link_stops_nothing(token: str) -> None:
    with pytest.raises(LinkForged):
        message_of(token=token)
    for method in ("get", "post"):
        assert getattr(Client(), method)(f"/u/{token}/").status_code == 404


@pytest.mark.django_db
def test_a_link_to_no_message_is_no_link() -> None:
    assert Client().post(f"/u/{unsubscribe_token(message_id=77)}/").status_code == 404


def test_a_service_message_that_nobody_ordered_can_be_stopped_and_one_they_need_has_no_link(
    new_person: NewPerson, templates: None
) -> None:
    person = new_person()
    plan(draft(person, key="a"), draft(person, key="b", practice="p"))
    links = {one.key: one.unsubscribe_url for one in claim(channel="mail", limit=2, lease_seconds=60, now=NOON)}
    assert links["a"] == ""
    assert links["b"].endswith("u/")


def plan_everything(*, days: int) -> None:
    """Whatever the shop can write on that day: a practice's messages of each purpose, a plain one about an order."""
    person, at = Message.objects.earliest("id").person_id, NOON + timedelta(days=days)
    plan(
        draft(person, key=f"order{days}", due_at=at, channel="mail"),
        draft(person, key=f"after{days}", due_at=at, channel="mail", practice="q"),
        draft(person, key=f"news{days}", due_at=at, channel="mail", template="news", practice="q"),
        draft(person, key=f"ask{days}", due_at=at, channel="mail", template="ask", practice="q"),
        draft(person, key=f"sms{days}", due_at=at, channel="sms", template="news", practice="q"),
    )


def test_one_click_in_a_follow_up_stops_all_the_shop_writes_of_its_own_accord_and_no_word_about_an_order(
    follow_up: str,
) -> None:
    assert one_click(follow_up) == 200
    plan_everything(days=2)
    assert [one.key for one in take(days=2)] == ["order2"]
    assert [one.key for one in take("sms", days=2)] == ["sms2"]
    stopped = Message.objects.filter(state="not_sent").values_list("key", "reason")
    assert dict(stopped) == {"after2": "refused", "news2": "refused", "ask2": "refused"}


def test_the_last_look_hears_the_click_too(follow_up: str) -> None:
    person = Message.objects.get().person_id
    plan(draft(person, key="again", practice="q"), draft(person, key="order"))
    found = {one.key: one.message_id for one in take(days=1)}
    assert one_click(follow_up) == 200
    assert not still_wanted(message_id=found["again"], now=NOON + timedelta(days=1))
    assert still_wanted(message_id=found["order"], now=NOON + timedelta(days=1))


def test_the_page_offers_to_stop_only_such_messages(follow_up: str) -> None:
    page = Client().get(follow_up).content.decode()
    assert "「お買い上げ後のご案内」だけを停止する" in page
    assert 'value="1" checked' in page
    assert "お手続きに必要なご連絡は、停止後もお送りいたします" in page
    done = Client().post(follow_up, {"everything": "0"}).content.decode()
    assert "「お買い上げ後のご案内」" in done
    assert "広告" not in done
    plan_everything(days=2)
    assert {one.key for one in take(days=2)} == {"order2", "news2", "ask2"}


def test_taking_it_back_brings_back_what_there_was_and_agrees_to_nothing_new(follow_up: str) -> None:
    person = Message.objects.get().person_id
    agree(person, purpose="marketing", granted=False, at=NOON)  # no advertising, said elsewhere before
    Client().post(follow_up, {"everything": "1"})
    Client().post(follow_up, {"everything": "1"})
    assert "配信を停止しました" in Client().get(follow_up).content.decode()
    Client().post(follow_up, {"act": "resume"})
    plan_everything(days=2)
    assert {one.key for one in take(days=2)} == {"order2", "after2", "ask2"}


def test_a_customer_who_never_agreed_to_advertising_does_not_agree_by_taking_a_stop_back(
    new_person: NewPerson, templates: None, sender: None
) -> None:
    path = sent(draft(new_person(agrees=()), key="k", practice="p"))
    for form in ({"everything": "1"}, {"act": "resume"}):
        Client().post(path, form)
    assert not allowed()
    assert allowed("follow_up")


@pytest.mark.parametrize("way", ["staff", "complaint"])
def test_a_wish_told_to_staff_and_a_complaint_stop_as_much(way: str, follow_up: str) -> None:
    message = Message.objects.get()
    if way == "staff":
        refuse_for(person_id=message.person_id, channel="mail", actor="staff:1", now=NOON)
    else:
        complained(message_id=message.pk, now=NOON)
    assert not any(allowed(purpose) for purpose in ("marketing", "survey", "follow_up"))
    assert allowed("service")
