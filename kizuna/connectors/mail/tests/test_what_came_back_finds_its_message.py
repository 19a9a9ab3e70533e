"""Bounces and complaints read over real IMAP: kept raw, matched, applied once; the rest waits for a person."""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from kizuna.act.outreach.models import Message, Suppression
from kizuna.connectors.channels.tests.cast import MAIL, NOON, plan, served, states
from kizuna.connectors.mail.models import Mailbox, MailSettings, ReturnedMail
from kizuna.connectors.mail.operations import read_new, read_returns_due, send_due
from kizuna.connectors.mail.queries import replies, return_named
from kizuna.connectors.mail.rules import read_return, verp
from kizuna.connectors.mail.rules.addresses import token_of
from kizuna.connectors.mail.tests import returned_mails as mails
from kizuna.connectors.mail.tests.conftest import Use
from kizuna.connectors.mail.tests.imap_server import Folder, ImapServer
from kizuna.facts.outbox.models import OutboxEntry

Made = Callable[[str], bytes]


@pytest.fixture
def sent(person: int, use: Use) -> str:
    """One mail that went out (into the outbox); answers its name."""
    use()
    plan(person=person, channel="mail")
    send_due(now=NOON)
    assert states() == ["sent"]
    return token_of(key=Message.objects.get().key)


def _read(use: Use, folder: Folder, *, minutes: int = 1, **fields: Any) -> ImapServer:
    server = ImapServer(folder)
    with served(server):
        usual: dict[str, object] = {
            "imap_host": "127.0.0.1",
            "imap_port": server.port,
            "imap_security": "none",
            "imap_username": "bounces",
            "imap_password": "right",
        }
        use(**(usual | fields))
        read_returns_due(now=NOON + timedelta(minutes=minutes))
    return server


