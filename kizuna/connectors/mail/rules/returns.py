"""What a mail in the return mailbox says: a bounce, a complaint, an automatic answer, or something for a person.

Sources: RFC 3464 (delivery status), RFC 3463 (status codes), RFC 5965 (complaints), RFC 3834 (automatic answers).
Japanese carriers answer in plain text of their own; there the words themselves are read.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.utils import parseaddr
from typing import Literal

from kizuna.connectors.mail.rules.addresses import TOKEN

Kind = Literal["bounce", "complaint", "delivered", "delayed", "auto_reply", "reply", "other"]
_SCANNED_CHARACTERS = 200_000

_BOUNCE_SENDER = re.compile(r"mailer-daemon|postmaster|mail\s*delivery|maildelivery|mail administrator", re.IGNORECASE)
_BOUNCE_SUBJECT = re.compile(
    r"undeliver|returned mail|delivery (?:status|failure|has failed)|failure notice|mail system error|mail delivery"
    r"|未達|不達|配信不能|配信エラー|配送エラー|送信エラー|送信できません|届けられません|宛先不明|エラーメール",
    re.IGNORECASE,
)
_FULL = re.compile(
    r"mailbox (?:is )?(?:full|exceeded)|over ?quota|quota exceeded|temporarily (?:over quota|limited|unavailable)"
    r"|insufficient (?:system )?storage|not delivered within|will be retried|try again later|greylist"
    r"|容量(?:を超|超過|不足|オーバー|がいっぱい)|一時的に|しばらく",
    re.IGNORECASE,
)
_GONE = re.compile(
    r"user unknown|unknown user|no such user|unknown (?:or illegal )?(?:alias|address|mailbox|recipient)|user not found"
    r"|does not exist|doesn't exist|invalid (?:recipient|user|mailbox|address)|mailbox unavailable|account is disabled"
    r"|recipient (?:address )?rejected|address rejected|host (?:or domain name )?not found|domain not found"
    r"|存在しません|存在しない|宛先不明|見つかりません|見つからない|使われておりません|アドレスが正しくありません",
    re.IGNORECASE,
)
_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_CODE = re.compile(r"(?<![\d.])([45]\d\d)[ -](?=\S)")
_ADDRESS = re.compile(r"<?([A-Za-z0-9._+\-\"/?!=]{1,80}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)>?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """What was read. ``tokens`` name mails of ours that the text mentions, the likeliest first."""

    kind: Kind
    permanent: bool = False
    tokens: tuple[str, ...] = ()
    recipient: str = ""
    status: str = ""
    diagnostic: str = ""
    subject: str = ""
    sender: str = ""


def read_return(*, raw: bytes) -> Return:
    """Read one mail. Nothing that can stand in a mailbox makes this fail: what is not understood is ``other``."""
    message = message_from_bytes(raw)
    text = "\n".join(_texts(message))[:_SCANNED_CHARACTERS]
    tokens = _tokens(message=message, text=text)
    subject, sender = _decoded(message.get("Subject")), parseaddr(_decoded(message.get("From")))[1][:200]
    report = (message.get_param("report-type") or "") if message.get_content_type() == "multipart/report" else ""
    found: Return | None = None
    if str(report).lower() == "feedback-report" or _part(message, "message/feedback-report") is not None:
        found = _complaint(message)
    elif str(report).lower() == "delivery-status" or _part(message, "message/delivery-status") is not None:
        found = _status_report(message, text)
    found = found or _automatic(message) or _in_words(message, text, subject, sender) or _answer(message)
    return Return(
        kind=found.kind,
        permanent=found.permanent,
        tokens=tokens,
        recipient=found.recipient[:200],
        status=found.status,
        diagnostic=" ".join(found.diagnostic.split())[:500],
        subject=subject[:200],
        sender=sender,
    )


def _status_report(message: Message, text: str) -> Return | None:
    """RFC 3464: the worst recipient decides; a notice of delay is no bounce."""
    worst: Return | None = None
    order = {"delivered": 0, "delayed": 1, "bounce": 2}
    for block in _status_blocks(message):
        action = str(block.get("Action", "")).split("(")[0].strip().lower()
        if not action:
            continue
        status = _status_in(str(block.get("Status", "")))
        diagnostic = str(block.get("Diagnostic-Code", ""))
        recipient = (
            str(block.get("Original-Recipient") or block.get("Final-Recipient") or "").rpartition(";")[2].strip()
        )
        kind: Kind = "bounce" if action == "failed" else "delayed" if action == "delayed" else "delivered"
        one = Return(
            kind=kind,
            permanent=kind == "bounce" and _is_permanent(status=status, text=diagnostic or text[:4_000]),
            recipient=recipient,
            status=status,
            diagnostic=diagnostic,
        )
        if worst is None or order[one.kind] > order[worst.kind]:
            worst = one
    return worst


def _is_permanent(*, status: str, text: str) -> bool:
    """RFC 3463: class 5 is for good, but a full mailbox (x.2.2) empties and a rejected content is not the address."""
    if status:
        full = status.endswith(".2.2") or bool(_FULL.search(text) and not _GONE.search(text))
        return status.startswith("5") and not full
    code = _CODE.search(text)
    if _FULL.search(text) and not _GONE.search(text):
        return False
    return bool(_GONE.search(text)) or bool(code and code.group(1).startswith("5"))


def _complaint(message: Message) -> Return | None:
    """RFC 5965. ``not-spam`` is the opposite of a complaint."""
    part = _part(message, "message/feedback-report")
    fields = _fields(part) if part is not None else {}
    feedback = fields.get("feedback-type", "abuse").strip().lower()
    if feedback == "not-spam":
        return Return(kind="other", diagnostic=feedback)
    recipient = fields.get("original-rcpt-to") or fields.get("removal-recipient") or ""
    return Return(kind="complaint", permanent=True, recipient=parseaddr(recipient)[1], diagnostic=feedback)


def _automatic(message: Message) -> Return | None:
    """Holiday notices: they say so themselves."""
    submitted = str(message.get("Auto-Submitted", "no")).split(";")[0].strip().lower()
    precedence = str(message.get("Precedence", "")).strip().lower()
    if submitted == "auto-replied" or message.get("X-Autoreply") or (precedence == "auto_reply"):
        subject = _decoded(message.get("Subject"))
        sender = _decoded(message.get("From"))
        if not (_BOUNCE_SENDER.search(sender) or _BOUNCE_SUBJECT.search(subject)):
            return Return(kind="auto_reply")
    return None


def _in_words(message: Message, text: str, subject: str, sender: str) -> Return | None:
    """A bounce that follows no standard. The sender or the subject says that it is one, the text says why."""
    named = _decoded(message.get("From"))
    empty_path = str(message.get("Return-Path", "x")).strip() in {"<>", ""}
    signs = [_BOUNCE_SENDER.search(named or sender), _BOUNCE_SUBJECT.search(subject), empty_path]
    ours = _before_original(text)
    status = _status_in(ours)
    reasons = [_GONE.search(ours), _FULL.search(ours), _CODE.search(ours), status]
    if not any(signs) or not any(reasons):
        return None
    reason = next((line for line in ours.splitlines() if _GONE.search(line) or _FULL.search(line)), "")
    reason = reason or next((line for line in ours.splitlines() if _CODE.search(line)), "")
    address = _ADDRESS.search(ours)
    return Return(
        kind="bounce",
        permanent=_is_permanent(status=status, text=ours),
        recipient=address.group(1) if address else "",
        status=status,
        diagnostic=reason,
    )


def _answer(message: Message) -> Return:
    """A letter that a person wrote: an answer when it says which mail of ours it answers."""
    named = " ".join(str(message.get(name, "")) for name in ("In-Reply-To", "References"))
    return Return(kind="reply" if TOKEN.search(named) else "other")


def _before_original(text: str) -> str:
    """Only the postmaster's own words: the mail of ours that follows may itself speak of quotas."""
    cut = re.search(
        r"^(?:-{5,}.*|_{5,}|Content-Type: message/rfc822.*|(?:Return-Path|Received|Message-ID): ?.*"
        r"|.*(?:original message|元のメッセージ|送信されたメール).*)$",
        text,
        re.IGNORECASE | re.MULTILINE,
    )
    return text[: cut.start()] if cut and cut.start() > 40 else text[:4_000]


