"""Reading the return mailbox: only looking, never changing anything in it."""

import imaplib
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta

from kizuna.connectors.mail.queries.configuration import Server
from kizuna.errors import Conflict
from kizuna.gates.egress import EgressDenied, Unreachable, connect, is_loopback, why_of
from kizuna.words import Words

TIMEOUT_SECONDS = 20.0
MAX_BYTES = 1_000_000
ASK_A_PERSON = timedelta(minutes=15)
_LITERAL = re.compile(rb"UID (\d+)")


class MailboxClosed(Conflict):
    """The return mailbox cannot be read; the words say why."""

    code = "mailbox_closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """One mail as the server gave it."""

    uid: int
    raw: bytes
    is_cut: bool


class _Plain(imaplib.IMAP4):
    def _create_socket(self, timeout: float | None) -> socket.socket:
        return connect(host=self.host, port=self.port, timeout_seconds=timeout or TIMEOUT_SECONDS, company=True)


class _Tls(imaplib.IMAP4_SSL):
    def _create_socket(self, timeout: float | None) -> ssl.SSLSocket:
        sock = connect(host=self.host, port=self.port, timeout_seconds=timeout or TIMEOUT_SECONDS, company=True)
        return ssl.create_default_context().wrap_socket(sock, server_hostname=self.host)


class Reader:
    """An open folder."""

    def __init__(self, *, client: imaplib.IMAP4, uid_validity: int) -> None:
        self._client, self.uid_validity = client, uid_validity

    def after(self, *, uid: int, limit: int) -> Iterator[Fetched]:
        """The mails numbered above ``uid``, in order, at most so many."""
        status, found = self._client.uid("SEARCH", f"UID {uid + 1}:*")
        if status != "OK":
            raise MailboxClosed(_ANSWER)
        numbers = sorted(int(number) for number in (found[0] or b"").split())
        # «n:*» always names the last mail, also when its number is below n.
        for number in [number for number in numbers if number > uid][:limit]:
            fetched = self._one(number)
            if fetched is not None:
                yield fetched

    def _one(self, number: int) -> Fetched | None:
        status, found = self._client.uid("FETCH", str(number), f"(BODY.PEEK[]<0.{MAX_BYTES}>)")
        if status != "OK":
            raise MailboxClosed(_ANSWER)
        for entry in found:
            if isinstance(entry, tuple) and len(entry) == 2:
                named = _LITERAL.search(entry[0])
                if named is None or int(named.group(1)) == number:
                    return Fetched(uid=number, raw=entry[1], is_cut=len(entry[1]) >= MAX_BYTES)
        return None  # deleted by somebody between search and fetch


@contextmanager
def opened(*, server: Server, folder: str) -> Iterator[Reader]:
    """The folder, for reading only.

    Raises: MailboxClosed.
    """
    client = _signed_in(server=server)
    try:
        quoted = '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'
        status, _ = client.select(quoted, readonly=True)
        if status != "OK":
            raise MailboxClosed(_FOLDER.fill(folder=folder))
        said = client.response("UIDVALIDITY")[1]
        yield Reader(client=client, uid_validity=int(said[0]) if said and said[0] else 0)
    except (imaplib.IMAP4.error, OSError) as error:
        raise MailboxClosed(_BROKEN.fill(why=why_of(error))) from error
    finally:
        with suppress(imaplib.IMAP4.error, OSError):
            client.logout()


def _signed_in(*, server: Server) -> imaplib.IMAP4:
    if server.security == "none" and not is_loopback(host=server.host):
        raise MailboxClosed(_NO_PLAIN)
    where = f"{server.host}:{server.port}"
    try:
        kind = _Tls if server.security == "tls" else _Plain
        client = kind(server.host, server.port, timeout=TIMEOUT_SECONDS)
        if server.security == "starttls":
            client.starttls(ssl.create_default_context())
    except EgressDenied as denied:
        raise MailboxClosed(denied.words) from denied
    except (Unreachable, OSError, imaplib.IMAP4.error) as error:
        raise MailboxClosed(_UNREACHABLE.fill(host=where, why=why_of(error))) from error
    try:
        if (server.username + server.password).isascii():
            client.login(server.username, server.password)
        else:
            client.authenticate("PLAIN", lambda _: f"\0{server.username}\0{server.password}".encode())
    except (imaplib.IMAP4.error, OSError) as error:
        with suppress(imaplib.IMAP4.error, OSError):
            client.shutdown()
        raise MailboxClosed(_PASSWORD.fill(host=where, why=str(error))) from error
    return client


_ANSWER = Words(ja="受信サーバーの応答を読み取れませんでした。", en="The mail server's answer could not be read.")
_BROKEN = Words(
    ja="受信サーバーとの通信が途中で切れました（{why}）。", en="The connection to the mailbox broke off ({why})."
)
_FOLDER = Words(
    ja="フォルダ「{folder}」を開けません。フォルダ名を確認してください。",
    en="The folder “{folder}” cannot be opened. Please check its name.",
)
_NO_PLAIN = Words(
    ja="暗号化なしの接続は、このサーバー自身の受信サーバーに限られます。STARTTLSかTLSを選んでください。",
    en="A connection without encryption is only possible to a server on this machine. Choose STARTTLS or TLS.",
)
_UNREACHABLE = Words(
    ja="受信サーバー {host} に接続できません（{why}）。ホスト名とポート番号を確認してください。",
    en="The mailbox server {host} cannot be reached ({why}). Please check host name and port.",
)
_PASSWORD = Words(
    ja="受信サーバー {host} にログインできません（{why}）。ユーザー名とパスワードを確認してください。",
    en="The mailbox server {host} did not accept the sign-in ({why}). Please check user name and password.",
)
