"""What falls due: redemptions whose order was cancelled by an import, which wakes no reaction."""

from datetime import datetime, timedelta

from django.db import transaction

from kizuna.act.offers.models import LedgerEntry
from kizuna.act.offers.operations.reverse import reverse_order
from kizuna.act.offers.queries.coupons import is_live
from kizuna.customers.orders.queries.conditions import is_cancelled

_AT_ONCE = 200
_EVERY = timedelta(minutes=10)
_LOOK_BACK = timedelta(days=90)
"""An order cancelled later than this keeps its coupon used; returns after three months are handled by people."""

_looked: dict[str, datetime] = {}


def reverse_cancelled_due(*, now: datetime, every: timedelta = _EVERY) -> int:
    """Take back redemptions of cancelled orders, a bounded slice; a process looks at most once in ``every``."""
    last = _looked.get("at")
    if last is not None and timedelta(0) <= now - last < every:
        return 0
    live = LedgerEntry.objects.filter(
        is_live(),
        is_cancelled(column="order_id"),
        kind="redeemed",
        order_id__isnull=False,
        recorded_at__gte=now - _LOOK_BACK,
    )
    orders = {one for one in live.values_list("order_id", flat=True)[:_AT_ONCE] if one is not None}
    done = 0
    for order_id in sorted(orders):
        with transaction.atomic():
            done += reverse_order(order_id=order_id, now=now)
    if len(orders) < _AT_ONCE:
        _looked["at"] = now
    return done
