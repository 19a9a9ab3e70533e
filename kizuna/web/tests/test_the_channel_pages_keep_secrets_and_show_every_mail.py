"""Settings with write-only secrets, tests to oneself, the local outbox, returned mail, and messages in doubt."""

import re
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from django.test import Client

from kizuna.act.outreach.models import Message
from kizuna.act.outreach.operations import claim, uncertain
from kizuna.connectors.channels.operations import note_failure, note_proven, note_success
from kizuna.connectors.channels.tests.cast import MAIL, NOON, make_person, make_templates, plan
from kizuna.connectors.line.models import LineSettings
from kizuna.connectors.mail.models import Mailbox, MailSettings, OutboxMail, ReturnedMail
from kizuna.connectors.mail.operations import read_new, send_due
from kizuna.connectors.mail.tests import returned_mails
from kizuna.connectors.sms.models import SmsSettings
from kizuna.customers.staff.rules import Role
from kizuna.facts.audit.queries import entries
from kizuna.web.tests.conftest import SignedIn
from kizuna.words import Words

MAIL_FORM = {
    "sender_name": "絆商店",
    "sender_mail": "info@shop.example.jp",
    "host": "smtp.shop.example.jp",
    "port": "587",
    "security": "starttls",
    "username": "shop",
    "password": "hi-mi-tsu-7",
    "imap_port": "993",
    "imap_security": "tls",
    "imap_folder": "INBOX",
}


@pytest.fixture
def owner(signed_in: SignedIn) -> Client:
    return signed_in(Role.OWNER)


def _text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return str(answer.content.decode())


def test_a_secret_is_kept_sealed_never_shown_and_never_in_the_audit_log(owner: Client) -> None:
    assert owner.post("/settings/channels/mail/", MAIL_FORM).status_code == 302
    kept = MailSettings.objects.get()
    assert kept.password_sealed
    assert "hi-mi-tsu-7" not in kept.password_sealed
    page = _text(owner, "/settings/channels/mail/")
    assert "hi-mi-tsu-7" not in page
    assert kept.password_sealed not in page
    assert "設定済み" in page
    owner.post("/settings/channels/mail/", {**MAIL_FORM, "password": "", "username": "shop2"})
    assert MailSettings.objects.get().password_sealed == kept.password_sealed
    owner.post("/settings/channels/line/", {"access_token": "tok-7", "channel_secret": "sec-7", "api_url": ""})
    owner.post(
        "/settings/channels/sms/", {"account_sid": "AC7", "auth_token": "tok-8", "sender": "+8150", "api_url": ""}
    )
    pages = _text(owner, "/settings/channels/line/") + _text(owner, "/settings/channels/sms/")
    log = str([entry.detail for entry in entries(limit=50)])
    for secret in ("hi-mi-tsu-7", "tok-7", "sec-7", "tok-8"):
        assert secret not in pages + log
    assert LineSettings.objects.get().access_token_sealed
    assert SmsSettings.objects.get().auth_token_sealed


def test_what_a_server_could_not_use_is_said_at_the_field(owner: Client) -> None:
    wrong = {
        **MAIL_FORM,
        "sender_mail": "no address",
        "host": "smtp://x",
        "port": "70000",
        "reply_to": "a@b.jp\r\nBcc: c@d.jp",
    }
    page = owner.post("/settings/channels/mail/", wrong).content.decode()
    assert page.count("invalid-feedback") == 4
    open_line = owner.post("/settings/channels/mail/", {**MAIL_FORM, "host": "192.0.2.1", "security": "none"})
    assert "127.0.0.1" in open_line.content.decode()
    assert not MailSettings.objects.exists()


