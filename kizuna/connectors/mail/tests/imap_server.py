"""A small IMAP4rev1 server on loopback: one folder, looked into and never changed."""

import re
import socketserver
import ssl
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Folder:
    """What lies in the mailbox: mails by number."""

    uid_validity: int = 7
    mails: dict[int, bytes] = field(default_factory=dict)
    user: str = "bounces"
    password: str = "right"
    name: str = "INBOX"
    fails_at: str = ""
    """A command at which the line is cut."""
    certificate: Path | None = None
    key: Path | None = None


class ImapServer(socketserver.ThreadingTCPServer):
    """Listens on a free port of 127.0.0.1."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, folder: Folder) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.folder = folder
        self.commands: list[str] = []

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class _Session(socketserver.StreamRequestHandler):
    server: ImapServer

    def handle(self) -> None:
        folder = self.server.folder
        if folder.certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(folder.certificate, folder.key)
            self.connection = context.wrap_socket(self.connection, server_side=True)
            self.rfile = self.connection.makefile("rb")
        self._say("* OK ready")
        while line := self.rfile.readline():
            tag, _, command = line.decode().strip().partition(" ")
            self.server.commands.append(command)
            if folder.fails_at and command.upper().startswith(folder.fails_at):
                return
            answer = self._answer(command)
            self._say(f"{tag} {answer}")
            if command.upper() == "LOGOUT":
                return

    def _answer(self, command: str) -> str:
        verbs = {"LOGIN": self._login, "EXAMINE": self._examine, "UID SEARCH": self._search, "UID FETCH": self._fetch}
        for verb, answer in verbs.items():
            if command.upper().startswith(verb):
                return answer(command)
        if command.upper() in {"CAPABILITY", "LOGOUT"}:
            self._say("* CAPABILITY IMAP4rev1" if command.upper() == "CAPABILITY" else "* BYE")
            return "OK done"
        return "BAD what?"

    def _login(self, command: str) -> str:
        given = re.findall(r'"([^"]*)"|(\S+)', command[6:])
        user, password = (a or b for a, b in given)
        right = (user, password) == (self.server.folder.user, self.server.folder.password)
        return "OK welcome" if right else "NO [AUTHENTICATIONFAILED] wrong user name or password"

    def _examine(self, command: str) -> str:
        folder = self.server.folder
        if command.split(" ", 1)[1].strip('"') != folder.name:
            return "NO no such folder"
        self._say(f"* {len(folder.mails)} EXISTS")
        self._say(f"* OK [UIDVALIDITY {folder.uid_validity}] numbers")
        return "OK [READ-ONLY] open"

    def _search(self, command: str) -> str:
        mails = self.server.folder.mails
        first = int(command.rpartition(" ")[2].split(":")[0])
        # «n:*» is never empty: it names the last mail when n lies behind it.
        found = [uid for uid in mails if uid >= first] or list(mails)[-1:]
        self._say("* SEARCH " + " ".join(map(str, found)))
        return "OK done"

    def _fetch(self, command: str) -> str:
        uid, most = int(command.split(" ")[2]), int(command.rpartition(".")[2].rstrip(">)"))
        mails = self.server.folder.mails
        if uid in mails:
            raw = mails[uid][:most]
            number = list(mails).index(uid) + 1
            said = f"* {number} FETCH (UID {uid} BODY[]<0> {{{len(raw)}}}\r\n".encode()
            self.connection.sendall(said + raw + b")\r\n")
        return "OK done"

    def _say(self, line: str) -> None:
        self.connection.sendall(line.encode() + b"\r\n")
