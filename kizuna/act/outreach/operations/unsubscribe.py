"""Customers stop messages, by the link in each of them."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from kizuna.act.outreach.models import Message
from kizuna.act.outreach.rules import CHANNELS
from kizuna.act.outreach.rules.links import LinkForged, message_of
from kizuna.customers.consent.operations import hold_consent, record_consent
from kizuna.customers.consent.rules import Proof


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """What was stopped: a channel and the purposes on it."""

    channel: str
    purposes: tuple[str, ...]


@transaction.atomic
def unsubscribe(*, token: str, now: datetime, everything: bool = False, ip: str | None = None) -> Stopped:
    """Record the refusal of what the message was: its purpose on its channel, or advertising and surveys alike.

    Saying it again adds nothing but another proof. Raises: LinkForged.
    """
    message = _message(token=token)
    hold_consent()
    purposes = _purposes(message=message, everything=everything)
    for purpose in purposes:
        record_consent(
            person_id=message.person_id,
            channel=message.route,
            purpose=purpose,
            granted=False,
            proof=Proof(text=f"配信停止リンク（配信番号 {message.pk}）", ip=ip),
            actor="customer",
            now=now,
        )
    return Stopped(channel=message.route, purposes=purposes)


@transaction.atomic
def resubscribe(*, token: str, now: datetime, ip: str | None = None) -> Stopped:
    """The customer pressed the wrong button: agree again to what the message was. Raises: LinkForged."""
    message = _message(token=token)
    purposes = _purposes(message=message, everything=False)
    for purpose in purposes:
        record_consent(
            person_id=message.person_id,
            channel=message.route,
            purpose=purpose,
            granted=True,
            proof=Proof(text=f"配信停止の取り消し（配信番号 {message.pk}）", ip=ip),
            actor="customer",
            now=now,
        )
    return Stopped(channel=message.route, purposes=purposes)


@transaction.atomic
def refuse_for(*, person_id: int, channel: str, actor: str, now: datetime) -> None:
    """Staff note that a customer wants neither advertising nor surveys on a channel any more.

    Raises: UnknownConsent, NoSuchPerson.
    """
    hold_consent()
    for purpose in ("marketing", "survey"):
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
    wider = ("marketing", "survey") if everything else ()
    return tuple(dict.fromkeys((message.purpose, *wider)))