CASES: dict[str, tuple[Made, str, bool]] = {
    "unknown user": (lambda token: mails.report(token=token, to=MAIL), "bounced", True),
    "mailbox full": (
        lambda token: mails.report(token=token, to=MAIL, status="5.2.2", diagnostic="552 5.2.2 mailbox full"),
        "bounced",
        False,
    ),
    "gave up after days": (
        lambda token: mails.report(token=token, to=MAIL, status="4.4.1", diagnostic="connection timed out"),
        "bounced",
        False,
    ),
    "delivery notice": (
        lambda token: mails.report(token=token, to=MAIL, action="delivered", status="2.0.0", diagnostic="250 ok"),
        "delivered",
        False,
    ),
    "complaint": (lambda token: mails.complaint(token=token, to=MAIL), "complained", True),
    "au, gone": (lambda token: mails.au(token=token, to="a.b.@ezweb.ne.jp"), "bounced", True),
    "au, full": (lambda token: mails.au_full(token=token, to="hanako@ezweb.ne.jp"), "bounced", False),
    "docomo, gone": (lambda token: mails.docomo(token=token, to="hanako@docomo.ne.jp"), "bounced", True),
    "a host in cp932, full": (lambda token: mails.host_in_shift_jis(token=token, to=MAIL), "bounced", False),
    "SoftBank, by return path": (
        lambda token: mails.softbank(tagged=f"bounces+{token}@shop.example.jp", to="hanako@softbank.ne.jp"),
        "bounced",
        True,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_news_of_a_mail_reaches_its_message(case: str, sent: str, use: Use) -> None:
    made, state, permanent = CASES[case]
    _read(use, Folder(mails={3: made(sent)}))
    row = ReturnedMail.objects.get()
    assert (row.state, states()) == ("matched", [state]), (row.kind, row.diagnostic, row.note)
    assert row.permanent is permanent
    assert Suppression.objects.exists() is permanent


@pytest.mark.parametrize("case", ["delayed", "holiday"])
def test_a_delay_or_a_holiday_notice_changes_nothing(case: str, sent: str, use: Use) -> None:
    raw = (
        mails.report(token=sent, to=MAIL, action="delayed", status="4.4.1")
        if case == "delayed"
        else mails.holiday(token=sent)
    )
    _read(use, Folder(mails={1: raw}))
    assert (ReturnedMail.objects.get().state, states()) == ("ignored", ["sent"])


def test_what_nobody_can_assign_is_kept_and_shown(sent: str, use: Use) -> None:
    stranger = mails.report(token="kz" + "0" * 32, to="somebody@example.jp")
    _read(
        use,
        Folder(mails={1: stranger, 2: mails.complaint(token=sent, to=MAIL, kind="not-spam")}),
    )
    assert list(ReturnedMail.objects.order_by("uid").values_list("state", flat=True)) == ["unmatched"] * 2
    assert states() == ["sent"]


def test_a_customers_own_letter_answers_the_mail_and_waits_to_be_read(sent: str, use: Use) -> None:
    _read(use, Folder(mails={2: mails.letter(token=sent), 3: mails.letter(token="kz" + "0" * 32)}))
    assert list(ReturnedMail.objects.values_list("kind", "state")) == [("reply", "unmatched")] * 2
    assert states() == ["answered"]
    ours, stranger = replies(limit=5)[1], replies(limit=5)[0]
    assert (ours.address, stranger.message_id) == ("hanako@example.jp", None)
    assert ours.message_id is not None
    assert "次の荷物" in return_named(return_id=ReturnedMail.objects.get(uid=2).pk).text


def test_a_mailbox_is_read_once_and_its_cursor_is_the_number(sent: str, use: Use) -> None:
    folder = Folder(mails={5: mails.report(token=sent, to=MAIL)})
    _read(use, folder)
    bounces = OutboxEntry.objects.filter(fact_type="MessageBounced").count()
    server = _read(use, folder, minutes=5)
    assert ReturnedMail.objects.count() == 1
    assert not any("FETCH" in command.upper() for command in server.commands)
    folder.mails[9] = mails.report(token=sent, to=MAIL)
    _read(use, folder, minutes=10)
    assert Mailbox.objects.values_list("last_uid", flat=True).order_by("-last_uid")[0] == 9
    assert list(ReturnedMail.objects.order_by("uid").values_list("uid", flat=True)) == [5, 9]
    assert OutboxEntry.objects.filter(fact_type="MessageBounced").count() == bounces == 1
    # Nothing in the mailbox was changed.
    assert {command.split(" ")[0].upper() for command in server.commands} <= {
        "CAPABILITY",
        "LOGIN",
        "EXAMINE",
        "UID",
        "LOGOUT",
    }


def test_another_numbering_is_read_from_its_beginning(sent: str, use: Use) -> None:
    folder = Folder(mails={5: mails.report(token=sent, to=MAIL)})
    server = ImapServer(folder)
    with served(server):
        use(
            imap_host="127.0.0.1",
            imap_port=server.port,
            imap_security="none",
            imap_username="bounces",
            imap_password="right",
        )
        read_returns_due(now=NOON)
        folder.uid_validity, folder.mails = 8, {1: mails.letter(token=sent)}
        read_returns_due(now=NOON + timedelta(minutes=5))
    assert list(Mailbox.objects.order_by("uid_validity").values_list("uid_validity", "last_uid")) == [(7, 5), (8, 1)]
    assert ReturnedMail.objects.count() == 2


def test_raw_bytes_are_kept_before_they_are_read(sent: str, use: Use, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = mails.report(token=sent, to=MAIL)

    def stumble(*, raw: bytes) -> None:
        raise RuntimeError

    monkeypatch.setattr("kizuna.connectors.mail.operations.returns.read_return", stumble)
    with pytest.raises(RuntimeError):
        _read(use, Folder(mails={1: raw}))
    assert bytes(ReturnedMail.objects.get().raw) == raw
    monkeypatch.undo()
    assert read_new(now=NOON + timedelta(minutes=9)) == 1
    assert states() == ["bounced"]


@pytest.mark.parametrize(
    ("folder", "fields", "words"),
    [
        (Folder(password="other"), {}, "ログインできません"),
        (Folder(name="Other"), {}, "フォルダ"),
        (Folder(fails_at="UID SEARCH"), {}, "切れました"),
        (Folder(), {"imap_port": 1}, "に接続できません（接続が拒否されました）。"),
        (Folder(), {"imap_host": "169.254.169.254", "imap_security": "tls"}, "安全のため"),
    ],
)
def test_a_mailbox_that_cannot_be_read_is_told_in_a_sentence(
    folder: Folder, fields: dict[str, Any], words: str, use: Use
) -> None:
    _read(use, folder, minutes=1, **fields)
    row = MailSettings.objects.get()
    assert words in row.returns_failure_ja
    assert row.returns_due_at == NOON + timedelta(minutes=16)


def test_a_tagged_return_path_names_its_mail() -> None:
    assert verp(return_path="bounces@shop.example.jp", key="k") == f"bounces+{token_of(key='k')}@shop.example.jp"


def test_no_bytes_whatever_stop_the_reader() -> None:
    draw = Random(7)
    seeds = [made("kz" + "a" * 32) for made, _, _ in CASES.values()]
    for number in range(400):
        raw = bytearray(draw.choice(seeds))
        for _ in range(draw.randint(1, 30)):
            at = draw.randrange(len(raw))
            raw[at : at + draw.randint(0, 6)] = draw.randbytes(draw.randint(0, 6))
        read_return(raw=bytes(raw[: draw.randint(0, len(raw))] if number % 3 else raw))
    read_return(raw=b"")
    read_return(raw=b"Content-Type: text/plain; charset=no-such\r\nSubject: =?x-unknown?b?####?=\r\n\r\n\xff\xfe")
