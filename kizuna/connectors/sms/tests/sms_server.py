"""A stand-in for a Twilio-shaped service: account, fields, error codes, the message list, and signed calls."""

import base64
import hmac
import re
from datetime import datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote, urlsplit

from kizuna.connectors.channels.tests.cast import NOON
from kizuna.connectors.channels.tests.http_server import Reply, StandIn

SID = "AC" + "0" * 32
TOKEN = "token-of-the-account"
NUMBER = "+815012345678"


class SmsServer(StandIn):
    """Remembers every message it has created; ``now`` is its own clock."""

    def __init__(self) -> None:
        super().__init__()
        self.now: datetime = NOON
        self.created: list[dict[str, Any]] = []
        self.callbacks: dict[str, str] = {}
        self.stopped: set[str] = set()
        self.lists_nothing = False

    def answer(self, *, method: str, path: str, headers: dict[str, str], body: bytes) -> Reply:
        expected = "Basic " + base64.b64encode(f"{SID}:{TOKEN}".encode()).decode()
        if headers.get("authorization") != expected:
            return _error(401, 20003, "Authenticate")
        split = urlsplit(path)
        if unquote(split.path) != f"/2010-04-01/Accounts/{SID}/Messages.json":
            return _error(404, 20404, "The requested resource was not found")
        return self._list(split.query) if method == "GET" else self._create(headers=headers, body=body)

    def _create(self, *, headers: dict[str, str], body: bytes) -> Reply:
        if headers.get("content-type") != "application/x-www-form-urlencoded":
            return _error(400, 21602, "Message body is required.")
        fields = dict(parse_qsl(body.decode(), strict_parsing=True))
        refused = self._refusal(fields)
        if refused:
            return refused
        made = {
            "sid": f"SM{len(self.created):032}",
            "to": fields["To"],
            "from": fields.get("From"),
            "body": fields["Body"],
            "status": "queued",
            "date_created": format_datetime(self.now),
            "error_code": None,
        }
        self.created.append(made)
        self.callbacks[made["sid"] or ""] = fields.get("StatusCallback", "")
        return Reply(201, made)

    def _refusal(self, fields: dict[str, str]) -> Reply | None:
        text = fields.get("Body", "")
        checks = (
            (not re.fullmatch(r"\+[1-9]\d{7,14}", fields.get("To", "")), 21211, "Invalid 'To' Phone Number"),
            ("From" in fields and fields["From"] != NUMBER, 21606, "The 'From' number is not SMS-capable"),
            ("From" not in fields and "MessagingServiceSid" not in fields, 21603, "A 'From' number is required"),
            (not text, 21602, "Message body is required"),
            (len(text) > 1600, 21617, "The concatenated message body exceeds the 1600 character limit"),
            (fields.get("To") in self.stopped, 21610, "Attempt to send to unsubscribed recipient"),
            ("StatusCallback" in fields and not fields["StatusCallback"].startswith("https://"), 21609, "bad URL"),
        )
        return next((_error(400, code, words) for wrong, code, words in checks if wrong), None)

    def _list(self, query: str) -> Reply:
        wanted = parse_qs(query)
        day = wanted["DateSent>"][0]
        found = [one for one in self.created if one["to"] == wanted["To"][0]] if day <= f"{self.now:%Y-%m-%d}" else []
        return Reply(200, {"messages": [] if self.lists_nothing else found})


def _error(status: int, code: int, words: str) -> Reply:
    return Reply(status, {"code": code, "message": words, "status": status, "more_info": ""})


def signature(*, url: str, fields: dict[str, str], token: str = TOKEN, algorithm: str = "sha1") -> str:
    """As the service signs a call: the address, then every field in order of its name."""
    signed = url + "".join(name + fields[name] for name in sorted(fields))
    return base64.b64encode(hmac.digest(token.encode(), signed.encode(), algorithm)).decode()
