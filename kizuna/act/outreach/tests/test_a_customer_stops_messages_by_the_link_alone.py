"""GET shows and never stops; POST stops, also the one-click POST of a mail program, without cookies."""

import pytest
from django.test import Client

from kizuna.act.outreach.models import Message
from kizuna.act.outreach.operations import accepted, claim, describe_sender
from kizuna.act.outreach.rules.links import LinkForged, message_of, unsubscribe_token
from kizuna.act.outreach.tests.conftest import NOON, NewPerson, draft, plan
from kizuna.customers.consent.models import Consent
from kizuna.customers.consent.queries import permission


@pytest.fixture
def path(new_person: NewPerson, templates: None) -> str:
    """The address of the link in an advertising mail that was sent."""
    describe_sender(name="きずな堂", address="京都市1-1", actor="a", now=NOON)
    plan(draft(new_person(agrees=(("mail", "marketing"), ("mail", "survey"))), key="k", template="news"))
    (sendable,) = claim(channel="mail", limit=1, lease_seconds=60, now=NOON)
    assert sendable.unsubscribe_url in sendable.text
    accepted(message_id=sendable.message_id, provider_id="x", now=NOON)
    return sendable.unsubscribe_url.partition("/u/")[2].join(("/u/", ""))


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
    assert "京都市1-1" in page


def test_one_click_without_cookies_stops(path: str) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post(path, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 200
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
    assert not allowed("survey")


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