def _status_in(text: str) -> str:
    found = _STATUS.search(text)
    return ".".join(found.groups()) if found else ""


def _tokens(*, message: Message, text: str) -> tuple[str, ...]:
    """Our names for mails: first those the return came to (VERP), then those the text quotes."""
    headers = ("To", "Delivered-To", "X-Original-To", "Envelope-To", "In-Reply-To", "References")
    places = [str(value) for name in headers for value in message.get_all(name, [])]
    found = [match.group().lower() for place in (*places, text) for match in TOKEN.finditer(place)]
    return tuple(dict.fromkeys(found))[:10]


def _texts(message: Message) -> Iterator[str]:
    """Every readable part, and the headers of mails inside it; pictures and archives are left out."""
    for part in message.walk():
        kind = part.get_content_type()
        if part is not message and part.get("Message-ID"):
            yield f"Message-ID: {part.get('Message-ID')}"
        if part.is_multipart() or not (kind.startswith(("text/", "message/"))):
            continue
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes):
            yield decode(payload=payload, charset=part.get_content_charset())


def decode(*, payload: bytes, charset: str | None) -> str:
    """Text in whatever encoding it really is: carriers declare none, or one that it is not."""
    tried = [charset] if charset else []
    if b"\x1b$" in payload:
        tried.insert(0, "iso2022_jp_ext")
    for name in (*tried, "utf-8", "cp932", "euc_jp"):
        try:
            return payload.decode(str(name))
        except (UnicodeDecodeError, LookupError):
            continue
    return payload.decode("utf-8", errors="replace")


