"""Forget what was written to a customer; that something was sent, and when, stays as a number."""

from datetime import datetime

from django.db import transaction

from kizuna.act.outreach.models import Liking, Message, SentCopy, Task
from kizuna.act.outreach.operations.expire import not_sent
from kizuna.customers.people.queries import records_of
from kizuna.facts.outbox.operations import publish


@transaction.atomic
def erase_people(*, root_id: int, now: datetime) -> int:
    """Remove sent copies, merge values, notes and wishes of this customer, and call off what is planned.

    Answers how many messages were emptied. A stop by address stays, as a hash that nobody can read back.
    """
    records = records_of(person_id=root_id)
    mine = Message.objects.filter(person_id__in=records)
    SentCopy.objects.filter(message__person_id__in=records).delete()
    Liking.objects.filter(person_id__in=records).delete()
    Task.objects.filter(person_id__in=records).update(note="")
    planned = list(mine.select_for_update().filter(state="planned"))
    for message in planned:
        message.state, message.reason, message.ended_at = "not_sent", "erased", now
        message.revision += 1
        message.save(update_fields=["state", "reason", "ended_at", "revision"])
    publish(facts=[not_sent(message=message, now=now) for message in planned], now=now, wake=True)
    return mine.update(values="", note="", provider_id="")
