"""LINE's contract: signatures, retry keys, message objects, events, and what its answers mean."""

import base64
import hmac
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

from kizuna.connectors.channels.rules import Accepted, Down, Refused, Unknown, Verdict
from kizuna.gates.egress import Answer
from kizuna.words import Words

TEXT_UNITS = 5_000
"""Longest text object, in UTF-16 code units as LINE counts."""
OBJECTS = 5
KEY_HOURS = timedelta(hours=23)
"""A retry key is known for 24 hours from its first use; later it would send a second time."""
_NAMESPACE = UUID("6d0d1a0c-2f0c-5a43-9a52-0f3a3f1b7c11")
_USER = re.compile(r"U[0-9a-f]{32}\Z")
_ASK_A_PERSON = timedelta(minutes=15)


def retry_key(*, key: str) -> str:
    """The UUID that goes with every attempt of a message, the first included."""
    return str(uuid5(_NAMESPACE, key))


def is_user_id(*, text: str) -> bool:
    """U and 32 hexadecimal digits."""
    return bool(_USER.match(text))


def is_signed(*, raw: bytes, signature: str, secret: str) -> bool:
    """Whether LINE has signed these very bytes."""
    expected = base64.b64encode(hmac.digest(secret.encode(), raw, "sha256")).decode()
    return bool(secret) and hmac.compare_digest(expected.encode(), signature.strip().encode())


def utf16_units(*, text: str) -> int:
    """Length as LINE counts it: an emoji outside the basic plane is two."""
    return len(text.encode("utf-16-le", errors="replace")) // 2


def objects_of(*, text: str) -> list[dict[str, str]] | None:
    """Text objects, cut between lines where possible; None when even five do not hold it."""
    pieces: list[str] = []
    rest = text.strip()
    while rest and len(pieces) < OBJECTS:
        piece = _fitting(rest)
        pieces.append(piece.rstrip())
        rest = rest[len(piece) :].lstrip("\n")
    return None if rest or not pieces else [{"type": "text", "text": piece} for piece in pieces]


def _fitting(text: str) -> str:
    if utf16_units(text=text) <= TEXT_UNITS:
        return text
    units, end = 0, 0
    for character in text:
        units += 2 if ord(character) > 0xFFFF else 1
        if units > TEXT_UNITS:
            break
        end += 1
    line_end = text.rfind("\n", end // 2, end)
    return text[: line_end + 1] if line_end > 0 else text[:end]


def verdict_of(*, answer: Answer) -> Verdict:
    """What LINE's answer to a push means."""
    said = _json(answer)
    if 200 <= answer.status < 300 or (answer.status == 409 and answer.headers.get("x-line-accepted-request-id")):
        return Accepted(provider_id=_sent_id(said) or answer.headers.get("x-line-accepted-request-id", "")
                        or answer.headers.get("x-line-request-id", ""))  # fmt: skip
    why = f"{answer.status} {_message(said)}"
    if answer.status == 429:
        return _too_many(answer=answer, why=why)
    if answer.status >= 500:
        return Unknown(why=why, retries_itself=True, words=_TROUBLE.fill(why=why))
    known: dict[int, Verdict] = {
        400: Refused(why=why, permanent=True),
        401: Down(words=_TOKEN.fill(why=why), wait=_ASK_A_PERSON),
        403: Down(words=_TOKEN.fill(why=why), wait=_ASK_A_PERSON),
        409: Unknown(why=why),
        413: Refused(why=why, permanent=True),
    }
    return known.get(answer.status) or Down(words=_ODD.fill(why=why), wait=_ASK_A_PERSON)


def _too_many(*, answer: Answer, why: str) -> Verdict:
    if "monthly limit" in answer.text:
        return Down(words=QUOTA_REACHED, wait=timedelta(hours=1))
    asked = answer.headers.get("retry-after", "")
    seconds = min(int(asked), 3600) if asked.isascii() and asked.isdigit() else 60
    return Down(words=_TROUBLE.fill(why=why), wait=timedelta(seconds=max(seconds, 1)))


def _sent_id(said: dict[str, object]) -> str:
    sent = said.get("sentMessages")
    first = sent[0] if isinstance(sent, list) and sent else None
    return str(first.get("id", "")) if isinstance(first, dict) else ""


def _message(said: dict[str, object]) -> str:
    details = said.get("details")
    parts = [str(said.get("message", ""))]
    if isinstance(details, list):
        parts += [f"{one.get('property', '')}: {one.get('message', '')}" for one in details if isinstance(one, dict)]
    return " / ".join(part for part in parts if part)[:300]


def _json(answer: Answer) -> dict[str, object]:
    try:
        found = json.loads(answer.body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event of a webhook call."""

    webhook_event_id: str
    kind: str
    user_id: str
    line_message_id: str
    text: str
    is_redelivery: bool
    occurred_at: datetime


def events_of(*, raw: bytes) -> list[Event] | None:
    """The events in a call; None when it is not LINE's JSON. One without an id cannot be told from its repeat."""
    try:
        body = json.loads(raw)
        found = body["events"]
        return [_event(one) for one in found if isinstance(one, dict) and one.get("webhookEventId")]
    except (ValueError, KeyError, TypeError, OverflowError, OSError):
        return None


def _event(one: dict[str, object]) -> Event:
    source, message, unsend = (_dict(one.get(name)) for name in ("source", "message", "unsend"))
    text = message.get("text") if message.get("type") == "text" else ""
    return Event(
        webhook_event_id=_storable(str(one["webhookEventId"]))[:40],
        kind=_storable(str(one.get("type", "")))[:30],
        user_id=_storable(str(source.get("userId") or ""))[:40],
        line_message_id=_storable(str(message.get("id") or unsend.get("messageId") or ""))[:40],
        text=_storable(str(text or ""))[:TEXT_UNITS],
        is_redelivery=bool(_dict(one.get("deliveryContext")).get("isRedelivery")),
        occurred_at=datetime.fromtimestamp(int(str(one.get("timestamp", 0))) / 1000, tz=UTC),
    )


def _storable(text: str) -> str:
    """JSON can name half of a character, and a NUL; neither can be written into a database."""
    return text.replace("\0", "").encode("utf-8", errors="replace").decode()


def _dict(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


QUOTA_REACHED = Words(
    ja="LINE の今月の配信上限に達したため、送信を止めています。上限を上げるか、来月までお待ちください。",
    en="LINE's monthly limit has been reached, so sending is on hold. Raise the limit, or wait for the next month.",
)
_TOKEN = Words(
    ja="LINE に認証を断られました（{why}）。チャネルアクセストークンを確認してください。",
    en="LINE did not accept the credentials ({why}). Please check the channel access token.",
)
_TROUBLE = Words(
    ja="LINE が一時的に受け付けていません（{why}）。時間を置いて同じキーで送り直します。",
    en="LINE does not take messages just now ({why}). They are tried again under the same key.",
)
_ODD = Words(ja="LINE から想定外の応答がありました（{why}）。", en="LINE gave an unexpected answer ({why}).")