def _decoded(value: object) -> str:
    """A header as a person reads it."""
    from_header = str(value or "")
    pieces = re.split(r"(=\?[^?\s]+\?[bqBQ]\?[^?]*\?=)", from_header)
    try:
        return " ".join("".join(_word(piece) for piece in pieces if piece.strip()).split())
    except (LookupError, ValueError):
        return " ".join(from_header.split())


def _word(piece: str) -> str:
    found = re.fullmatch(r"=\?([^?*\s]+)(?:\*[^?]*)?\?([bqBQ])\?([^?]*)\?=", piece)
    if not found:
        return piece
    charset, how, text = found.groups()
    holder = Message()
    holder["Content-Transfer-Encoding"] = "base64" if how in "bB" else "quoted-printable"
    holder.set_payload(text if how in "bB" else text.replace("_", " "))
    payload = holder.get_payload(decode=True)
    return decode(payload=payload, charset=charset) if isinstance(payload, bytes) else piece


def _part(message: Message, kind: str) -> Message | None:
    return next((part for part in message.walk() if part.get_content_type() == kind), None)


def _status_blocks(message: Message) -> Iterator[Message]:
    part = _part(message, "message/delivery-status")
    payload = part.get_payload() if part is not None else None
    if isinstance(payload, list):
        yield from (block for block in payload if isinstance(block, Message))
    elif isinstance(payload, str):
        for block in re.split(r"\n\s*\n", payload.replace("\r\n", "\n")):
            yield message_from_bytes(block.encode())


def _fields(part: Message) -> dict[str, str]:
    """The report's fields: the parser keeps them as a nested message or as text."""
    payload = part.get_payload()
    if isinstance(payload, list) and payload and isinstance(payload[0], Message):
        nested = payload[0]
    else:
        raw = part.get_payload(decode=True)
        nested = message_from_bytes(raw if isinstance(raw, bytes) else str(payload).encode())
    return {name.lower(): str(value) for name, value in nested.items()}
