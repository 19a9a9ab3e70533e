"""Who has ever ordered."""

from collections.abc import Collection

from kizuna.customers.orders.models import Order
from kizuna.customers.stores.queries import among


def buyers_among(*, person_ids: Collection[int]) -> set[int]:
    """Which of these person records have placed an order, one that was cancelled later too."""
    if not person_ids:
        return set()
    found = Order.objects.filter(among(column="person_id", values=person_ids)).values_list("person_id", flat=True)
    return {person for person in found.distinct() if person is not None}