@pytest.mark.parametrize(("language", "told"), [("ja", "全角文字や空白"), ("en", "wide letters")])
def test_a_token_that_no_header_holds_is_refused_at_its_field(owner: Client, language: str, told: str) -> None:
    owner.cookies["django_language"] = language
    for channel, field in (("line", "access_token"), ("line", "channel_secret"), ("sms", "auth_token")):
        answer = owner.post(f"/settings/channels/{channel}/", {field: "ＡＢＣ １２３", "api_url": ""})
        assert told in str(answer.context["form"].errors[field])
    host = owner.post("/settings/channels/mail/", {**MAIL_FORM, "host": "smtp：//x"})
    assert ("ホスト名だけ" in str(host.context["form"].errors["host"])) is (language == "ja")
    assert not LineSettings.objects.exists()


def test_credentials_that_can_no_longer_be_opened_are_told(owner: Client) -> None:
    owner.post("/settings/channels/mail/", MAIL_FORM)
    MailSettings.objects.update(password_sealed="damaged")
    assert "入力し直してください" in _text(owner, "/settings/channels/mail/")
    assert "入力し直してください" in _text(owner, "/settings/channels/")


def test_a_test_mail_without_a_server_lies_in_the_outbox(owner: Client) -> None:
    answer = owner.post("/settings/channels/mail/test/", follow=True)
    assert "ローカル送信箱に保存しました" in answer.content.decode()
    assert OutboxMail.objects.get().address == "owner@example.jp"


def test_a_test_that_fails_says_why(owner: Client) -> None:
    MailSettings.objects.create(pk=1, sender_mail="a@shop.example.jp", host="127.0.0.1", port=1, security="none")
    assert "接続できません" in owner.post("/settings/channels/mail/test/", follow=True).content.decode()
    assert "33文字" in owner.post("/settings/channels/line/test/", {"to": "hanako"}, follow=True).content.decode()
    for no_mobile in ("?", "03-3210-1234"):
        page = owner.post("/settings/channels/sms/test/", {"to": no_mobile}, follow=True).content.decode()
        assert "携帯電話" in page, no_mobile


def test_a_test_without_settings_says_what_to_do(owner: Client) -> None:
    to = {"line": "U" + "0" * 32, "sms": "090-1234-5678"}
    for channel, me in to.items():
        page = owner.post(f"/settings/channels/{channel}/test/", {"to": me}, follow=True).content.decode()
        assert "上の欄に入力して保存してから" in page, channel


def test_settings_that_nothing_was_sent_with_are_not_called_ready(owner: Client) -> None:
    MailSettings.objects.create(pk=1, sender_mail="a@shop.example.jp", host="127.0.0.1", port=1, security="none")
    page = _text(owner, "/settings/channels/")
    assert "設定済み・この設定での送信はまだ" in page
    assert "送信できます" not in page
    note_success(channel="mail", now=NOON)
    assert "送信できます" in _text(owner, "/settings/channels/")

    owner.post("/settings/channels/mail/", {**MAIL_FORM, "host": "other.example.jp"})
    assert "送信できます" not in _text(owner, "/settings/channels/")
    note_proven(channel="mail")
    assert "送信できます" in _text(owner, "/settings/channels/")
    owner.post("/settings/channels/mail/", {**MAIL_FORM, "host": "other.example.jp", "password": ""})
    assert "送信できます" in _text(owner, "/settings/channels/"), "nothing was changed"


def test_every_mail_is_shown_searched_and_downloaded(owner: Client) -> None:
    make_templates()
    plan(person=make_person(), channel="mail")
    send_due(now=NOON)
    kept = OutboxMail.objects.get()
    assert kept.subject in _text(owner, "/outbox/?q=hanako+注文")
    assert "見つかりませんでした" in _text(owner, "/outbox/?q=nobody")
    answer = owner.get(f"/outbox/{kept.pk}/")
    page = answer.content.decode()
    assert "いつもありがとうございます。" in page
    assert f'href="/messages/{kept.message_id}/"' in page
    assert "frame-src 'self'" in answer.headers["Content-Security-Policy"]
    raw = owner.get(f"/outbox/{kept.pk}/raw/").content
    assert message_from_bytes(raw, policy=policy.default)["To"] == MAIL


