"""TLS with real certificates: STARTTLS and TLS from the first byte, verified; in the open only on this machine."""

from pathlib import Path

import pytest

from kizuna.connectors.channels.queries import health
from kizuna.connectors.channels.tests.cast import NOON, plan, served, states
from kizuna.connectors.mail.models import MailSettings
from kizuna.connectors.mail.operations import read_returns_due, send_due
from kizuna.connectors.mail.tests.conftest import Use
from kizuna.connectors.mail.tests.imap_server import Folder, ImapServer
from kizuna.connectors.mail.tests.smtp_server import Behaviour, SmtpServer

Certificate = tuple[Path, Path]


def _send(use: Use, behaviour: Behaviour, *, security: str, host: str = "127.0.0.1") -> SmtpServer:
    server = SmtpServer(behaviour)
    with served(server):
        use(host=host, port=server.port, security=security, username="shop", password="secret")
        send_due(now=NOON)
    return server


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_verified_server_gets_password_and_mail_over_tls(
    security: str, certificate: Certificate, person: int, use: Use, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    plan(person=person, channel="mail")
    behaviour = Behaviour(
        certificate=certificate[0], key=certificate[1], wrapped=security == "tls", user="shop", password="secret"
    )
    server = _send(use, behaviour, security=security)
    assert states() == ["sent"]
    assert (server.taken[0].encrypted, server.taken[0].signed_in) == (True, True)


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_nobody_vouches_for_gets_nothing(
    security: str, certificate: Certificate, person: int, use: Use
) -> None:
    plan(person=person, channel="mail")
    behaviour = Behaviour(
        certificate=certificate[0], key=certificate[1], wrapped=security == "tls", user="shop", password="secret"
    )
    server = _send(use, behaviour, security=security)
    failure = health(channel="mail").failure
    assert failure is not None
    assert "証明書" in failure.ja
    assert not any(command.startswith("AUTH") for command in server.commands)
    assert states() == ["planned"]


def test_a_server_without_starttls_gets_no_password(person: int, use: Use) -> None:
    plan(person=person, channel="mail")
    server = _send(use, Behaviour(user="shop", password="secret"), security="starttls")
    failure = health(channel="mail").failure
    assert failure is not None
    assert "STARTTLS" in failure.ja
    assert not any(command.startswith("AUTH") for command in server.commands)


def test_no_password_goes_in_the_open_to_another_machine(person: int, use: Use) -> None:
    plan(person=person, channel="mail")
    use(host="192.0.2.1", port=25, security="none", username="shop", password="secret")
    send_due(now=NOON)
    failure = health(channel="mail").failure
    assert failure is not None
    assert "暗号化なし" in failure.ja


def test_a_mail_server_cannot_be_the_clouds_own_address(person: int, use: Use) -> None:
    plan(person=person, channel="mail")
    use(host="169.254.169.254", port=80, security="starttls")
    send_due(now=NOON)
    failure = health(channel="mail").failure
    assert failure is not None
    assert "安全のため" in failure.ja


def test_the_mailbox_is_read_over_tls(certificate: Certificate, use: Use, monkeypatch: pytest.MonkeyPatch) -> None:
    server = ImapServer(Folder(certificate=certificate[0], key=certificate[1]))
    with served(server):
        use(
            imap_host="127.0.0.1",
            imap_port=server.port,
            imap_security="tls",
            imap_username="bounces",
            imap_password="right",
        )
        read_returns_due(now=NOON)
        assert "接続できません" in MailSettings.objects.get().returns_failure_ja
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
        MailSettings.objects.update(returns_due_at=None)
        read_returns_due(now=NOON)
    assert MailSettings.objects.get().returns_failure_ja == ""
    assert MailSettings.objects.get().returns_read_at == NOON
