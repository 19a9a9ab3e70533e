"""From the messages to the local outbox, to what customers wrote back, and to what waits for a person."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from kizuna.act.outreach.models import Message
from kizuna.act.outreach.operations import claim, uncertain
from kizuna.connectors.channels.tests.cast import LINE_ID, MAIL, NOON, make_person, make_templates, plan
from kizuna.connectors.line.models import LineEvent
from kizuna.connectors.mail.models import Mailbox, MailSettings, ReturnedMail
from kizuna.connectors.mail.operations import read_new, send_due
from kizuna.connectors.mail.rules.addresses import token_of
from kizuna.connectors.mail.tests import returned_mails
from kizuna.connectors.sms.models import SmsReceived
from kizuna.customers.staff.rules import Role
from kizuna.web.tests.conftest import SignedIn

PHONE = "+819012345678"


@pytest.fixture
def person(db: None) -> int:
    make_templates()
    return make_person()


def _text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return str(answer.content.decode())


def _wrote(*, count: int = 1) -> None:
    """A LINE message and a text of the customer, a minute ago, and a stranger's text."""
    now = timezone.now()
    for number in range(count):
        LineEvent.objects.create(
            webhook_event_id=f"e{number}", kind="message", user_id=LINE_ID, text=f"お茶が届きました {number}",
            occurred_at=now - timedelta(seconds=number), received_at=now,
        )  # fmt: skip
    SmsReceived.objects.create(sid="1", phone=PHONE, text="ありがとう", received_at=now - timedelta(hours=1))
    SmsReceived.objects.create(sid="2", phone="+818000000000", text="停止", stops=True, received_at=now)


def test_the_outbox_is_one_step_away_with_its_count_while_mail_goes_there(person: int, signed_in: SignedIn) -> None:
    plan(person=person, channel="mail", count=2)
    send_due(now=NOON)
    page = _text(signed_in(Role.MANAGER), "/messages/")
    assert 'href="/outbox/"' in page
    assert "2 通。メールサーバーが未設定" in page
    assert 'href="/outbox/"' not in _text(signed_in(Role.AGENT), "/messages/")  # whole mails are the leaders'
    MailSettings.objects.update_or_create(pk=1, defaults={"host": "smtp.example.jp"})
    assert 'href="/outbox/"' not in _text(signed_in(Role.MANAGER), "/messages/")


def _in_doubt(person: int) -> Message:
    plan(person=person, channel="mail")
    for one in claim(channel="mail", limit=1, lease_seconds=60, now=NOON):
        uncertain(message_id=one.message_id, why="the line was cut", now=NOON)
    return Message.objects.get()


@pytest.mark.parametrize("role", [Role.OWNER, Role.MANAGER])
@pytest.mark.parametrize(("back", "there"), [("message", "/messages/{id}/"), ("", "/settings/channels/")])
def test_leaders_settle_a_message_in_doubt_from_either_page(
    role: Role, back: str, there: str, person: int, signed_in: SignedIn
) -> None:
    message = _in_doubt(person)
    client = signed_in(role)
    page = _text(client, "/messages/")
    assert "わからない配信が 1 件あります" in page
    assert 'href="/settings/channels/#doubts"' in page
    door = f"/settings/channels/settle/{message.pk}/"
    for shown in ("/settings/channels/", f"/messages/{message.pk}/"):
        assert f'action="{door}"' in _text(client, shown)
    settled = client.post(door, {"outcome": "sent", "back": back})
    assert (settled.status_code, settled.headers["Location"]) == (302, there.format(id=message.pk))
    assert Message.objects.get().state == "sent"
    assert "わからない配信" not in _text(client, "/messages/")


@pytest.mark.parametrize(("language", "told"), [("ja", "オーナーとマネージャー"), ("en", "Owners and managers")])
def test_an_agent_sees_what_is_in_doubt_and_who_settles_it(
    language: str, told: str, person: int, signed_in: SignedIn
) -> None:
    message = _in_doubt(person)
    client = signed_in(Role.AGENT)
    client.cookies["django_language"] = language
    page = _text(client, "/messages/")
    assert 'href="?show=uncertain"' in page
    assert told in page
    assert f"/messages/{message.pk}/" in _text(client, "/messages/?show=uncertain")
    page = _text(client, f"/messages/{message.pk}/")
    assert told in page
    assert "/settle/" not in page
    for path, given in (
        (f"/settings/channels/settle/{message.pk}/", {"outcome": "sent", "back": "message"}),
        (f"/messages/{message.pk}/", {"act": "sent"}),
    ):
        client.post(path, given)
        assert Message.objects.get().state == "uncertain"
    assert client.post(f"/settings/channels/settle/{message.pk}/", {"outcome": "sent"}).status_code == 403


@pytest.mark.parametrize("role", [Role.STORE_STAFF, Role.ANALYST])
def test_others_neither_see_nor_settle_it(role: Role, person: int, signed_in: SignedIn) -> None:
    message = _in_doubt(person)
    client = signed_in(role)
    assert client.get(f"/messages/{message.pk}/").status_code == 403
    assert client.post(f"/settings/channels/settle/{message.pk}/", {"outcome": "sent"}).status_code == 403
    assert Message.objects.get().state == "uncertain"


def test_what_customers_wrote_back_stands_on_one_page(person: int, signed_in: SignedIn) -> None:
    plan(person=person, channel="mail")
    send_due(now=NOON)
    sent = Message.objects.get()
    box = Mailbox.objects.create(name="b", uid_validity=1)
    raw = returned_mails.letter(token=token_of(key=sent.key)).replace(b"hanako@", b"new-address@")
    ReturnedMail.objects.create(mailbox=box, uid=1, raw=raw, fetched_at=timezone.now())
    read_new(now=timezone.now())
    _wrote()
    client = signed_in(Role.AGENT)
    assert "この7日間に 4 件" in _text(client, "/messages/")
    page = _text(client, "/messages/replies/")
    for said in ("お茶が届きました 0", "ありがとう", "次の荷物の宛先", "配信停止の申し出", "どなたか分かりません"):
        assert said in page
    # Three of four are from her: by LINE id, by telephone, and by the mail her letter answers.
    assert page.count(f'href="/customers/{person}/"') == 3
    assert f'href="/messages/{sent.pk}/"' in page
    assert "ありがとう</p>" not in _text(client, "/messages/replies/?channel=line")
    assert MAIL not in page


def test_the_page_is_cut_and_its_file_is_whole(person: int, signed_in: SignedIn) -> None:
    _wrote(count=60)
    client = signed_in(Role.MANAGER)
    assert _text(client, "/messages/replies/?page=2").count("k-section-head") == 12
    file = b"".join(client.get("/messages/replies/export/?format=csv")).decode("utf-8-sig")
    assert len(file.splitlines()) == 63
    assert LINE_ID not in file
    assert signed_in(Role.AGENT).get("/messages/replies/export/").status_code == 403


def test_nobody_has_written_yet(signed_in: SignedIn) -> None:
    assert "返信はまだありません" in _text(signed_in(Role.AGENT), "/messages/replies/?channel=fax&page=9")
