"""Mails from the return mailbox, for people to look at."""

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes

from django.db.models import Count

from kizuna.connectors.channels.rules import Reply
from kizuna.connectors.mail.models import ReturnedMail
from kizuna.connectors.mail.rules.returns import decode
from kizuna.errors import NotFound
from kizuna.facts.rows.queries import Part, tally
from kizuna.words import Words

KINDS: dict[str, Words] = {
    "bounce": Words(ja="不達", en="Bounce"),
    "complaint": Words(ja="迷惑メール報告", en="Complaint"),
    "delivered": Words(ja="到達通知", en="Delivery notice"),
    "delayed": Words(ja="遅延通知", en="Delay notice"),
    "auto_reply": Words(ja="自動応答", en="Automatic reply"),
    "reply": Words(ja="お客様の返信", en="Customer's answer"),
    "other": Words(ja="その他のメール", en="Other mail"),
    "": Words(ja="未読", en="Not read yet"),
}
STATES: dict[str, Words] = {
    "unmatched": Words(ja="要確認", en="To be checked"),
    "matched": Words(ja="反映済み", en="Applied"),
    "ignored": Words(ja="対応不要", en="Nothing to do"),
    "new": Words(ja="読み取り待ち", en="Waiting to be read"),
}


class NoSuchReturn(NotFound):
    """The returned mail is not there (any more)."""

    code = "no_such_return"

    def __init__(self) -> None:
        super().__init__(Words(ja="このメールは見つかりません。", en="There is no such mail."))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnCard:
    """One returned mail; ``text`` is filled in for a single one only."""

    return_id: int
    state: str
    state_words: Words
    kind_words: Words
    permanent: bool
    message_id: int | None
    recipient: str
    status: str
    diagnostic: str
    subject: str
    sender: str
    note: str
    fetched_at: datetime
    text: str = ""


def returned(*, state: str = "", before_id: int | None = None, limit: int) -> list[ReturnCard]:
    """The newest first, of one state or of all."""
    found = ReturnedMail.objects.defer("raw").order_by("-id")
    if state:
        found = found.filter(state=state)
    if before_id is not None:
        found = found.filter(pk__lt=before_id)
    return [_card(row) for row in found[:limit]]


def replies(*, limit: int) -> list[Reply]:
    """What customers answered to a mail of ours, the latest first."""
    rows = ReturnedMail.objects.filter(kind="reply").order_by("-fetched_at", "-id")
    return [
        Reply(
            channel="mail",
            address=row.sender,
            subject=row.subject,
            text=_text(bytes(row.raw)),
            at=row.fetched_at,
            message_id=row.message_id,
        )
        for row in rows[:limit]
    ]


def reply_count() -> int:
    """How many there are."""
    return ReturnedMail.objects.filter(kind="reply").count()


def reply_tally(*, since: datetime) -> Part:
    """How many came since, as a part of a page's «replies»."""
    return tally(found=ReturnedMail.objects.filter(kind="reply", fetched_at__gte=since), kind="replies")


def returned_counts() -> dict[str, int]:
    """How many there are in each state."""
    rows = ReturnedMail.objects.values_list("state").annotate(n=Count("id"))
    return {**dict.fromkeys(STATES, 0), **dict(rows)}


def return_named(*, return_id: int) -> ReturnCard:
    """One of them with its text.

    Raises: NoSuchReturn.
    """
    row = ReturnedMail.objects.filter(pk=return_id).first()
    if row is None:
        raise NoSuchReturn
    return _card(row, text=_text(bytes(row.raw)))


def _text(raw: bytes) -> str:
    parts = []
    for part in message_from_bytes(raw).walk():
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes) and part.get_content_maintype() in {"text", "message"}:
            parts.append(decode(payload=payload, charset=part.get_content_charset()))
    return "\n\n".join(parts)[:20_000].replace("\0", "")


def _card(row: ReturnedMail, *, text: str = "") -> ReturnCard:
    return ReturnCard(
        return_id=row.pk,
        state=row.state,
        state_words=STATES.get(row.state, STATES["new"]),
        kind_words=KINDS.get(row.kind, KINDS["other"]),
        permanent=row.permanent,
        message_id=row.message_id,
        recipient=row.recipient,
        status=row.status,
        diagnostic=row.diagnostic,
        subject=row.subject,
        sender=row.sender,
        note=row.note,
        fetched_at=row.fetched_at,
        text=text,
    )
