"""Erase what customers texted."""

from datetime import datetime

from kizuna.connectors.sms.models import SmsReceived
from kizuna.customers.people.queries import contacts_of


def erase_people(*, root_id: int, now: datetime) -> int:
    """Remove every text from this customer's telephones; call it before people are erased. Answers how many."""
    contact = contacts_of(person_ids=[root_id]).get(root_id)
    if contact is None or not contact.mobiles:
        return 0
    return SmsReceived.objects.filter(phone__in=contact.mobiles).delete()[0]
