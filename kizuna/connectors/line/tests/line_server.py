"""A stand-in for LINE's Messaging API that holds callers to its contract: token, limits, retry keys, quota."""

import json
import re
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from kizuna.connectors.channels.tests.cast import NOON
from kizuna.connectors.channels.tests.http_server import Reply, StandIn

TOKEN = "token-of-the-channel"
SECRET = "secret-of-the-channel"
KEY_LIVES = timedelta(hours=24)


class LineServer(StandIn):
    """Remembers every message it has accepted; ``now`` is its own clock."""

    def __init__(self, *, limit: int | None = 200, used: int = 0) -> None:
        super().__init__()
        self.limit, self.used, self.now = limit, used, NOON
        self.accepted: list[tuple[str, str, list[dict[str, Any]]]] = []
        self.keys: dict[str, tuple[datetime, str, bytes, list[dict[str, str]]]] = {}
        self.blocked_by_rate = 0
        self.strangers: set[str] = set()
        """Users who are no friends of the account."""

    def answer(self, *, method: str, path: str, headers: dict[str, str], body: bytes) -> Reply:
        number = {"x-line-request-id": f"request-{len(self.requests)}"}
        if headers.get("authorization") != f"Bearer {TOKEN}":
            return Reply(401, {"message": "Authentication failed. Confirm that the access token is valid."}, number)
        if (method, path) == ("GET", "/v2/bot/message/quota"):
            plan = {"type": "none"} if self.limit is None else {"type": "limited", "value": self.limit}
            return Reply(200, plan, number)
        if (method, path) == ("GET", "/v2/bot/message/quota/consumption"):
            return Reply(200, {"totalUsage": self.used}, number)
        if (method, path) != ("POST", "/v2/bot/message/push"):
            return Reply(404, {"message": "Not found"}, number)
        return self._push(key=headers.get("x-line-retry-key", ""), headers=headers, body=body, number=number)

    def _push(self, *, key: str, headers: dict[str, str], body: bytes, number: dict[str, str]) -> Reply:
        if self.blocked_by_rate:
            self.blocked_by_rate -= 1
            return Reply(429, {"message": "The API rate limit has been exceeded. Try again later."}, number)
        try:
            UUID(key)
        except ValueError:
            return Reply(400, {"message": "Retry key is invalid"}, number)
        known = self.keys.get(key)
        if known and self.now - known[0] < KEY_LIVES:
            again = {"message": "The retry key is already accepted", "sentMessages": known[3]}
            return Reply(409, again, {**number, "x-line-accepted-request-id": known[1]})
        if json.loads(body).get("to") in self.strangers:
            return Reply(400, {"message": "Failed to send messages"}, number)
        problem = _problem(headers=headers, body=body)
        if problem:
            details = [{"message": problem, "property": "messages"}]
            return Reply(400, {"message": "The request body has 1 error(s)", "details": details}, number)
        if self.limit is not None and self.used >= self.limit:
            return Reply(429, {"message": "You have reached your monthly limit."}, number)
        said = json.loads(body)
        sent = [{"id": str(461230966842064897 + len(self.accepted)), "quoteToken": "q"}]
        self.keys[key] = (self.now, number["x-line-request-id"], body, sent)
        self.accepted.append((key, said["to"], said["messages"]))
        self.used += 1
        return Reply(200, {"sentMessages": sent}, number)


def _problem(*, headers: dict[str, str], body: bytes) -> str:
    if not headers.get("content-type", "").startswith("application/json"):
        return "Content-Type must be application/json"
    said = json.loads(body)
    messages = said.get("messages", [])
    if not re.fullmatch(r"U[0-9a-f]{32}", said.get("to", "")):
        return "The property, 'to', in the request body is invalid"
    if not 1 <= len(messages) <= 5:
        return "Size must be between 1 and 5"
    texts = [one.get("text", "") for one in messages if one.get("type") == "text"]
    if len(texts) != len(messages) or not all(1 <= len(text.encode("utf-16-le")) // 2 <= 5000 for text in texts):
        return "Length must be between 0 and 5000"
    return ""
