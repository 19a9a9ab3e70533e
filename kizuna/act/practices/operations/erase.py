"""Erasing what practices know about a customer."""

from datetime import datetime

from django.db import transaction

from kizuna.act.practices.models import Enrolment, PersonTag
from kizuna.customers.people.queries import records_of


@transaction.atomic
def erase_people(*, root_id: int, now: datetime) -> int:
    """Empty what practices noted about this customer and take them out; answers how many enrolments were emptied.

    The assignment and the bare enrolment stay under the pseudonym: every effect is counted from them.
    """
    records = records_of(person_id=root_id)
    PersonTag.objects.filter(person_id__in=records).delete()
    inside = Enrolment.objects.filter(person_id__in=records, state__in=("waiting", "stuck"))
    inside.update(state="left", reason="erased", due_at=None, awaits="", moved_at=now)
    return Enrolment.objects.filter(person_id__in=records).exclude(context="").update(context="")
