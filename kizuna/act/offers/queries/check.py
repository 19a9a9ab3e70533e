"""L11 as a running checker: no coupon is used beyond its limit, no limit or budget exceeded, nothing counted twice."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet, Sum

from kizuna.act.offers.models import Coupon, LedgerEntry, Offer, PersonUse, Reservation, Slice
from kizuna.act.offers.queries.coupons import is_live
from kizuna.facts.outbox.rules import Violation
from kizuna.words import Words

SHOWN = 5


def check_invariants() -> list[str]:
    """Everything that is wrong, as sentences for whoever repairs it; an empty list when all holds.

    All counters are recomputed from the ledger and the held reservations. Ask while nobody redeems: the counters and
    the ledger are read in several statements.
    """
    return [*_coupons(), *_slices(), *_offers(), *_people(), *_ledger()]


def violations(*, now: datetime) -> list[Violation]:
    """L11, as every rule that must always hold is told (``now`` changes nothing)."""
    del now
    wrong = check_invariants()
    words = Words(ja="クーポンの記録に食い違いがあります。", en="The coupons' records contradict each other.")
    return [Violation(rule="L11", words=words, count=len(wrong), examples=tuple(wrong[:SHOWN]))] if wrong else []


def _live_entries() -> "QuerySet[LedgerEntry]":
    return LedgerEntry.objects.filter(is_live(), kind="redeemed")


def _held() -> "QuerySet[Reservation]":
    return Reservation.objects.filter(state="held")


def _coupons() -> Iterator[str]:
    counted: defaultdict[int, int] = defaultdict(int)
    for coupon_id, uses in _live_entries().order_by().values_list("coupon_id").annotate(n=Count("id")):
        counted[coupon_id] += uses
    for coupon_id, uses in _held().order_by().values_list("coupon_id").annotate(n=Count("id")):
        counted[coupon_id] += uses
    doubtful = Coupon.objects.filter(Q(used__gt=0) | Q(pk__in=list(counted))).values_list("pk", "used", "use_limit")
    for coupon_id, used, use_limit in doubtful:
        if used != counted[coupon_id]:
            yield f"coupon {coupon_id} says {used} uses, the ledger {counted[coupon_id]}"
        if counted[coupon_id] > use_limit:
            yield f"coupon {coupon_id} is used {counted[coupon_id]} times, {use_limit} allowed"


def _slices() -> Iterator[str]:
    counted: defaultdict[tuple[int, int], tuple[int, int]] = defaultdict(lambda: (0, 0))
    for offer_id, number, uses, yen in _by_slice():
        before = counted[offer_id, number]
        counted[offer_id, number] = (before[0] + uses, before[1] + yen)
    for one in Slice.objects.all():
        ours = counted.pop((one.offer_id, one.number), (0, 0))
        if ours != (one.uses_taken, one.yen_taken):
            yield f"{one} says {one.uses_taken} uses and {one.yen_taken} yen, the ledger {ours[0]} and {ours[1]}"
    for (offer_id, number), _ in counted.items():
        yield f"offer {offer_id} has no slice {number}, but the ledger took from it"


def _by_slice() -> Iterator[tuple[int, int, int, int]]:
    sums = {"uses": Count("id"), "yen": Sum("discount_yen")}
    yield from _live_entries().order_by().values_list("offer_id", "slice_number").annotate(**sums)
    yield from _held().order_by().values_list("coupon__offer_id", "slice_number").annotate(**sums)


def _offers() -> Iterator[str]:
    totals: defaultdict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for offer_id, _, uses, yen in _by_slice():
        totals[offer_id] = (totals[offer_id][0] + uses, totals[offer_id][1] + yen)
    limits = {
        offer_id: (uses, yen)
        for offer_id, uses, yen in Slice.objects.order_by()
        .values_list("offer_id")
        .annotate(uses=Sum("uses_limit"), yen=Sum("yen_limit"))
    }
    for one in Offer.objects.all():
        uses, yen = totals[one.pk]
        if one.total_limit is not None and uses > one.total_limit:
            yield f"{one} is used {uses} times, {one.total_limit} allowed"
        if one.budget_yen is not None and yen > one.budget_yen:
            yield f"{one} has cost {yen} yen of {one.budget_yen}"
        if one.pk in limits and limits[one.pk] != (one.total_limit, one.budget_yen):
            yield f"the slices of {one} add up to {limits[one.pk]}, not {(one.total_limit, one.budget_yen)}"


def _people() -> Iterator[str]:
    counted: defaultdict[tuple[int, int], int] = defaultdict(int)
    for offer_id, person_id, uses in _by_person():
        counted[offer_id, person_id] += uses
    for one in PersonUse.objects.select_related("offer"):
        ours = counted.pop((one.offer_id, one.person_id), 0)
        if ours != one.uses:
            yield f"{one} says {one.uses}, the ledger {ours}"
        if one.offer.per_person_limit is not None and ours > one.offer.per_person_limit:
            yield f"{one}: {ours}, {one.offer.per_person_limit} allowed"
    for (offer_id, person_id), uses in counted.items():
        yield f"offer {offer_id} was used {uses} times by {person_id} and nobody counted"


def _by_person() -> Iterator[tuple[int, int, int]]:
    live = _live_entries().filter(counted_for__isnull=False).order_by()
    yield from live.values_list("offer_id", "counted_for").annotate(n=Count("id"))
    held = _held().filter(counted_for__isnull=False).order_by()
    yield from held.values_list("coupon__offer_id", "counted_for").annotate(n=Count("id"))


def _ledger() -> Iterator[str]:
    late = LedgerEntry.objects.filter(kind="redeemed", recorded_at__gte=F("coupon__expires_at"))
    for entry_id in late.values_list("pk", flat=True):
        yield f"redemption {entry_id} is later than its coupon's end"
    astray = LedgerEntry.objects.filter(kind="reversed").exclude(
        reverses__kind="redeemed", reverses__discount_yen=F("discount_yen"), reverses__coupon_id=F("coupon_id")
    )
    for entry_id in astray.values_list("pk", flat=True):
        yield f"reversal {entry_id} does not fit what it takes back"
    for entry_id in LedgerEntry.objects.exclude(offer_id=F("coupon__offer_id")).values_list("pk", flat=True):
        yield f"ledger entry {entry_id} names another offer than its coupon"
