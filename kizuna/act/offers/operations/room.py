"""How many more coupons an offer may give, so that whoever is given one can use it.

A coupon is a promise. Its first use is set aside the moment it is given: what is left is the limit less the uses made
and held, less one use for every coupon out there that is neither used, over nor withdrawn; and likewise the budget,
with what one use costs at most. A percentage that nothing bounds is set aside with what it costs at the least purchase:
more cannot be known beforehand. Coupons that end unused make room again.
"""

from collections.abc import Callable
from datetime import datetime

from django.db.models import Count, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from kizuna.act.offers.models import Coupon, Offer, Slice
from kizuna.act.offers.rules import Terms
from kizuna.act.offers.rules.refusals import BudgetSpent, LimitReached
from kizuna.act.offers.rules.terms import set_aside_yen
from kizuna.errors import Refusal

Room = Callable[[int], Refusal | None]
"""Why there is no room for the nth further coupon; None when there is."""


def is_limited(*, offer: Offer) -> bool:
    """Whether there is a limit or a budget at all. Whoever issues such coupons has to queue."""
    return offer.total_limit is not None or offer.budget_yen is not None


def room_of(*, offer: Offer, terms: Terms, now: datetime) -> Room:
    """The room there is, read in one statement: a use that commits meanwhile is counted once, as given or as used."""
    uses, yen, promised = _left(offer=offer, now=now)
    each = set_aside_yen(terms=terms)

    def refusal(nth: int) -> Refusal | None:
        if uses is not None and uses < promised + nth:
            return LimitReached()
        if yen is not None and yen < (promised + nth) * each:
            return BudgetSpent(left_yen=max(0, yen - promised * each), needed_yen=each)
        return None

    return refusal


def _left(*, offer: Offer, now: datetime) -> tuple[int | None, int | None, int]:
    slices = Slice.objects.filter(offer=OuterRef("pk")).order_by().values("offer")
    out = Coupon.objects.filter(
        Q(expires_at=None) | Q(expires_at__gt=now),
        offer=OuterRef("pk"),
        used=0,
        issued_at__isnull=False,
        withdrawn_at=None,
    )
    rows = Offer.objects.filter(pk=offer.pk).annotate(
        uses=Subquery(slices.annotate(n=Sum("uses_limit") - Sum("uses_taken")).values("n")),
        yen=Subquery(slices.annotate(n=Sum("yen_limit") - Sum("yen_taken")).values("n")),
        promised=Coalesce(Subquery(out.order_by().values("offer").annotate(n=Count("id")).values("n")), 0),
    )
    return rows.values_list("uses", "yen", "promised").get()
