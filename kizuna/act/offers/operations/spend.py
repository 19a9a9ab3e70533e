"""Using a coupon: one effect per key, within every limit, or a refusal that says why."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import IntegrityError, connection, transaction
from django.db.models import F

from kizuna.act.offers.models import Coupon, LedgerEntry, Reservation
from kizuna.act.offers.operations import fast
from kizuna.act.offers.operations.slices import next_turn, take, take_for_person
from kizuna.act.offers.queries.coupons import find_coupon, standing_of
from kizuna.act.offers.queries.terms import terms_of
from kizuna.act.offers.rules import Redemption, discount_of, why_not
from kizuna.act.offers.rules.refusals import CouponOfAnother, PersonNeeded, SameKeyOtherBody
from kizuna.act.offers.rules.terms import Terms, why_not_for
from kizuna.act.offers.rules.wanted import Use
from kizuna.customers.people.queries import root_of
from kizuna.facts.catalogue import CouponRedeemed
from kizuna.facts.outbox.operations import publish
from kizuna.facts.rows.operations import reach


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What a use takes: its price, the slice it came from, the customer in whose count it stands."""

    terms: Terms
    yen: int
    slice_number: int
    counted_for: int | None


def redeem(
    *,
    code: str,
    key: str,
    person_id: int | None,
    order_id: int | None,
    amount_yen: int,
    store: str,
    now: datetime,
    actor: str = "",
) -> Redemption:
    """Use a coupon for a purchase of ``amount_yen``, once per ``key``, in a transaction of its own.

    The answer is given after the commit; whoever got none asks again with the same key and receives the same answer.
    A coupon reserved under this key is taken as it was reserved. On PostgreSQL the usual case is two statements, one
    of them writing (``fast``); whatever is not usual goes the careful way below, which also knows the reason.

    Raises: NoSuchCoupon, CodeMistyped, CouponExpired, CouponUsed, CouponWithdrawn, CouponOfAnother, OfferNotOpen,
    TooEarly, SpendTooSmall, LimitReached, BudgetSpent, PersonLimitReached, PersonNeeded, SameKeyOtherBody.
    """
    use = Use(
        code=code, key=key, person_id=person_id, order_id=order_id, amount_yen=amount_yen, store=store, actor=actor
    )
    try:
        done = fast.redeem(use=use, turn=next_turn(), now=now) if connection.vendor == "postgresql" else None
        done = done or _redeem(use=use, now=now)
    except IntegrityError:
        # Somebody wrote this key between our look and our write; theirs is the effect, ours is undone.
        done = answered(use=use)
        if done is None:
            raise
    reach(label="offers.redeemed")
    return done


def answered(*, use: Use) -> Redemption | None:
    """What this key was answered before. Raises ``SameKeyOtherBody``."""
    entry = LedgerEntry.objects.filter(key=use.key).first()
    if entry is None:
        return None
    if entry.kind != "redeemed" or entry.digest != use.digest():
        raise SameKeyOtherBody(key=use.key)
    return replace(_answer(entry=entry), repeated=True)


@transaction.atomic
def _redeem(*, use: Use, now: datetime) -> Redemption:
    before = answered(use=use)
    if before is not None:
        return before
    coupon = find_coupon(text=use.code, lock=True)
    # A racer with the same key may have finished while this one waited for the coupon.
    before = answered(use=use)
    if before is not None:
        return before
    held = Reservation.objects.select_for_update().filter(key=use.key).first()
    if held is not None and held.state == "held":
        taken = _held(held=held, coupon=coupon, use=use, now=now)
    else:
        taken = take_all(coupon=coupon, use=use, now=now)
    entry = LedgerEntry(
        kind="redeemed",
        key=use.key,
        digest=use.digest(),
        coupon=coupon,
        offer_id=coupon.offer_id,
        practice=coupon.practice,
        person_id=use.person_id or coupon.person_id,
        counted_for=taken.counted_for,
        order_id=use.order_id,
        store=use.store,
        amount_yen=use.amount_yen,
        discount_yen=taken.yen,
        slice_number=taken.slice_number,
        actor=use.actor,
        recorded_at=now,
    )
    entry.save()
    reach(label="offers.redeeming")
    publish(facts=[_fact(entry=entry, offer=taken.terms.name)], now=now)
    return _answer(entry=entry)


def take_all(*, coupon: Coupon, use: Use, now: datetime) -> Taken:
    """Take a use of the coupon, of the offer's limits and of the customer's count; the coupon's row is locked."""
    terms = terms_of(offer=coupon.offer)
    refusal = why_not(terms=terms, standing=standing_of(coupon=coupon), now=now)
    refusal = refusal or why_not_for(terms=terms, amount_yen=use.amount_yen)
    if refusal is not None:
        raise refusal
    counted_for = _whose(coupon=coupon, use=use, terms=terms)
    yen = discount_of(terms=terms, amount_yen=use.amount_yen)
    # Locks are taken in the order coupon, slices, customer, here and in ``reverse`` and ``fast``.
    number = take(offer_id=coupon.offer_id, yen=yen, turn=next_turn())
    if counted_for is not None and terms.per_person_limit is not None:
        take_for_person(offer_id=coupon.offer_id, person_id=counted_for, limit=terms.per_person_limit)
    Coupon.objects.filter(pk=coupon.pk).update(used=F("used") + 1)
    return Taken(terms=terms, yen=yen, slice_number=number, counted_for=counted_for)


def _whose(*, coupon: Coupon, use: Use, terms: Terms) -> int | None:
    """The customer in whose count the use stands, where the offer counts by customer."""
    owner = None if coupon.person_id is None else root_of(person_id=coupon.person_id)
    asker = None if use.person_id is None else root_of(person_id=use.person_id)
    if owner is not None and asker is not None and owner != asker:
        raise CouponOfAnother
    if terms.per_person_limit is None:
        return None
    if owner is None and asker is None:
        raise PersonNeeded
    return owner or asker


def _held(*, held: Reservation, coupon: Coupon, use: Use, now: datetime) -> Taken:
    """Turn a reservation into the use it was made for. Raises for another purchase or an ended coupon."""
    if held.digest != use.digest_of_hold():
        raise SameKeyOtherBody(key=use.key)
    terms = terms_of(offer=coupon.offer)
    standing = replace(standing_of(coupon=coupon), used=0)  # the use it needs is the one it holds
    refusal = why_not(terms=terms, standing=standing, now=now)
    if refusal is not None:
        raise refusal
    held.state = "redeemed"
    held.save(update_fields=["state"])
    return Taken(terms=terms, yen=held.discount_yen, slice_number=held.slice_number, counted_for=held.counted_for)


def _answer(*, entry: LedgerEntry) -> Redemption:
    return Redemption(
        redemption_id=entry.pk,
        coupon_id=entry.coupon_id,
        discount_yen=entry.discount_yen,
        redeemed_at=entry.recorded_at,
        key=entry.key,
    )


def _fact(*, entry: LedgerEntry, offer: str) -> CouponRedeemed:
    return CouponRedeemed(
        occurred_at=entry.recorded_at,
        person_id=entry.person_id,
        redemption_id=entry.pk,
        coupon_id=entry.coupon_id,
        offer=offer,
        practice=entry.practice,
        order_id=entry.order_id,
        store=entry.store,
        discount_yen=entry.discount_yen,
    )
