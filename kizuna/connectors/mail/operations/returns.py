"""Read the return mailbox: keep every mail as it came, then tell the message it is about.

Fetching and understanding are two steps with the raw bytes between them: a mail that stops the reader is
still there, and nothing is asked of the server twice. A mailbox has a row for each numbering of the server
(UIDVALIDITY); the last number read is the cursor.
"""

from datetime import datetime, timedelta

from django.db import transaction

from kizuna.act.outreach.operations import answered, bounced, complained, delivered
from kizuna.connectors.channels.queries import message_of
from kizuna.connectors.mail.models import Mailbox, MailSettings, ReturnedMail
from kizuna.connectors.mail.operations.imap import ASK_A_PERSON, Fetched, MailboxClosed, opened
from kizuna.connectors.mail.queries.configuration import Configuration, configuration
from kizuna.connectors.mail.queries.returned import NoSuchReturn
from kizuna.connectors.mail.rules import Return, read_return
from kizuna.errors import Refusal
from kizuna.facts.audit.operations import record
from kizuna.facts.rows.operations import reach
from kizuna.gates.seal import SealBroken
from kizuna.words import Words

SLICE = 50
EVERY = timedelta(minutes=1)
KEPT = timedelta(days=90)


def read_returns_due(*, now: datetime) -> int:
    """Fetch a slice of what lies in the return mailbox, when it is time to look, and read what was fetched."""
    try:
        found = configuration()
    except SealBroken:
        return 0  # the settings page says it
    fetched = 0
    if found.imap is not None and (found.returns_due_at is None or found.returns_due_at <= now):
        fetched = _fetch(found=found, now=now)
    return fetched + read_new(now=now)


def _fetch(*, found: Configuration, now: datetime) -> int:
    server = found.imap
    assert server is not None  # noqa: S101
    name = f"{server.username}@{server.host}/{found.imap_folder}"
    try:
        with opened(server=server, folder=found.imap_folder) as reader:
            box, _ = Mailbox.objects.get_or_create(name=name, uid_validity=reader.uid_validity)
            mails = list(reader.after(uid=box.last_uid, limit=SLICE))
    except MailboxClosed as closed:
        _note(failure=closed.words, due_at=now + ASK_A_PERSON)
        return 0
    reach(label="mail.returns_fetched")
    kept = _keep(mailbox_id=box.pk, mails=mails, now=now)
    # A full slice means that there is more.
    _note(failure=None, due_at=now if len(mails) == SLICE else now + EVERY, read_at=now)
    ReturnedMail.objects.filter(fetched_at__lt=now - KEPT).delete()
    return kept


@transaction.atomic
def _keep(*, mailbox_id: int, mails: list[Fetched], now: datetime) -> int:
    """Raw bytes and cursor in one step; what another worker has brought in meanwhile is left alone."""
    box = Mailbox.objects.select_for_update().get(pk=mailbox_id)
    fresh = [mail for mail in mails if mail.uid > box.last_uid]
    ReturnedMail.objects.bulk_create(
        ReturnedMail(mailbox=box, uid=mail.uid, raw=mail.raw, is_cut=mail.is_cut, fetched_at=now) for mail in fresh
    )
    if fresh:
        box.last_uid = max(mail.uid for mail in fresh)
        box.save(update_fields=["last_uid"])
    reach(label="mail.returns_kept")
    return len(fresh)


def read_new(*, now: datetime) -> int:
    """Read fetched mails that nobody has read yet; answers how many."""
    numbers = list(ReturnedMail.objects.filter(state="new").order_by("id").values_list("pk", flat=True)[:SLICE])
    for number in numbers:
        _read(return_id=number, now=now)
    return len(numbers)


@transaction.atomic
def _read(*, return_id: int, now: datetime) -> None:
    row = ReturnedMail.objects.select_for_update().filter(pk=return_id, state="new").first()
    if row is None:
        return
    said = read_return(raw=bytes(row.raw))
    for name in ("kind", "permanent", "recipient", "status", "diagnostic", "subject", "sender"):
        value = getattr(said, name)
        setattr(row, name, value.replace("\0", "") if isinstance(value, str) else value)
    row.message_id = message_of(channel="mail", references=said.tokens)
    row.state = _state_after(said=said, row=row, now=now)
    row.save()


def _state_after(*, said: Return, row: ReturnedMail, now: datetime) -> str:
    if said.kind in {"delayed", "auto_reply"}:
        return "ignored"
    if said.kind == "other" or row.message_id is None:
        return "unmatched"
    try:
        with transaction.atomic():
            _tell(said=said, message_id=row.message_id, now=now)
    except Refusal as refusal:
        row.note = refusal.code
        return "unmatched"
    # What a customer has written is for a person to read, whatever it was noted for.
    return "unmatched" if said.kind == "reply" else "matched"


def _tell(*, said: Return, message_id: int, now: datetime) -> None:
    if said.kind == "bounce":
        why = " ".join(part for part in (said.status, said.diagnostic) if part)
        bounced(message_id=message_id, permanent=said.permanent, why=why, now=now)
    elif said.kind == "complaint":
        complained(message_id=message_id, now=now)
    elif said.kind == "reply":
        answered(message_id=message_id, now=now)
    else:
        delivered(message_id=message_id, now=now)


@transaction.atomic
def set_aside(*, return_id: int, actor: str, now: datetime) -> None:
    """A person has looked at it: nothing is to be done.

    Raises: NoSuchReturn.
    """
    if not ReturnedMail.objects.filter(pk=return_id).update(state="ignored"):
        raise NoSuchReturn
    record(actor=actor, action="mail.return_set_aside", target=f"returned_mail:{return_id}", detail={}, now=now)


def _note(*, failure: Words | None, due_at: datetime, read_at: datetime | None = None) -> None:
    changes: dict[str, object] = {
        "returns_due_at": due_at,
        "returns_failure_ja": failure.ja if failure else "",
        "returns_failure_en": failure.en if failure else "",
    }
    if read_at is not None:
        changes["returns_read_at"] = read_at
    MailSettings.objects.filter(pk=1).update(**changes)
