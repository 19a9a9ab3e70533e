"""What a fact makes this feature do."""

from datetime import datetime

from kizuna.act.offers.operations import reverse_order
from kizuna.facts.catalogue import OrderCancelled


def order_cancelled(*, fact: OrderCancelled, fact_id: str, now: datetime) -> None:
    """A cancelled order gives its coupon back. Coming twice changes nothing."""
    reverse_order(order_id=fact.order_id, now=now)
