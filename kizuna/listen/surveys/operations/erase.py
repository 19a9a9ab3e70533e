"""Erasing what a customer wrote."""

from datetime import datetime

from django.db import transaction

from kizuna.customers.people.queries import records_of
from kizuna.listen.surveys.models import Answer, Invitation, SupersededAnswer


def erase_people(*, root_id: int, now: datetime) -> int:
    """Remove the comments of this customer and kill their links; returns how many answers were emptied.

    Scores stay under the pseudonym, so every figure stays as it was. The row remembers that it was
    erased, so importing the same file again cannot bring the comment back.
    """
    records = records_of(person_id=root_id)
    with transaction.atomic():
        Invitation.objects.filter(person_id__in=records).update(nonce=None)
        SupersededAnswer.objects.filter(answer__person_id__in=records).update(comment="", digest="")
        SupersededAnswer.objects.filter(person_id__in=records).update(comment="", digest="")
        return Answer.objects.filter(person_id__in=records, erased_at=None).update(comment="", digest="", erased_at=now)
