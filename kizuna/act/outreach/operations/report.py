"""What a provider answered, and what became of a message afterwards."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from django.db import connection, transaction

from kizuna.act.outreach.models import Message
from kizuna.act.outreach.operations.suppress import suppress_digest
from kizuna.act.outreach.rules import REACHED, MessageNotThere, NoSuchMessage
from kizuna.act.outreach.rules.digest import address_digest
from kizuna.customers.consent.operations import hold_consent, record_consent
from kizuna.customers.consent.rules import UNASKED, Proof
from kizuna.customers.people.queries import contacts_of, holders_of
from kizuna.customers.stores.queries import among
from kizuna.facts.audit.operations import record
from kizuna.facts.catalogue import (
    MessageBounced,
    MessageComplained,
    MessageDelivered,
    MessageNotSent,
    MessageOpened,
    MessageSent,
)
from kizuna.facts.outbox.operations import publish
from kizuna.facts.rows.operations import reach
from kizuna.gates.mask import mask_text

TRIES: Final = 20
SOFT_BOUNCES: Final = 3
"""So many in a row, without one that arrived, and the address is given up."""
KEYED: Final = frozenset({"line"})
"""Channels whose provider takes our key and answers a repeat with «already accepted»."""
REPLY_WINDOW: Final = timedelta(days=7)
"""So long after a message what its customer writes back is taken for an answer to it."""
_EVIDENCE: Final = {"line": "line", "sms": "phone"}
_NOTE_LENGTH = 500
_FACT = ("practice", "template", "purpose")


def accepted(*, message_id: int, provider_id: str, now: datetime) -> None:
    """The provider took the message. Saying it twice changes nothing.

    Raises: NoSuchMessage, MessageNotThere.
    """
    with transaction.atomic():
        message = _held(message_id=message_id)
        if message.state in (*REACHED, "bounced", "complained"):
            return
        _must_be(message, "attempting", "uncertain", "planned" if message.unresolved else "attempting")
        message.state, message.reason, message.note, message.provider_id = "sent", "", "", provider_id[:255]
        message.sent_at, message.lease_until, message.unresolved = now, None, False
        _publish(message, fact=MessageSent, now=now)
        reach(label="outreach.accepted")
    reach(label="outreach.accepted_committed")


def refused(*, message_id: int, reason: str, permanent: bool, retry_at: datetime | None, now: datetime) -> None:
    """The provider said no: for good, or for now. After many tries it is for good.

    Raises: NoSuchMessage, MessageNotThere.
    """
    with transaction.atomic():
        message = _held(message_id=message_id)
        _must_be(message, "attempting")
        message.note, message.lease_until, message.unresolved = _note(reason), None, False
        if permanent or message.attempts >= TRIES:
            _give_up(message, reason="provider" if permanent else "gave_up", now=now)
            return
        message.state, message.reason = "planned", "retry"
        message.next_at = retry_at or now + timedelta(minutes=2 ** min(message.attempts, 8))
        message.save()


def uncertain(*, message_id: int, why: str, now: datetime) -> None:
    """Nobody knows whether the provider took it: parked for a person, and never tried again by itself.

    Raises: NoSuchMessage, MessageNotThere.
    """
    with transaction.atomic():
        message = _held(message_id=message_id)
        _must_be(message, "attempting", "uncertain")
        _park(message, why=why)


def settle(*, message_id: int, outcome: str, actor: str, now: datetime) -> None:
    """A person has found out about an uncertain message: it was ``sent``, was ``not_sent``, or is to go ``again``.

    Raises: NoSuchMessage, MessageNotThere.
    """
    with transaction.atomic():
        message = _held(message_id=message_id)
        _must_be(message, "uncertain")
        message.note = ""
        if outcome == "sent":
            message.state, message.reason, message.sent_at = "sent", "", now
            _publish(message, fact=MessageSent, now=now)
        elif outcome == "again":
            message.state, message.reason, message.next_at, message.unresolved = "planned", "retry", now, False
            message.save()
        else:
            _give_up(message, reason="staff", now=now)
        target = f"message:{message_id}"
        record(actor=actor, action="message.settled", target=target, detail={"outcome": outcome}, now=now)


def call_off(*, message_id: int, actor: str, now: datetime) -> None:
    """Staff take a planned message back.

    Raises: NoSuchMessage, MessageNotThere.
    """
    with transaction.atomic():
        message = _held(message_id=message_id)
        _must_be(message, "planned")
        _give_up(message, reason="staff", now=now)
        record(actor=actor, action="message.called_off", target=f"message:{message_id}", detail={}, now=now)


def delivered(*, message_id: int, now: datetime) -> None:
    """It is known to have reached the customer's mailbox or telephone. Raises: NoSuchMessage, MessageNotThere."""
    _advance(message_id=message_id, stage="delivered", now=now)


