"""One conversation with a mail server, and what each of its answers means for a mail.

Up to the lone dot that ends a mail the server must forget it when the line breaks (RFC 5321 4.1.1.4), so
until then everything may be tried again. After the dot, silence means that nobody knows: such a mail is parked
for a person and never sent again by itself.
"""

import base64
import re
import select
import smtplib
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

from kizuna.connectors.channels.rules import Accepted, Dead, Down, Refused, TakenBack, Unknown, Verdict
from kizuna.connectors.mail.queries.configuration import Server
from kizuna.facts.rows.operations import reach
from kizuna.gates.egress import EgressDenied, Unreachable, connect, is_loopback, why_of
from kizuna.words import Words

TIMEOUT_SECONDS = 20.0
ANSWER_SECONDS = 60.0
"""Servers scan a mail between the dot and their answer."""
_ASK_A_PERSON = timedelta(minutes=15)
_STATUS = re.compile(r"(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?![\d.])")
_GONE = re.compile(
    r"unknown|no such|does not exist|not exist|invalid (?:recipient|user|mailbox)|not found", re.IGNORECASE
)


class _Pinned:
    """Connects through the egress gate instead of by name."""

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return connect(host=host, port=port, timeout_seconds=timeout, company=True)


class _Plain(_Pinned, smtplib.SMTP):
    pass


class _Tls(smtplib.SMTP_SSL):
    context: ssl.SSLContext

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        sock = connect(host=host, port=port, timeout_seconds=timeout, company=True)
        return self.context.wrap_socket(sock, server_hostname=host)


class Broken(Exception):  # noqa: N818  caught in this room and turned into a verdict
    """The server cannot be used at all; ``down`` says why."""

    def __init__(self, down: Down) -> None:
        super().__init__(down.words.en)
        self.down = down


class _Lost(Exception):  # noqa: N818
    """The connection ended before the mail was handed over."""

    def __init__(self, why: Words) -> None:
        super().__init__(why.en)
        self.why = why


class Courier:
    """One connection, opened when first needed, opened again once when the server has closed it."""

    def __init__(self, *, server: Server, own_name: str) -> None:
        self._server, self._own_name = server, own_name or "localhost"
        self._client: smtplib.SMTP | None = None

    def deliver(self, *, raw: bytes, sender: str, to: str, hand_over: Callable[[], bool]) -> Verdict:
        """Hand over one mail; ``hand_over`` is called, and must answer True, just before the point of no return."""
        for last in (False, True):
            try:
                if self._client is None:
                    self._client = connected(server=self._server, own_name=self._own_name)
                return self._hand(raw=raw, sender=sender, to=to, hand_over=hand_over)
            except Broken as broken:
                self.close()
                return broken.down
            except _Lost as lost:
                self.close()
                if last:
                    return Down(words=_LOST.fill(why=lost.why))
        raise AssertionError("unreachable")

    def _hand(self, *, raw: bytes, sender: str, to: str, hand_over: Callable[[], bool]) -> Verdict:
        refusal = self._envelope(sender=sender, to=to)
        if refusal is not None:
            self._reset()
            return refusal
        code, text = self._ask("DATA")
        if code != 354:
            self._reset()
            return _refused(code=code, text=text, recipient=False)
        client = self._client
        assert client is not None  # noqa: S101
        try:
            client.send(re.sub(rb"(?m)^\.", b"..", raw))
        except (OSError, smtplib.SMTPException) as error:
            raise _Lost(why_of(error)) from error
        if _has_spoken(client):  # before the dot that can only be a good-bye
            raise _Lost(_CUT)
        reach(label="mail.body_sent")
        if not hand_over():
            self.close()
            return TakenBack()
        return self._dot(client)

    def _dot(self, client: smtplib.SMTP) -> Verdict:
        try:
            if client.sock is not None:
                client.sock.settimeout(ANSWER_SECONDS)
            client.send(b".\r\n")
            reach(label="mail.dot_sent")
            code, reply = client.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            return Unknown(why=f"the connection ended after the mail was sent: {error}")
        if client.sock is not None:
            client.sock.settimeout(TIMEOUT_SECONDS)
        text = reply.decode("utf-8", errors="replace")
        if 200 <= code < 300:
            return Accepted(provider_id="")
        if code == 421:
            self.close()
        return Refused(why=f"{code} {text}", permanent=code >= 500)

    def _envelope(self, *, sender: str, to: str) -> Verdict | None:
        code, text = self._ask(f"MAIL FROM:<{sender}>")
        if code >= 500:
            return Down(words=_SENDER.fill(sender=sender, why=f"{code} {text}"), wait=_ASK_A_PERSON)
        if code >= 400:
            return Refused(why=f"{code} {text}", permanent=False)
        code, text = self._ask(f"RCPT TO:<{to}>")
        return None if code in {250, 251} else _refused(code=code, text=text, recipient=True)

    def _ask(self, command: str) -> tuple[int, str]:
        client = self._client
        assert client is not None  # noqa: S101
        try:
            code, reply = client.docmd(command)
        except (OSError, smtplib.SMTPException) as error:
            raise _Lost(why_of(error)) from error
        text = reply.decode("utf-8", errors="replace")
        if code == 421 or code < 0:  # the server says good-bye, often after so many mails per connection
            raise _Lost(Words(ja=f"{code} {text}", en=f"{code} {text}"))
        return code, text

    def _reset(self) -> None:
        with suppress(_Lost):
            self._ask("RSET")
            return
        self.close()

    def close(self) -> None:
        """Say good-bye as far as possible."""
        client, self._client = self._client, None
        if client is not None:
            with suppress(OSError, smtplib.SMTPException):
                client.quit()
            client.close()


