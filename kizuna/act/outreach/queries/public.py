"""What a customer sees behind the unsubscribe link."""

from dataclasses import dataclass

from kizuna.act.outreach.models import Message, SentCopy
from kizuna.act.outreach.rules import CHANNELS, LinkForged
from kizuna.act.outreach.rules.links import message_of
from kizuna.customers.consent.queries import permission
from kizuna.gates.mask import mask_mail, mask_phone


@dataclass(frozen=True, slots=True, kw_only=True)
class WayOut:
    """What the link stops. The address is masked: a forwarded mail must not tell whose it was."""

    channel: str
    purpose: str
    address: str
    language: str
    stopped: bool


def way_out(*, token: str) -> WayOut:
    """What the message behind a link was. Raises: LinkForged."""
    message = Message.objects.filter(pk=message_of(token=token)).first()
    if message is None or message.route not in CHANNELS:
        raise LinkForged
    copy = SentCopy.objects.filter(message_id=message.pk).first()
    address = copy.address if copy else ""
    masked = {"mail": mask_mail(mail=address), "sms": mask_phone(phone=address)}.get(message.route, "")
    allowed = permission(person_id=message.person_id, channel=message.route, purpose=message.purpose)
    return WayOut(
        channel=message.route,
        purpose=message.purpose,
        address=masked if address else "",
        language=copy.language if copy else "ja",
        stopped=not allowed.allowed,
    )