def opened(*, message_id: int, now: datetime) -> None:
    """It was displayed: the picture inside was fetched. Raises: NoSuchMessage, MessageNotThere.

    A link that was followed is no sign of it: mail scanners and the previews of chats follow every link.
    """
    _advance(message_id=message_id, stage="opened", now=now)


def answered(*, message_id: int, now: datetime) -> None:
    """The customer answered it, or the survey it asked them to. Raises: NoSuchMessage, MessageNotThere."""
    _advance(message_id=message_id, stage="answered", now=now)


def replied(*, channel: str, address: str, at: datetime, now: datetime) -> int | None:
    """Somebody has written back from this address: the latest message that reached it is answered.

    None when nothing was sent there in the days before, so that they have begun the talk themselves.
    """
    holders = holders_of(kind=_EVIDENCE[channel], keys=[address]).get(address, ())
    records = {record for contact in contacts_of(person_ids=holders).values() for record in contact.person_ids}
    theirs = Message.objects.filter(
        among(column="person_id", values=records),
        route=channel,
        address_digest=address_digest(channel=channel, address=address),
        state__in=REACHED,
        sent_at__gt=at - REPLY_WINDOW,
        sent_at__lte=at,
    )
    message_id = theirs.order_by("-sent_at", "-id").values_list("id", flat=True).first()
    if message_id is not None:
        answered(message_id=message_id, now=now)
    return message_id


def bounced(*, message_id: int, permanent: bool, why: str, now: datetime) -> None:
    """It came back. A permanent bounce, or several others in a row, end all messages to the address.

    Raises: NoSuchMessage, MessageNotThere.
    """
    with transaction.atomic():
        hold_consent()
        message = _held(message_id=message_id)
        if message.state == "bounced":
            return
        _must_be(message, "attempting", "uncertain", *REACHED)
        if message.sent_at is None:
            message.sent_at = now
        message.state, message.reason, message.note, message.ended_at = "bounced", "bounced", _note(why), now
        message.lease_until = None
        _publish(message, fact=MessageBounced, now=now, permanent=permanent)
        if message.address_digest and (permanent or _keeps_bouncing(message)):
            suppress_digest(
                channel=message.route, digest=message.address_digest, kind="bounce", person_id=message.person_id,
                message_id=message.pk, now=now,
            )  # fmt: skip


def complained(*, message_id: int, now: datetime) -> None:
    """The customer reported it as unwanted: nothing is sent to the address any more.

    Raises: NoSuchMessage, MessageNotThere.
    """
    with transaction.atomic():
        hold_consent()
        message = _held(message_id=message_id)
        if message.state == "complained":
            return
        _must_be(message, "attempting", "uncertain", *REACHED, "bounced")
        message.state, message.reason, message.ended_at, message.lease_until = "complained", "complained", now, None
        _publish(message, fact=MessageComplained, now=now)
        _take_as_refusal(message, now=now)
        if message.address_digest:
            suppress_digest(
                channel=message.route, digest=message.address_digest, kind="complaint", person_id=message.person_id,
                message_id=message.pk, now=now,
            )  # fmt: skip


