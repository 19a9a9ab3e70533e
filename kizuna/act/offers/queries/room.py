"""What offers may still give: the same room for whoever gives coupons and for every page that tells of it."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db.models import Case, Count, IntegerField, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from kizuna.act.offers.models import Coupon, Offer, Slice
from kizuna.act.offers.queries.terms import terms_of
from kizuna.act.offers.rules.room import Room, shut
from kizuna.act.offers.rules.terms import set_aside_yen

Left = tuple[int | None, int | None, int | None, int]


def is_bounded(*, offer: Offer) -> bool:
    """Whether a limit, a budget or a pool bounds what may be given. Whoever issues such coupons has to queue."""
    return offer.total_limit is not None or offer.budget_yen is not None or offer.code_mode == "pool"


def rooms(*, names: Collection[str], now: datetime) -> dict[str, Room]:
    """By name, the room of each of these offers that there is."""
    found = list(Offer.objects.filter(name__in=list(names)))
    by_number = rooms_of(offers=found, now=now)
    return {one.name: by_number[one.pk] for one in found}


def rooms_of(*, offers: Sequence[Offer], now: datetime) -> dict[int, Room]:
    """By number, the room there is, read in one statement: a use that commits meanwhile is counted once, as given or
    as used."""
    bounded = [one.pk for one in offers if is_bounded(offer=one)]
    left = _left(ids=bounded, now=now) if bounded else {}
    return {one.pk: _room(offer=one, left=left.get(one.pk, (None, None, None, 0)), now=now) for one in offers}


def _room(*, offer: Offer, left: Left, now: datetime) -> Room:
    terms = terms_of(offer=offer)
    uses, yen, codes, promised = left
    return Room(
        shut=shut(state=offer.state, terms=terms, now=now),
        uses=uses,
        yen=yen,
        codes=codes,
        promised=promised,
        each_yen=set_aside_yen(terms=terms),
    )


def _left(*, ids: Sequence[int], now: datetime) -> dict[int, Left]:
    """Uses, yen and codes left, and the coupons out there whose first use is set aside."""
    slices = Slice.objects.filter(offer=OuterRef("pk")).order_by().values("offer")
    coupons = Coupon.objects.filter(offer=OuterRef("pk")).order_by().values("offer")
    waiting = coupons.filter(issued_at=None)
    out = coupons.filter(Q(expires_at=None) | Q(expires_at__gt=now), used=0, issued_at__isnull=False, withdrawn_at=None)
    rows = Offer.objects.filter(pk__in=ids).annotate(
        uses=Subquery(slices.annotate(n=Sum("uses_limit") - Sum("uses_taken")).values("n")),
        yen=Subquery(slices.annotate(n=Sum("yen_limit") - Sum("yen_taken")).values("n")),
        codes=Case(
            When(code_mode="pool", then=Coalesce(Subquery(waiting.annotate(n=Count("id")).values("n")), 0)),
            default=Value(None),
            output_field=IntegerField(),
        ),
        promised=Coalesce(Subquery(out.annotate(n=Count("id")).values("n")), 0),
    )
    return {
        pk: (uses, yen, codes, promised)
        for pk, uses, yen, codes, promised in rows.values_list("pk", "uses", "yen", "codes", "promised")
    }
