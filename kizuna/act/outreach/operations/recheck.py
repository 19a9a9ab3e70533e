"""The last look before the provider has it."""

from datetime import datetime

from django.db import transaction

from kizuna.act.outreach.models import Message
from kizuna.act.outreach.operations.expire import not_sent
from kizuna.act.outreach.operations.give_back import put_back
from kizuna.act.outreach.queries.world import load
from kizuna.act.outreach.rules.drafts import agreed_as
from kizuna.act.outreach.rules.gate import WHILE_PAUSED
from kizuna.customers.consent.operations import hold_consent
from kizuna.facts.outbox.operations import publish


def still_wanted(*, message_id: int, now: datetime) -> bool:
    """Whether a claimed message may still go out. Ask right before the call.

    When it may not, it is noted as not sent; while its practice is paused it is planned again and no try is counted.
    A channel that claims many messages and needs a while for them would else write to somebody who has refused
    in the meantime.
    """
    with transaction.atomic():
        hold_consent()
        message = Message.objects.select_for_update().filter(pk=message_id).first()
        if message is None or message.state != "attempting":
            return False
        world = load(messages=[message], now=now)
        contact = world.contacts.get(message.person_id)
        slug = "erased"
        if contact is not None and not contact.erased:
            agreed = agreed_as(purpose=message.purpose, practice=message.practice)
            _, refusal = world.reach(contact=contact, channel=message.route, purpose=agreed)
            slug = message.called_off or refusal or ("held_out" if world.leaves_out(message=message) else "")
        if slug:
            _stop(message, slug=slug, now=now)
        elif message.practice in world.held:
            put_back(message=message, reason="paused", until=now + WHILE_PAUSED)
        else:
            return True
    return False


def _stop(message: Message, *, slug: str, now: datetime) -> None:
    message.lease_until = None
    if message.attempts > 1 and message.unresolved:
        # An earlier attempt may have gone out.
        message.state, message.reason, message.note = "uncertain", "unknown_result", slug
        message.save()
        return
    message.state, message.reason, message.ended_at = "not_sent", slug, now
    message.revision += 1
    message.save()
    publish(facts=[not_sent(message=message, now=now)], now=now, wake=True)
