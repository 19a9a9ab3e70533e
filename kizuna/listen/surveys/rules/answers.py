"""The answer records that come in, and when two of them say the same."""

from datetime import datetime
from hashlib import blake2b

import msgspec

from kizuna.customers.people.rules import Sighting
from kizuna.errors import Invalid
from kizuna.words import Words

LIMITS: dict[str, int] = {
    "source": 60,
    "external_id": 200,
    "instrument": 80,
    "touchpoint": 60,
    "channel": 60,
    "store": 60,
    "product": 200,
    "category": 200,
}


class AnswerRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One imported answer; unique by (source, external_id).

    ``instrument`` is nps, nps1to10, csat5, csat7, ces7, ces5 or own:<name>.
    """

    source: str
    external_id: str
    customer: Sighting | None
    instrument: str
    score: float
    answered_at: datetime
    touchpoint: str = ""
    channel: str = ""
    store: str = ""
    product: str = ""
    category: str = ""
    comment: str = ""


class AnswerIdMissing(Invalid):
    """Without its id an answer could not be told from a second copy of itself."""

    code = "answer_id_missing"

    def __init__(self) -> None:
        super().__init__(Words(ja="回答のIDがありません。", en="The answer has no id."))


class FieldTooLong(Invalid):
    """A code is longer than any real one; most often a comment stands in the wrong column."""

    code = "field_too_long"

    def __init__(self, *, field: str, length: int, limit: int) -> None:
        self.field, self.length, self.limit = field, length, limit
        words = Words(
            ja="{field} が長すぎます（{length} 文字、上限 {limit} 文字）。",
            en="{field} is too long ({length} characters, at most {limit}).",
        )
        super().__init__(words.fill(field=field, length=length, limit=limit))


class FieldUnprintable(Invalid):
    """A code holds a character no database and no till writes (NUL, half a surrogate pair)."""

    code = "field_unprintable"

    def __init__(self, *, field: str) -> None:
        self.field = field
        words = Words(
            ja="{field} に保存できない文字が含まれています。", en="{field} contains a character that cannot be stored."
        )
        super().__init__(words.fill(field=field))


def code_refusal(*, answer: AnswerRecord) -> Invalid | None:
    """The first code its column cannot hold, since the database would refuse the whole batch for it."""
    for field, limit in LIMITS.items():
        value: str = getattr(answer, field)
        if len(value) > limit:
            return FieldTooLong(field=field, length=len(value), limit=limit)
        if not value.isprintable() and printable(text=value) != value:
            return FieldUnprintable(field=field)
    return None


def content_digest(*, answer: AnswerRecord) -> str:
    """Equal for two records that say the same, so a second import can tell «unchanged» from «amended»."""
    who = answer.customer
    parts = (
        answer.instrument,
        repr(float(answer.score)),
        answer.answered_at.isoformat(),
        answer.touchpoint,
        answer.channel,
        answer.store,
        answer.product,
        answer.category,
        answer.comment,
        *((who.source, who.account_id, who.email, who.phone, who.card_no, who.line_id) if who else ()),
    )
    return blake2b("\x1f".join(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def printable(*, text: str) -> str:
    """The text without NUL, which PostgreSQL cannot store and no customer typed, and without half surrogates."""
    if "\x00" in text:
        text = text.replace("\x00", "")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode("utf-8")
    return text
