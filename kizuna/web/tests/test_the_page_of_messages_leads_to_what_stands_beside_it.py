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


@pytest.mark.parametrize(
    ("role", "door"), [(Role.MANAGER, "/settings/channels/#doubts"), (Role.AGENT, "?show=uncertain")]
)
def test_a_message_in_doubt_is_settled_from_there(role: Role, door: str, person: int, signed_in: SignedIn) -> None:
    plan(person=person, channel="mail")
    for one in claim(channel="mail", limit=1, lease_seconds=60, now=NOON):
        uncertain(message_id=one.message_id, why="the line was cut", now=NOON)
    client = signed_in(role)
    page = _text(client, "/messages/")
    assert "わからない配信が 1 件あります" in page
    assert f'href="{door}"' in page
    message = Message.objects.get()
    listed = _text(client, "/settings/channels/" if role is Role.MANAGER else "/messages/?show=uncertain")
    assert f"/messages/{message.pk}/" in listed
    assert "届いていた" in _text(client, f"/messages/{message.pk}/")
    assert client.post(f"/messages/{message.pk}/", {"act": "sent"}).status_code == 302
    assert "わからない配信" not in _text(client, "/messages/")


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
