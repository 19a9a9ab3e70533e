"""The contract of a Twilio-shaped SMS service: lengths, signatures, answers, statuses, stop words."""

import base64
import hmac
import json
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from kizuna.connectors.channels.rules import Accepted, Dead, Down, Refused, Unknown, Verdict
from kizuna.gates.egress import Answer
from kizuna.words import Words

LONGEST = 1_600
"""Characters the service takes in one message."""
_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ ÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_DOUBLE = frozenset("^{}\\[~]|€\f")
_DEAD = frozenset({21211, 21214, 21217, 21614, 21610})
"""No number, no mobile number, or its owner has stopped us at the provider."""
_OURS = frozenset(
    {20003, 20404, 20429, 21212, 21408, 21603, 21606, 21611, 21620, 21659, 21701, 21703, 30002, 30010, 63038}
)
"""Account, sender or permission: no message is to blame."""
_GONE_STATUS = frozenset({"30004", "30005", "30006", "21610", "21211", "21614"})
_STOP = frozenset(
    {"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "停止", "配信停止", "解除", "配信解除", "ストップ"}
)
_ASK_A_PERSON = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Length:
    """How long a text is to the networks, which bill by the segment."""

    encoding: str
    units: int
    segments: int


def length_of(*, text: str) -> Length:
    """Japanese goes as UCS-2: 70 units in one segment, 67 in each of several. GSM-7 holds 160 and 153."""
    if all(character in _GSM or character in _GSM_DOUBLE for character in text):
        units = sum(2 if character in _GSM_DOUBLE else 1 for character in text)
        return Length(encoding="GSM-7", units=units, segments=_segments(units, one=160, many=153))
    units = len(text.encode("utf-16-le", errors="replace")) // 2
    return Length(encoding="UCS-2", units=units, segments=_segments(units, one=70, many=67))


def _segments(units: int, *, one: int, many: int) -> int:
    return 1 if units <= one else -(-units // many)


def with_opt_out(*, text: str, purpose: str, unsubscribe_url: str, language: str) -> str:
    """The text with a way out, which the law asks of advertising by SMS; added only when it is not there yet."""
    if purpose == "service" or not unsubscribe_url or unsubscribe_url in text:
        return text
    return f"{text}\n{'配信停止' if language == 'ja' else 'Stop'}: {unsubscribe_url}"


def is_stop_word(*, text: str) -> bool:
    """Whether the whole text is a word that stops messages."""
    return unicodedata.normalize("NFKC", text).strip(" 　。.!！\n").lower() in _STOP


def is_signed(
    *, url: str, parameters: Iterable[tuple[str, str]], headers: Mapping[str, str], token: str, raw: bytes = b""
) -> bool:
    """Whether the service has signed this call: HMAC-SHA1 over the address and the sorted parameters, or, when it
    announces ``HMAC_SHA256``, the same under SHA-256. ``headers`` are in lower case."""
    if not token:
        return False
    pairs = sorted(set(parameters))
    signed = url + "".join(name + value for name, value in pairs)
    announced = headers.get("x-twilio-webhooks-signature-settings", "").upper()
    algorithm = "sha256" if "HMAC_SHA256" in announced else "sha1"
    expected = base64.b64encode(hmac.digest(token.encode(), signed.encode(), algorithm))
    return hmac.compare_digest(expected, headers.get("x-twilio-signature", "").strip().encode())


def verdict_of(*, answer: Answer) -> Verdict:
    """What the service's answer to a new message means."""
    said = said_in(answer=answer)
    code, why = said.get("code"), f"{answer.status} {said.get('code', '')} {said.get('message', '')}".strip()[:300]
    if answer.status in {200, 201, 202}:
        sid = str(said.get("sid") or "")
        return Accepted(provider_id=sid) if sid else Unknown(why="the service answered without a message number")
    if answer.status >= 500:
        return Unknown(why=why, words=_TROUBLE.fill(why=why))
    if answer.status == 429:
        return Down(words=_TROUBLE.fill(why=why), wait=_asked(answer))
    if answer.status in {401, 403, 404} or (isinstance(code, int) and code in _OURS):
        return Down(words=_ACCOUNT.fill(why=why), wait=_ASK_A_PERSON)
    return Dead(why=why) if code in _DEAD else Refused(why=why, permanent=True)


def _asked(answer: Answer) -> timedelta:
    asked = answer.headers.get("retry-after", "")
    return timedelta(seconds=max(1, min(int(asked), 3600)) if asked.isascii() and asked.isdigit() else 60)


def said_in(*, answer: Answer) -> dict[str, object]:
    """The JSON object of an answer; empty when it holds none."""
    try:
        found = json.loads(answer.body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def is_gone(*, error_code: str) -> bool:
    """Whether a failed delivery says that the number will never be reached."""
    return error_code in _GONE_STATUS


_TROUBLE = Words(
    ja="SMS サービスが一時的に受け付けていません（{why}）。",
    en="The SMS service does not take messages just now ({why}).",
)
_ACCOUNT = Words(
    ja="SMS サービスに断られました（{why}）。アカウント、トークン、送信元を確認してください。",
    en="The SMS service refused us ({why}). Please check account, token and sender.",
)
