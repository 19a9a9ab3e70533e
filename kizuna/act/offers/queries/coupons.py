"""Coupons: found by what somebody typed, listed for a customer, their uses."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery

from kizuna.act.offers.models import Coupon, LedgerEntry
from kizuna.act.offers.queries.terms import terms_of
from kizuna.act.offers.rules import Standing, Terms, is_right, readings, spaced, told, why_not
from kizuna.act.offers.rules.codes import CodeMistyped
from kizuna.act.offers.rules.refusals import NoSuchCoupon
from kizuna.customers.stores.queries import among
from kizuna.errors import Refusal
from kizuna.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class CouponCard:
    """A coupon as a customer's page and the till show it. ``refusal`` says why it cannot be used now."""

    coupon_id: int
    code: str
    offer: str
    offer_id: int
    terms: Terms
    gives: Words
    person_id: int | None
    practice: str
    issued_at: datetime | None
    expires_at: datetime | None
    used: int
    use_limit: int
    refusal: Refusal | None

    @property
    def title(self) -> Words:
        """What the customer reads."""
        return self.terms.title

    @property
    def state(self) -> str:
        """usable, used, expired, or void."""
        codes = {"coupon_used": "used", "coupon_expired": "expired"}
        return "usable" if self.refusal is None else codes.get(self.refusal.code, "void")


@dataclass(frozen=True, slots=True, kw_only=True)
class UseCard:
    """One use of a coupon; ``reversed_at`` is set when it was taken back."""

    redemption_id: int
    key: str
    coupon_id: int
    code: str
    practice: str
    person_id: int | None
    order_id: int | None
    store: str
    amount_yen: int
    discount_yen: int
    redeemed_at: datetime
    reversed_at: datetime | None
    reason: str


def find_coupon(*, text: str, lock: bool = False) -> Coupon:
    """The coupon somebody typed the code of. Raises ``NoSuchCoupon``, ``CodeMistyped``."""
    meant = readings(text=text)
    coupons = Coupon.objects.select_related("offer").filter(code__in=meant, issued_at__isnull=False)
    if lock:
        coupons = coupons.select_for_update(of=("self",))
    found = sorted(coupons, key=lambda one: meant.index(one.code))
    if found:
        return found[0]
    if any(is_right(code=code) for code in meant):
        raise NoSuchCoupon
    raise CodeMistyped


def standing_of(*, coupon: Coupon) -> Standing:
    """How the coupon stands, off its row."""
    return Standing(
        issued_at=coupon.issued_at,
        expires_at=coupon.expires_at,
        withdrawn_at=coupon.withdrawn_at,
        used=coupon.used,
        use_limit=coupon.use_limit,
        state=coupon.offer.state,
        honours_issued=coupon.offer.honours_issued,
    )


def coupon(*, code: str, now: datetime) -> CouponCard:
    """The coupon behind a code, with whether it can be used. Raises ``NoSuchCoupon``, ``CodeMistyped``."""
    return _card(coupon=find_coupon(text=code), now=now)


def coupons_of(*, person_ids: Sequence[int], now: datetime) -> list[CouponCard]:
    """What these records were given, the newest first, and how each stands ``now``."""
    given = Coupon.objects.filter(among(column="person_id", values=person_ids)).select_related("offer")
    return [_card(coupon=one, now=now) for one in given.order_by("-issued_at", "-id")]


def uses(
    *,
    offer_id: int | None = None,
    coupon_id: int | None = None,
    stores: frozenset[str] | None = None,
    start: int = 0,
    limit: int = 50,
) -> list[UseCard]:
    """Uses of an offer or a coupon, the newest first; with ``stores`` only those there."""
    entries = LedgerEntry.objects.filter(kind="redeemed").select_related("coupon__offer")
    if offer_id is not None:
        entries = entries.filter(offer_id=offer_id)
    if coupon_id is not None:
        entries = entries.filter(coupon_id=coupon_id)
    if stores is not None:
        entries = entries.filter(store__in=list(stores))
    back = LedgerEntry.objects.filter(reverses=OuterRef("pk"))
    told = {"back_at": Subquery(back.values("recorded_at")[:1]), "back_reason": Subquery(back.values("reason")[:1])}
    return [_use(entry=one) for one in entries.annotate(**told).order_by("-recorded_at", "-id")[start : start + limit]]


def is_live(*, name: str = "pk") -> Q:
    """The condition for a redemption that was not taken back; filter with ``~is_live()`` for those that were."""
    return ~Q(Exists(LedgerEntry.objects.filter(reverses=OuterRef(name))))


def _use(*, entry: Any) -> UseCard:
    return UseCard(
        redemption_id=entry.pk,
        key=entry.key,
        coupon_id=entry.coupon_id,
        code=spaced(code=entry.coupon.code, prefix=entry.coupon.offer.code_prefix),
        practice=entry.practice,
        person_id=entry.person_id,
        order_id=entry.order_id,
        store=entry.store,
        amount_yen=entry.amount_yen,
        discount_yen=entry.discount_yen,
        redeemed_at=entry.recorded_at,
        reversed_at=entry.back_at,
        reason=entry.back_reason or "",
    )


def _card(*, coupon: Coupon, now: datetime) -> CouponCard:
    terms = terms_of(offer=coupon.offer)
    return CouponCard(
        coupon_id=coupon.pk,
        code=spaced(code=coupon.code, prefix=coupon.offer.code_prefix),
        offer=coupon.offer.name,
        offer_id=coupon.offer_id,
        terms=terms,
        gives=told(terms=terms),
        person_id=coupon.person_id,
        practice=coupon.practice,
        issued_at=coupon.issued_at,
        expires_at=coupon.expires_at,
        used=coupon.used,
        use_limit=coupon.use_limit,
        refusal=why_not(terms=terms, standing=standing_of(coupon=coupon), now=now),
    )