def _has_spoken(client: smtplib.SMTP) -> bool:
    """Whether the server has said something, or closed the line."""
    return client.sock is not None and bool(select.select([client.sock], [], [], 0)[0])


def _refused(*, code: int, text: str, recipient: bool) -> Verdict:
    """4xx is for now. 5xx is for good, but a full mailbox (x.2.2) empties, and a policy (x.7.x) is about us."""
    why = f"{code} {text}"
    found = _STATUS.search(text)
    status = found.group() if found else ""
    if code < 500:
        return Refused(why=why, permanent=False)
    if status.endswith(".2.2") or (recipient and ".7." in status):
        return Refused(why=why, permanent=False, wait=timedelta(hours=1))
    if recipient and (status.startswith("5.1.") or (not status and code in {550, 551, 553} and _GONE.search(text))):
        return Dead(why=why)
    return Refused(why=why, permanent=True)


def connected(*, server: Server, own_name: str) -> smtplib.SMTP:
    """A client that is connected, encrypted and signed in.

    Raises: Broken.
    """
    if server.security == "none" and not is_loopback(host=server.host):
        raise Broken(Down(words=_NO_PLAIN, wait=_ASK_A_PERSON))
    where = {"host": f"{server.host}:{server.port}"}
    client: smtplib.SMTP | None = None
    try:
        client = _opened(server=server, own_name=own_name)
        client.ehlo_or_helo_if_needed()
        if server.username:
            _sign_in(client, server=server)
    except EgressDenied as denied:
        raise Broken(Down(words=denied.words, wait=_ASK_A_PERSON)) from denied
    except ssl.SSLCertVerificationError as error:
        raise _broken(client, _CERTIFICATE.fill(**where, why=error.verify_message)) from error
    except smtplib.SMTPAuthenticationError as error:
        why = f"{error.smtp_code} {_text(error.smtp_error)}"
        raise _broken(client, _PASSWORD.fill(**where, why=why), wait=_ASK_A_PERSON) from error
    except smtplib.SMTPNotSupportedError as error:
        raise _broken(client, _NO_TLS.fill(**where, why=str(error)), wait=_ASK_A_PERSON) from error
    except (Unreachable, OSError, smtplib.SMTPException) as error:
        raise _broken(client, _UNREACHABLE.fill(**where, why=why_of(error))) from error
    return client


def _sign_in(client: smtplib.SMTP, *, server: Server) -> None:
    """PLAIN or LOGIN in UTF-8 (RFC 4616): ``smtplib`` itself stumbles over a password with an umlaut."""
    offered = client.esmtp_features.get("auth", "").upper().split()
    user, password = server.username, server.password
    if "PLAIN" in offered:
        code, said = client.docmd("AUTH", f"PLAIN {_base64(chr(0) + user + chr(0) + password)}")
    elif "LOGIN" in offered:
        code, said = client.docmd("AUTH", f"LOGIN {_base64(user)}")
        if code == 334:
            code, said = client.docmd(_base64(password))
    else:
        raise smtplib.SMTPNotSupportedError("AUTH PLAIN / LOGIN")
    if code not in {235, 503}:  # 503: signed in already
        raise smtplib.SMTPAuthenticationError(code, said)


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode("ascii")


def _opened(*, server: Server, own_name: str) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if server.security == "tls":
        return _Tls(server.host, server.port, local_hostname=own_name, timeout=TIMEOUT_SECONDS, context=context)
    client = _Plain(server.host, server.port, local_hostname=own_name, timeout=TIMEOUT_SECONDS)
    if server.security == "starttls":
        try:
            client.starttls(context=context)
        except BaseException:
            client.close()
            raise
    return client


def _broken(client: smtplib.SMTP | None, words: Words, *, wait: timedelta | None = None) -> Broken:
    if client is not None:
        client.close()
    return Broken(Down(words=words, wait=wait))


def _text(reply: bytes | str) -> str:
    return reply.decode("utf-8", errors="replace") if isinstance(reply, bytes) else reply


_LOST = Words(
    ja="メールサーバーとの接続が、送信の前に切れました（{why}）。",
    en="The mail server closed the connection before a mail was sent ({why}).",
)
_CUT = Words(ja="サーバーが途中で接続を切りました", en="closed during the mail")
_SENDER = Words(
    ja="メールサーバーが差出人「{sender}」を受け付けません（{why}）。差出人のアドレスを確認してください。",
    en="The mail server does not accept “{sender}” as a sender ({why}). Please check the sender's address.",
)
_NO_PLAIN = Words(
    ja="暗号化なしの接続は、このサーバー自身のメールサーバーに限られます。STARTTLSかTLSを選んでください。",
    en="A connection without encryption is only possible to a mail server on this machine. Choose STARTTLS or TLS.",
)
_CERTIFICATE = Words(
    ja="メールサーバー {host} の証明書を確認できません（{why}）。サーバー名が正しいか確認してください。",
    en="The certificate of the mail server {host} cannot be verified ({why}). Please check its name.",
)
_PASSWORD = Words(
    ja="メールサーバー {host} にログインできません（{why}）。ユーザー名とパスワードを確認してください。",
    en="The mail server {host} did not accept the sign-in ({why}). Please check user name and password.",
)
_NO_TLS = Words(
    ja="メールサーバー {host} が、必要な機能（STARTTLS または認証）に対応していません（{why}）。",
    en="The mail server {host} lacks something that is needed, STARTTLS or sign-in ({why}).",
)
_UNREACHABLE = Words(
    ja="メールサーバー {host} に接続できません（{why}）。ホスト名とポート番号を確認してください。",
    en="The mail server {host} cannot be reached ({why}). Please check host name and port.",
)
