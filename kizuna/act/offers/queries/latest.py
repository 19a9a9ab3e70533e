"""When customers last used what was given to them."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Max

from kizuna.act.offers.models import LedgerEntry
from kizuna.customers.stores.queries import among


def latest_uses(*, person_ids: Collection[int]) -> dict[int, datetime]:
    """When each of these person records last used a coupon."""
    rows = LedgerEntry.objects.filter(among(column="person_id", values=person_ids), kind="redeemed")
    return dict(rows.order_by().values_list("person_id").annotate(at=Max("recorded_at")))
