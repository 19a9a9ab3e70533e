"""What offers cost."""

from datetime import date

from django.db.models import Q, Sum

from kizuna.act.offers.models import LedgerEntry
from kizuna.act.offers.queries.coupons import is_live


def cost_by_practice(*, date_from: date | None, date_to: date | None) -> dict[str, int]:
    """Yen given away in live redemptions of these days (the end exclusive, in Japan), by practice; "" is by hand."""
    within = Q()
    if date_from is not None:
        within &= Q(recorded_at__date__gte=date_from)
    if date_to is not None:
        within &= Q(recorded_at__date__lt=date_to)
    rows = (
        LedgerEntry.objects.filter(is_live(), within, kind="redeemed")
        .order_by()
        .values_list("practice")
        .annotate(yen=Sum("discount_yen"))
    )
    return dict(rows)
