"""Taking a redemption back: a row of its own in the ledger, and everything it took given back."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from kizuna.act.offers.models import Coupon, LedgerEntry
from kizuna.act.offers.operations.slices import give_back, give_back_for_person
from kizuna.act.offers.queries.coupons import is_live
from kizuna.act.offers.rules import Redemption, body
from kizuna.act.offers.rules.refusals import AlreadyReversed, NothingUnderKey, SameKeyOtherBody
from kizuna.facts.catalogue import CouponReversed
from kizuna.facts.outbox.operations import publish
from kizuna.facts.rows.operations import reach


def reverse(*, key: str, reversal_key: str, reason: str, now: datetime, actor: str = "") -> Redemption:
    """Take back what was redeemed under ``key``; the coupon can be used again until its end. Once per ``reversal_key``.

    Raises: NothingUnderKey, AlreadyReversed, SameKeyOtherBody.
    """
    try:
        with transaction.atomic():
            done = _reverse(key=key, reversal_key=reversal_key, reason=reason, actor=actor, now=now)
    except IntegrityError:
        again = _answered(key=key, reversal_key=reversal_key, reason=reason)
        if again is None:
            raise AlreadyReversed from None
        done = again
    reach(label="offers.reversed")
    return done


def reverse_order(*, order_id: int, now: datetime) -> int:
    """Take back every live redemption of a cancelled order, in the caller's transaction; answers how many."""
    with transaction.atomic():
        live = LedgerEntry.objects.filter(is_live(), kind="redeemed", order_id=order_id)
        # Sorted by coupon and all coupons first, so that two of these never wait for each other.
        coupon_ids = sorted(set(live.values_list("coupon_id", flat=True)))
        list(Coupon.objects.select_for_update().filter(pk__in=coupon_ids).order_by("pk"))
        entries = list(live.select_related("offer").order_by("coupon_id", "pk"))
        _take_back(
            entries=entries, keys=[_order_key(one) for one in entries], reason="cancelled", actor="system", now=now
        )
        return len(entries)


def _order_key(entry: LedgerEntry) -> str:
    return f"order-cancelled:{entry.order_id}:{entry.pk}"


def _reverse(*, key: str, reversal_key: str, reason: str, actor: str, now: datetime) -> Redemption:
    before = _answered(key=key, reversal_key=reversal_key, reason=reason)
    if before is not None:
        return before
    entry = LedgerEntry.objects.select_related("offer").filter(key=key, kind="redeemed").first()
    if entry is None:
        raise NothingUnderKey
    Coupon.objects.select_for_update().get(pk=entry.coupon_id)
    before = _answered(key=key, reversal_key=reversal_key, reason=reason)
    if before is not None:
        return before
    if LedgerEntry.objects.filter(reverses=entry).exists():
        raise AlreadyReversed
    (made,) = _take_back(entries=[entry], keys=[reversal_key], reason=reason, actor=actor, now=now)
    return _answer(made)


def _answered(*, key: str, reversal_key: str, reason: str) -> Redemption | None:
    made = LedgerEntry.objects.filter(key=reversal_key).first()
    if made is None:
        return None
    if made.kind != "reversed" or made.digest != body(parts=(key, reason)):
        raise SameKeyOtherBody(key=reversal_key)
    return _answer(made, repeated=True)


def _take_back(
    *, entries: Sequence[LedgerEntry], keys: Sequence[str], reason: str, actor: str, now: datetime
) -> list[LedgerEntry]:
    """Write the reversals; the coupons' rows are locked. Slices before customers, each in order, as in ``spend``."""
    for one in sorted(entries, key=lambda entry: (entry.offer_id, entry.slice_number)):
        give_back(offer_id=one.offer_id, number=one.slice_number, yen=one.discount_yen)
    for one in sorted(entries, key=lambda entry: (entry.offer_id, entry.counted_for or 0)):
        if one.counted_for is not None:
            give_back_for_person(offer_id=one.offer_id, person_id=one.counted_for)
    made = [
        _reversal(entry=one, key=key, reason=reason, actor=actor, now=now)
        for one, key in zip(entries, keys, strict=True)
    ]
    for one in made:
        Coupon.objects.filter(pk=one.coupon_id).update(used=F("used") - 1)
        one.save()
    reach(label="offers.reversing")
    facts = [_fact(entry=was, offer=was.offer.name) for was in entries]
    publish(facts=facts, now=now)
    return made


def _reversal(*, entry: LedgerEntry, key: str, reason: str, actor: str, now: datetime) -> LedgerEntry:
    return LedgerEntry(
        kind="reversed",
        key=key,
        digest=body(parts=(entry.key, reason)),
        coupon_id=entry.coupon_id,
        offer_id=entry.offer_id,
        practice=entry.practice,
        person_id=entry.person_id,
        counted_for=entry.counted_for,
        order_id=entry.order_id,
        store=entry.store,
        amount_yen=entry.amount_yen,
        discount_yen=entry.discount_yen,
        slice_number=entry.slice_number,
        reverses=entry,
        reason=reason,
        actor=actor,
        recorded_at=now,
    )


def _answer(entry: LedgerEntry, *, repeated: bool = False) -> Redemption:
    return Redemption(
        redemption_id=entry.reverses_id or entry.pk,
        coupon_id=entry.coupon_id,
        discount_yen=entry.discount_yen,
        redeemed_at=entry.recorded_at,
        key=entry.key,
        repeated=repeated,
    )


def _fact(*, entry: LedgerEntry, offer: str) -> CouponReversed:
    """The whole redemption again, now void; it keeps its own moment, so it is void on the day it counted."""
    return CouponReversed(
        occurred_at=entry.recorded_at,
        person_id=entry.person_id,
        revision=1,
        redemption_id=entry.pk,
        coupon_id=entry.coupon_id,
        offer=offer,
        practice=entry.practice,
        order_id=entry.order_id,
        store=entry.store,
        discount_yen=entry.discount_yen,
    )
