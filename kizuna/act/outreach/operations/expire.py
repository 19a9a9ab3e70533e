"""Messages that no channel has collected in time."""

from datetime import datetime

from django.db import connection, transaction

from kizuna.act.outreach.models import Message
from kizuna.facts.catalogue import MessageNotSent
from kizuna.facts.outbox.operations import publish


def expire_stale(*, now: datetime, limit: int = 1000) -> int:
    """Note what has come too late as not sent; answers how many messages.

    The gate does so when a channel asks for them. A channel that is not set up never asks, and its messages would
    stand among the planned ones for ever.
    """
    with transaction.atomic():
        skip_locked = connection.features.has_select_for_update_skip_locked
        late = Message.objects.filter(state="planned", unresolved=False, stale_at__lt=now).order_by("stale_at")
        found = list(late.select_for_update(skip_locked=skip_locked)[:limit])
        for message in found:
            message.note, message.state, message.reason, message.ended_at = message.reason, "not_sent", "stale", now
            message.revision += 1
            message.save()
        publish(facts=[not_sent(message=message, now=now) for message in found], now=now, wake=True)
    return len(found)


def not_sent(*, message: Message, now: datetime) -> MessageNotSent:
    """The fact that this message was not sent, with its reason."""
    return MessageNotSent(
        occurred_at=now,
        person_id=message.person_id,
        channel=message.route,
        revision=message.revision,
        message_id=message.pk,
        practice=message.practice,
        template=message.template,
        purpose=message.purpose,
        reason=message.reason,
    )
