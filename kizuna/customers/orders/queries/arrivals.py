"""What is known of the arrival of orders, for whoever is about to say something about it."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max

from kizuna.customers.orders.models import Shipment
from kizuna.customers.stores.queries import among


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """An order over all its parcels."""

    arrived: bool
    """Every parcel is known to have arrived."""
    late: bool
    """A parcel came after its promise."""
    promised_at: datetime | None
    """The earliest promise of a parcel that is not known to have arrived."""

    def is_overdue(self, *, now: datetime) -> bool:
        """Whether a promise has passed while its parcel is still awaited."""
        return self.promised_at is not None and self.promised_at < now


def arrivals(*, order_ids: Collection[int]) -> dict[int, Arrival]:
    """The arrival of each of these orders that has a parcel at all, by id."""
    if not order_ids:
        return {}
    parcels: dict[int, list[tuple[datetime | None, datetime | None]]] = defaultdict(list)
    rows = Shipment.objects.filter(among(column="order_id", values=order_ids)).order_by("id")
    for order, promised, delivered in rows.values_list("order_id", "promised_at", "delivered_at"):
        parcels[order].append((promised, delivered))
    return {
        order: Arrival(
            arrived=all(delivered is not None for _, delivered in found),
            late=any(promised and delivered and delivered > promised for promised, delivered in found),
            promised_at=min((promised for promised, came in found if promised and came is None), default=None),
        )
        for order, found in parcels.items()
    }


def latest_arrivals(*, person_ids: Collection[int]) -> dict[int, datetime]:
    """When the latest parcel came to each of these person records."""
    rows = Shipment.objects.filter(among(column="order__person_id", values=person_ids), delivered_at__isnull=False)
    latest = rows.values_list("order__person_id").annotate(at=Max("delivered_at"))
    return {person: at for person, at in latest if person is not None}
