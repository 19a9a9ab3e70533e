"""Customers stop messages, by the link in each of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction

from kizuna.act.outreach.models import Message
from kizuna.act.outreach.rules import CHANNELS
from kizuna.act.outreach.rules.drafts import agreed_as
from kizuna.act.outreach.rules.links import message_of
from kizuna.customers.consent.operations import hold_consent, record_consent
from kizuna.customers.consent.queries import consents_of
from kizuna.customers.consent.rules import UNASKED, Proof, allowed_without_statement
from kizuna.customers.people.queries import records_of
from kizuna.gates.links import LinkForged

_BY_LINK: Final = "配信停止リンク"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """What was stopped, or taken back: a channel and the purposes on it."""

    channel: str
    purposes: tuple[str, ...]


@transaction.atomic
def unsubscribe(*, token: str, now: datetime, everything: bool | None = None, ip: str | None = None) -> Stopped:
    """Record a refusal on the message's channel: of what it was, or of everything the shop writes of its own accord.

    Who does not say which (a mail program's button) and was written to by a practice means everything: another
    practice would write next. Messages that an order or a question needs are not touched.

    Saying it again adds nothing but another proof. Raises: LinkForged.
    """
    message = _message(token=token)
    hold_consent()
    purposes = _purposes(message=message, everything=bool(message.practice) if everything is None else everything)
    said = f"{_BY_LINK}（配信番号 {message.pk}）"
    _record(message=message, purposes=purposes, granted=False, said=said, ip=ip, now=now)
    return Stopped(channel=message.route, purposes=purposes)


@transaction.atomic
def resubscribe(*, token: str, now: datetime, ip: str | None = None) -> Stopped:
    """The customer pressed the wrong button: what the link stopped is as it was before. Raises: LinkForged.

    They agree to what this message was. Of the rest only that comes back which they had agreed to, or which needs no
    statement: taking a stop back must not become an agreement to advertising that nobody ever gave.
    """
    message = _message(token=token)
    hold_consent()
    (own,) = _purposes(message=message, everything=False)
    purposes = (own, *(one for one in _stopped_beside(message=message) if one != own))
    said = f"配信停止の取り消し（配信番号 {message.pk}）"
    _record(message=message, purposes=purposes, granted=True, said=said, ip=ip, now=now)
    return Stopped(channel=message.route, purposes=purposes)


@transaction.atomic
def refuse_for(*, person_id: int, channel: str, actor: str, now: datetime) -> None:
    """Staff note that a customer wants nothing on a channel any more that they have not asked for.

    Raises: UnknownConsent, NoSuchPerson.
    """
    hold_consent()
    for purpose in UNASKED:
        record_consent(
            person_id=person_id,
            channel=channel,
            purpose=purpose,
            granted=False,
            proof=Proof(text="お客様からの申し出（スタッフが記録）"),
            actor=actor,
            now=now,
        )


def _message(*, token: str) -> Message:
    message = Message.objects.filter(pk=message_of(token=token)).first()
    if message is None or message.route not in CHANNELS:
        raise LinkForged
    return message


def _purposes(*, message: Message, everything: bool) -> tuple[str, ...]:
    own = agreed_as(purpose=message.purpose, practice=message.practice)
    return tuple(dict.fromkeys((own, *(UNASKED if everything else ()))))


def _stopped_beside(*, message: Message) -> list[str]:
    """What links have stopped on this channel, and was allowed when the first of them did."""
    cards = consents_of(person_ids=records_of(person_id=message.person_id))
    found = []
    for purpose in UNASKED:
        theirs = [card for card in cards if (card.channel, card.purpose) == (message.route, purpose)]
        earlier = next((at for at, card in enumerate(theirs) if not card.proof_text.startswith(_BY_LINK)), len(theirs))
        before = (
            theirs[earlier].granted if earlier < len(theirs) else allowed_without_statement(purpose=purpose, known=True)
        )
        if earlier and before:
            found.append(purpose)
    return found


def _record(
    *, message: Message, purposes: tuple[str, ...], granted: bool, said: str, ip: str | None, now: datetime
) -> None:
    for purpose in purposes:
        record_consent(
            person_id=message.person_id,
            channel=message.route,
            purpose=purpose,
            granted=granted,
            proof=Proof(text=said, ip=ip),
            actor="customer",
            now=now,
        )
