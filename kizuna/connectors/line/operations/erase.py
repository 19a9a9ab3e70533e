"""Erase what LINE's webhook has told of a customer."""

from datetime import datetime

from kizuna.connectors.line.models import LineEvent
from kizuna.customers.people.queries import contacts_of


def erase_people(*, root_id: int, now: datetime) -> int:
    """Remove every event of this customer's LINE accounts; call it before people are erased. Answers how many."""
    contact = contacts_of(person_ids=[root_id]).get(root_id)
    if contact is None or not contact.lines:
        return 0
    return LineEvent.objects.filter(user_id__in=contact.lines).delete()[0]
