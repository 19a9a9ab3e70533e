"""A mail server on loopback that can fail at every step, and remembers what it has taken."""

import base64
import re
import socketserver
import ssl
import threading
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Behaviour:
    """``answers`` are replies by step (connect, ehlo, starttls, auth, mail, rcpt, data, dot); ``drops`` are steps at
    which the line is cut: at ``body`` after half of it, at ``dot`` without taking it, at ``taken`` after taking it."""

    answers: dict[str, str] = field(default_factory=dict)
    drops: set[str] = field(default_factory=set)
    once: bool = False
    """Only the first time."""
    mails_per_connection: int = 1_000
    user: str = ""
    password: str = ""
    certificate: Path | None = None
    key: Path | None = None
    wrapped: bool = False
    """TLS from the first byte."""


@dataclass
class Taken:
    """One mail the server has taken."""

    sender: str
    to: str
    raw: bytes
    encrypted: bool
    signed_in: bool


class SmtpServer(socketserver.ThreadingTCPServer):
    """Listens on a free port of 127.0.0.1."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, behaviour: Behaviour | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.behaviour = behaviour or Behaviour()
        self.taken: list[Taken] = []
        self.connections = 0
        self.commands: list[str] = []
        self.lock = threading.Lock()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        assert self.behaviour.certificate
        context.load_cert_chain(self.behaviour.certificate, self.behaviour.key)
        return context


class _CutError(Exception):
    pass


class _Session(socketserver.StreamRequestHandler):
    server: SmtpServer
    encrypted = signed_in = False

    def handle(self) -> None:
        self.server.connections += 1
        try:
            if self.server.behaviour.wrapped:
                self._encrypt()
            self._converse()
        except (_CutError, OSError):
            self.connection.close()

    def _converse(self) -> None:
        self.mails, self.sender, self.to = 0, "", ""
        self._step("connect", "220 test ESMTP")
        verbs = {
            **dict.fromkeys(("EHLO", "HELO"), self._ehlo),
            "STARTTLS": self._starttls,
            "AUTH": self._sign_in,
            "MAIL": self._mail,
            "RCPT": self._rcpt,
            "DATA": self._data,
            "RSET": self._rset,
        }
        while line := self.rfile.readline():
            text = line.decode("ascii").strip()
            self.server.commands.append(text)
            verb = text.split(" ")[0].upper()
            if verb == "QUIT":
                self._say("221 bye")
                return
            if verb in verbs:
                verbs[verb](text)
            else:
                self._say("500 5.5.2 what?")

    def _ehlo(self, text: str) -> None:
        features = ["test", "SIZE 10000000"]
        features += ["STARTTLS"] if self.server.behaviour.certificate and not self.encrypted else []
        features += ["AUTH PLAIN LOGIN"] if self.server.behaviour.user else []
        self._step("ehlo", "".join(f"250-{one}\r\n" for one in features[:-1]) + f"250 {features[-1]}")

    def _starttls(self, text: str) -> None:
        self._step("starttls", "220 go ahead")
        self._encrypt()

    def _mail(self, text: str) -> None:
        if self.server.behaviour.user and not self.signed_in:
            self._say("530 5.7.0 sign in first")
        elif self.mails >= self.server.behaviour.mails_per_connection:
            self._say("421 4.7.0 too many mails, come again")
            raise _CutError
        elif self._step("mail", "250 2.1.0 ok"):
            self.sender = _address(text)

    def _rcpt(self, text: str) -> None:
        if self._step("rcpt", "250 2.1.5 ok"):
            self.to = _address(text)

    def _rset(self, text: str) -> None:
        self.sender = self.to = ""
        self._say("250 ok")

    def _data(self, text: str) -> None:
        if not self.sender or not self.to:
            self._say("503 5.5.1 no envelope")
        elif self._step("data", "354 go on"):
            self.mails += self._body(self.sender, self.to)
            self.sender = self.to = ""

    def _body(self, sender: str, to: str) -> int:
        lines: list[bytes] = []
        while True:
            line = self.rfile.readline()
            if not line:
                raise _CutError  # the client went away before the dot: the mail must be forgotten
            if line == b".\r\n":
                break
            lines.append(line[1:] if line.startswith(b".") else line)
            if self._drops("body"):
                raise _CutError
        if self._drops("dot"):
            raise _CutError
        answer = self._answer("dot", "250 2.0.0 queued")
        if answer.startswith("2"):
            with self.server.lock:
                self.server.taken.append(Taken(sender, to, b"".join(lines), self.encrypted, self.signed_in))
        if self._drops("taken"):
            raise _CutError
        self._say(answer)
        return 1

    def _sign_in(self, text: str) -> None:
        behaviour = self.server.behaviour
        words = text.split(" ")
        given = words[2] if len(words) > 2 else self._prompted()
        if words[1].upper() == "LOGIN":
            user = base64.b64decode(given).decode()
            self._say("334 " + base64.b64encode(b"Password:").decode())
            password = base64.b64decode(self.rfile.readline()).decode()
        else:
            _, user, password = base64.b64decode(given).decode().split("\0")
        self.signed_in = (user, password) == (behaviour.user, behaviour.password)
        self._step("auth", "235 2.7.0 welcome" if self.signed_in else "535 5.7.8 wrong user name or password")

    def _prompted(self) -> str:
        self._say("334 ")
        return self.rfile.readline().decode().strip()

    def _encrypt(self) -> None:
        self.connection = self.server.context().wrap_socket(self.connection, server_side=True)
        self.rfile = self.connection.makefile("rb")
        self.encrypted = True

    def _step(self, step: str, usual: str) -> bool:
        if self._drops(step):
            raise _CutError
        answer = self._answer(step, usual)
        self._say(answer)
        if answer.startswith("421"):
            raise _CutError
        return answer[0] in "23"

    def _drops(self, step: str) -> bool:
        dropped = step in self.server.behaviour.drops
        if dropped and self.server.behaviour.once:
            self.server.behaviour.drops.discard(step)
        return dropped

    def _answer(self, step: str, usual: str) -> str:
        answers = self.server.behaviour.answers
        return answers.pop(step, usual) if self.server.behaviour.once else answers.get(step, usual)

    def _say(self, line: str) -> None:
        self.connection.sendall(line.encode() + b"\r\n")


def _address(text: str) -> str:
    found = re.search(r"<(.*)>", text)
    assert found, text
    return found.group(1)
