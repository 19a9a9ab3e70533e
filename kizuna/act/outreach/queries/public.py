"""What a customer sees behind the unsubscribe link."""

from dataclasses import dataclass

from kizuna.act.outreach.models import Message, SentCopy
from kizuna.act.outreach.rules import CHANNELS, LinkForged
from kizuna.act.outreach.rules.drafts import agreed_as
from kizuna.act.outreach.rules.links import message_of
from kizuna.customers.consent.queries import permission
from kizuna.customers.consent.rules import UNASKED
from kizuna.gates.mask import mask_mail, mask_phone


@dataclass(frozen=True, slots=True, kw_only=True)
class WayOut:
    """What the link stops. The address is masked: a forwarded mail must not tell whose it was.

    ``purpose`` is what the message was, as customers agree to it. ``everything`` says that, unless the customer chooses
    otherwise, the link stops all that the shop writes of its own accord.
    """

    channel: str
    purpose: str
    address: str
    language: str
    stopped: tuple[str, ...]
    """What is not sent on this channel, of all that the shop writes; empty while messages like this one are."""
    everything: bool


def way_out(*, token: str) -> WayOut:
    """What the message behind a link was. Raises: LinkForged."""
    message = Message.objects.filter(pk=message_of(token=token)).first()
    if message is None or message.route not in CHANNELS:
        raise LinkForged
    copy = SentCopy.objects.filter(message_id=message.pk).first()
    address = copy.address if copy else ""
    masked = {"mail": mask_mail(mail=address), "sms": mask_phone(phone=address)}.get(message.route, "")
    purpose = agreed_as(purpose=message.purpose, practice=message.practice)
    kinds = tuple(dict.fromkeys((purpose, *UNASKED)))
    who, channel = message.person_id, message.route
    closed = [
        kind for kind in kinds if not permission(person_id=who, channel=channel, purpose=kind, known=True).allowed
    ]
    return WayOut(
        channel=message.route,
        purpose=purpose,
        address=masked if address else "",
        language=copy.language if copy else "ja",
        stopped=tuple(closed) if purpose in closed else (),
        everything=bool(message.practice),
    )
