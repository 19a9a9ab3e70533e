"""Erasing what a customer wrote."""

from datetime import datetime

from django.db import transaction

from kizuna.customers.people.queries import records_of
from kizuna.listen.reviews.models import Review, SupersededReview


def erase_people(*, root_id: int, now: datetime) -> int:
    """Remove the texts of this customer's reviews and our replies to them; returns how many were emptied.

    Ratings stay under the pseudonym, so every figure stays as it was. The row remembers that it was
    erased, so importing the same file again cannot bring the text back.
    """
    records = records_of(person_id=root_id)
    nothing = {"title": "", "comment": "", "reply": "", "digest": ""}
    with transaction.atomic():
        SupersededReview.objects.filter(review__person_id__in=records).update(**nothing)
        SupersededReview.objects.filter(person_id__in=records).update(**nothing)
        return Review.objects.filter(person_id__in=records, erased_at=None).update(erased_at=now, **nothing)