def release_expired(*, now: datetime, limit: int = 500) -> int:
    """Take back attempts whose channel died before it answered; answers how many.

    Where the provider knows our key the same message is tried again under it. Mail has no such key: it is parked for
    a person, because after the last line of a mail nobody can know whether the other side has it.
    """
    with transaction.atomic():
        skip_locked = connection.features.has_select_for_update_skip_locked
        expired = Message.objects.filter(state="attempting", lease_until__lt=now).order_by("lease_until")
        found = list(expired.select_for_update(skip_locked=skip_locked)[:limit])
        for message in found:
            if message.route in KEYED and message.attempts < TRIES:
                message.state, message.reason, message.next_at = "planned", "retry", now
                message.lease_until, message.unresolved = None, True
                message.save()
            else:
                _park(message, why="")
    return len(found)


def _take_as_refusal(message: Message, *, now: datetime) -> None:
    for purpose in UNASKED:
        record_consent(
            person_id=message.person_id,
            channel=message.route,
            purpose=purpose,
            granted=False,
            proof=Proof(text=f"迷惑メールの報告（配信番号 {message.pk}）"),
            actor="customer",
            now=now,
        )


def _held(*, message_id: int) -> Message:
    message = Message.objects.select_for_update().filter(pk=message_id).first()
    if message is None:
        raise NoSuchMessage(message_id=message_id)
    return message


def _must_be(message: Message, *states: str) -> None:
    if message.state not in states:
        raise MessageNotThere(message_id=message.pk, state=message.state)


def _note(text: str) -> str:
    """What the provider said; it likes to repeat the address."""
    return mask_text(text=text.replace("\x00", ""))[:_NOTE_LENGTH]


def _park(message: Message, *, why: str) -> None:
    message.state, message.reason, message.note, message.lease_until = "uncertain", "unknown_result", _note(why), None
    message.save()


def _give_up(message: Message, *, reason: str, now: datetime) -> None:
    message.state, message.reason, message.ended_at, message.lease_until = "not_sent", reason, now, None
    _publish(message, fact=MessageNotSent, now=now, reason=reason)


def _advance(*, message_id: int, stage: str, now: datetime) -> None:
    with transaction.atomic():
        message = _held(message_id=message_id)
        # A webhook can be faster than the answer to our own call.
        _must_be(message, "attempting", "uncertain", *REACHED, "bounced", "complained")
        if message.state in {"bounced", "complained"} or (
            message.state in REACHED and REACHED.index(message.state) >= REACHED.index(stage)
        ):
            return
        if message.sent_at is None:
            message.sent_at = now
            _publish(message, fact=MessageSent, now=now)
        message.state, message.reason, message.lease_until, message.unresolved = stage, "", None, False
        setattr(message, f"{stage}_at", now)
        if stage == "delivered":
            _publish(message, fact=MessageDelivered, now=now)
        elif stage == "opened" or message.opened_at is None:
            # Who answers has followed the link; the answer itself is a fact of its own.
            message.opened_at = now
            _publish(message, fact=MessageOpened, now=now)
        else:
            message.save()


def _publish(message: Message, *, fact: Callable[..., MessageSent], now: datetime, **more: object) -> None:
    """Save the message with its next revision, and tell."""
    message.revision += 1
    message.save()
    said = {name: getattr(message, name) for name in _FACT}
    about = {"occurred_at": now, "person_id": message.person_id, "channel": message.route, "message_id": message.pk}
    publish(facts=[fact(revision=message.revision, **about, **said, **more)], now=now, wake=True)


def _keeps_bouncing(message: Message) -> bool:
    latest = Message.objects.filter(address_digest=message.address_digest, route=message.route)
    states = latest.exclude(sent_at=None).order_by("-sent_at", "-id").values_list("state", flat=True)[:SOFT_BOUNCES]
    return list(states) == ["bounced"] * SOFT_BOUNCES
