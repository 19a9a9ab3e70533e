"""Erasing a customer."""

from datetime import datetime

from django.db import transaction

from kizuna.act.offers.models import Coupon
from kizuna.customers.people.queries import records_of


def erase_people(*, root_id: int, now: datetime) -> int:
    """Withdraw this customer's unused coupons; answers how many. What was used stays, under the pseudonym."""
    with transaction.atomic():
        theirs = Coupon.objects.filter(person_id__in=records_of(person_id=root_id), used=0, withdrawn_at=None)
        return theirs.update(withdrawn_at=now)
