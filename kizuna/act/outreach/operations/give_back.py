"""A channel gives back what it claimed and could not even try."""

from datetime import datetime

from django.db import transaction

from kizuna.act.outreach.models import Message, SentCopy


def give_back(*, message_id: int, until: datetime, now: datetime) -> bool:
    """The channel itself does not work just now: the message is due again at ``until``, and no try is counted.

    A server that is down for a day must not use up the tries of the messages that wait for it. False when the
    message is no longer this channel's to give back.
    """
    with transaction.atomic():
        message = Message.objects.select_for_update().filter(pk=message_id, state="attempting").first()
        if message is None:
            return False
        put_back(message=message, reason="retry", until=max(until, now))
    return True


def put_back(*, message: Message, reason: str, until: datetime) -> None:
    """What was claimed and not tried is planned again, as if it had never been claimed."""
    message.state, message.reason, message.next_at, message.lease_until = "planned", reason, until, None
    message.attempts = max(message.attempts - 1, 0)
    message.save()
    if not message.unresolved:
        SentCopy.objects.filter(message=message).delete()  # nobody got it, and it may be worded anew by then
