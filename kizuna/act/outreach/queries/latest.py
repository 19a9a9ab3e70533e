"""When customers last did something with what was sent to them."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Max

from kizuna.act.outreach.models import Message
from kizuna.customers.stores.queries import among


def latest_opened(*, person_ids: Collection[int]) -> dict[int, datetime]:
    """When each of these person records last opened a message."""
    rows = Message.objects.filter(among(column="person_id", values=person_ids), opened_at__isnull=False)
    return dict(rows.order_by().values_list("person_id").annotate(at=Max("opened_at")))