def test_the_html_of_a_mail_is_shown_harmless_in_a_sandbox(owner: Client, tmp_path: Path) -> None:
    make_templates()
    plan(person=make_person(), channel="mail")
    send_due(now=NOON)
    kept = OutboxMail.objects.get()
    path = next(iter((tmp_path / "outbox").glob("*.eml")))
    html = "<p>こんにちは</p><script>alert(1)</script><img src='https://x.example/p.gif'><form action='/'></form>"
    path.write_bytes(
        b"Subject: x\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        + html.encode()
    )
    answer = owner.get(f"/outbox/{kept.pk}/html/")
    page = answer.content.decode()
    assert "こんにちは" in page
    assert not re.search(r"<(script|img|form)", page)
    said = answer.headers["Content-Security-Policy"]
    assert "sandbox" in said
    assert "script-src 'none'" in said
    assert "default-src 'none'" in said
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert 'sandbox="allow-popups"' in _text(owner, f"/outbox/{kept.pk}/")


def test_a_mail_whose_file_is_gone_is_not_found(owner: Client) -> None:
    row = OutboxMail.objects.create(file_name="../../secret_key", address="a@b.jp", written_at=NOON)
    for path in ("", "html/", "raw/"):
        assert owner.get(f"/outbox/{row.pk}/{path}").status_code == 404


def test_a_message_in_doubt_is_settled_by_a_person(owner: Client) -> None:
    make_templates()
    plan(person=make_person(), channel="mail", count=3)
    for sendable in claim(channel="mail", limit=10, lease_seconds=60, now=NOON):
        uncertain(message_id=sendable.message_id, why="the line was cut", now=NOON)
    page = _text(owner, "/settings/channels/")
    assert page.count("もう一度送る") == 3
    assert "h***@example.jp" in page
    assert MAIL not in page
    ids = list(Message.objects.order_by("id").values_list("pk", flat=True))
    for number, outcome in zip(ids, ("sent", "again", "not_sent"), strict=True):
        assert owner.post(f"/settings/channels/settle/{number}/", {"outcome": outcome}).status_code == 302
    assert list(Message.objects.order_by("id").values_list("state", flat=True)) == ["sent", "planned", "not_sent"]
    assert owner.post(f"/settings/channels/settle/{ids[0]}/", {"outcome": "again"}).status_code == 409


def test_what_ails_a_channel_is_said_on_one_page(owner: Client) -> None:
    note_failure(channel="line", words=Words(ja="LINEが不調です。", en="LINE is unwell."), now=datetime.now(UTC))
    LineSettings.objects.create(pk=1, quota_limit=200, quota_used=200, quota_read_at=NOON)
    page = _text(owner, "/settings/channels/")
    assert "LINEが不調です。" in page
    assert "上限に達した" in page


def test_returned_mail_is_read_on_its_page_and_set_aside(owner: Client) -> None:
    box = Mailbox.objects.create(name="b", uid_validity=1)
    raw = returned_mails.report(token="kz" + "0" * 32, to="x@example.jp")
    ReturnedMail.objects.create(mailbox=box, uid=1, raw=raw, fetched_at=NOON)
    read_new(now=NOON)
    number = ReturnedMail.objects.get().pk
    assert "x@example.jp" in _text(owner, "/settings/channels/mail/returns/?state=unmatched")
    assert "This is the mail system" in _text(owner, f"/settings/channels/mail/returns/{number}/")
    assert owner.post(f"/settings/channels/mail/returns/{number}/aside/").status_code == 302
    assert ReturnedMail.objects.get().state == "ignored"


def test_a_text_is_counted_as_it_is_billed(owner: Client) -> None:
    page = _text(owner, "/settings/channels/sms/?text=" + "あ" * 71)
    assert "71 文字</strong> (UCS-2) · <strong>2 通分" in page
