"""The mails in the local outbox: a list, and one of them taken apart."""

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from pathlib import Path

from django.conf import settings
from django.db.models import Q

from kizuna.connectors.mail.models import OutboxMail
from kizuna.connectors.mail.rules.returns import decode
from kizuna.errors import NotFound
from kizuna.facts.rows.queries import Part, tally
from kizuna.words import Words


class NoSuchMail(NotFound):
    """The mail is not in the outbox (any more)."""

    code = "no_such_mail"

    def __init__(self) -> None:
        super().__init__(Words(ja="このメールは送信箱にありません。", en="There is no such mail in the outbox."))


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxCard:
    """One mail in the list."""

    mail_id: int
    message_id: int | None
    address: str
    subject: str
    written_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxLetter:
    """One mail as it would arrive: headers in order, text, HTML (empty when it has none), and the raw bytes."""

    card: OutboxCard
    headers: tuple[tuple[str, str], ...]
    text: str
    html: str
    raw: bytes


def letters(*, search: str = "", before_id: int | None = None, limit: int) -> list[OutboxCard]:
    """The newest first; ``search`` looks into address and subject."""
    found = OutboxMail.objects.order_by("-id")
    for word in search.split():
        found = found.filter(Q(address__icontains=word) | Q(subject__icontains=word))
    if before_id is not None:
        found = found.filter(pk__lt=before_id)
    return [_card(row) for row in found[:limit]]


def outbox_tally() -> Part:
    """How many lie there, as a page's count of the «outbox»."""
    return tally(found=OutboxMail.objects.all(), kind="outbox")


def letter(*, mail_id: int) -> OutboxLetter:
    """One mail, read from its file.

    Raises: NoSuchMail.
    """
    row = OutboxMail.objects.filter(pk=mail_id).first()
    path = Path(settings.HOME) / "outbox" / Path(row.file_name).name if row else None
    if row is None or path is None or not path.is_file():
        raise NoSuchMail
    raw = path.read_bytes()
    message = message_from_bytes(raw)
    return OutboxLetter(
        card=_card(row),
        headers=tuple((name, _header(value)) for name, value in message.items()),
        text=_body(message, "text/plain"),
        html=_body(message, "text/html"),
        raw=raw,
    )


def _card(row: OutboxMail) -> OutboxCard:
    return OutboxCard(
        mail_id=row.pk,
        message_id=row.message_id,
        address=row.address,
        subject=row.subject,
        written_at=row.written_at,
    )


def _header(value: object) -> str:
    flat = " ".join(str(value).split())
    return str(make_header(decode_header(flat)))


def _body(message: Message, kind: str) -> str:
    for part in message.walk():
        if part.get_content_type() == kind:
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes):
                return decode(payload=payload, charset=part.get_content_charset())
    return ""
