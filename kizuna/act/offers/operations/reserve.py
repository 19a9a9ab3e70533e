"""Holding a coupon for a checkout, and letting go of what was never paid."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F

from kizuna.act.offers.models import Coupon, Reservation
from kizuna.act.offers.operations.slices import give_back, give_back_for_person
from kizuna.act.offers.operations.spend import take_all
from kizuna.act.offers.queries.coupons import find_coupon
from kizuna.act.offers.rules import Held
from kizuna.act.offers.rules.refusals import NothingUnderKey, SameKeyOtherBody
from kizuna.act.offers.rules.wanted import Use
from kizuna.facts.rows.operations import reach

HOLD = timedelta(minutes=15)
_AT_ONCE = 200


def reserve(
    *,
    code: str,
    key: str,
    person_id: int | None,
    amount_yen: int,
    store: str,
    now: datetime,
    hold: timedelta = HOLD,
) -> Held:
    """Hold a coupon until ``hold`` is over; ``redeem`` with the same key and purchase turns it into a use.

    Raises what ``redeem`` raises.
    """
    use = Use(code=code, key=key, person_id=person_id, order_id=None, amount_yen=amount_yen, store=store)
    try:
        held = _reserve(use=use, hold=hold, now=now)
    except IntegrityError:
        before = _answered(use=use)
        if before is None:
            raise
        held = before
    reach(label="offers.reserved")
    return held


@transaction.atomic
def _reserve(*, use: Use, hold: timedelta, now: datetime) -> Held:
    before = _answered(use=use)
    if before is not None:
        return before
    coupon = find_coupon(text=use.code, lock=True)
    before = _answered(use=use)
    if before is not None:
        return before
    taken = take_all(coupon=coupon, use=use, now=now)
    one = Reservation.objects.create(
        key=use.key,
        digest=use.digest_of_hold(),
        coupon=coupon,
        slice_number=taken.slice_number,
        counted_for=taken.counted_for,
        discount_yen=taken.yen,
        reserved_at=now,
        expires_at=now + hold,
    )
    return _held(one)


def _answered(*, use: Use) -> Held | None:
    """What this key was answered before; a reservation that was let go is no answer to a new wish."""
    one = Reservation.objects.filter(key=use.key).first()
    if one is None:
        return None
    if one.digest != use.digest_of_hold() or one.state == "released":
        raise SameKeyOtherBody(key=use.key)
    return _held(one, repeated=True)


def release(*, key: str) -> None:
    """Let a held coupon go, because the checkout was given up. Again is no change. Raises ``NothingUnderKey``."""
    with transaction.atomic():
        one = Reservation.objects.filter(key=key).first()
        if one is None:
            raise NothingUnderKey
        _release(reservation_id=one.pk, coupon_id=one.coupon_id)


def release_due(*, now: datetime) -> int:
    """Let go of reservations whose time is over, a bounded slice of them; answers how many."""
    due = Reservation.objects.filter(state="held", expires_at__lte=now).order_by("expires_at")
    released = 0
    for reservation_id, coupon_id in list(due.values_list("pk", "coupon_id")[:_AT_ONCE]):
        with transaction.atomic():
            released += _release(reservation_id=reservation_id, coupon_id=coupon_id)
    return released


def _release(*, reservation_id: int, coupon_id: int) -> int:
    # The coupon's row first, as everywhere: whoever redeems it meanwhile is waited for.
    coupon = Coupon.objects.select_for_update().get(pk=coupon_id)
    one = Reservation.objects.select_for_update().filter(pk=reservation_id, state="held").first()
    if one is None:
        return 0
    give_back(offer_id=coupon.offer_id, number=one.slice_number, yen=one.discount_yen)
    if one.counted_for is not None:
        give_back_for_person(offer_id=coupon.offer_id, person_id=one.counted_for)
    Coupon.objects.filter(pk=coupon_id).update(used=F("used") - 1)
    one.state = "released"
    one.save(update_fields=["state"])
    return 1


def _held(one: Reservation, *, repeated: bool = False) -> Held:
    return Held(
        reservation_id=one.pk,
        coupon_id=one.coupon_id,
        discount_yen=one.discount_yen,
        expires_at=one.expires_at,
        key=one.key,
        repeated=repeated,
    )
