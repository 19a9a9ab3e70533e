"""Erase what mail holds of a customer: files of the outbox, and mails that came back."""

from collections.abc import Iterable
from datetime import datetime
from email import message_from_bytes
from functools import partial

from django.db import transaction

from kizuna.act.outreach.queries.doubts import message_ids_of
from kizuna.connectors.mail.models import OutboxMail, ReturnedMail
from kizuna.connectors.mail.operations.outbox import discard
from kizuna.customers.people.queries import profile


@transaction.atomic
def erase_people(*, root_id: int, now: datetime) -> int:
    """Remove every mail to or about this customer; call it before people are erased. Answers how many."""
    customer = profile(person_id=root_id)
    messages = message_ids_of(person_ids=customer.person_ids)
    addresses = [mail.strip().lower() for mail in customer.mails if mail.strip()]
    outgoing = set(OutboxMail.objects.filter(message_id__in=messages).values_list("pk", flat=True))
    for address in addresses:
        outgoing |= set(OutboxMail.objects.filter(address__iexact=address).values_list("pk", flat=True))
    names = list(OutboxMail.objects.filter(pk__in=outgoing).values_list("file_name", flat=True))
    OutboxMail.objects.filter(pk__in=outgoing).delete()
    returned = set(ReturnedMail.objects.filter(message_id__in=messages).values_list("pk", flat=True))
    if addresses:
        rows = ReturnedMail.objects.values_list("pk", "raw").iterator(chunk_size=50)
        returned |= {number for number, raw in rows if _speaks_of(raw=bytes(raw), addresses=addresses)}
    ReturnedMail.objects.filter(pk__in=returned).delete()
    # Only a committed erasure may delete files.
    transaction.on_commit(partial(discard, file_names=names))
    return len(outgoing) + len(returned)


def _speaks_of(*, raw: bytes, addresses: Iterable[str]) -> bool:
    texts = [raw, *(part.get_payload(decode=True) for part in message_from_bytes(raw).walk())]
    lower = [text.lower() for text in texts if isinstance(text, bytes)]
    return any(address.encode() in text for address in addresses for text in lower)
