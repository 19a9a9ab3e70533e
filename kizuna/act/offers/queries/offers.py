"""Offers as lists and pages show them."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, Sum

from kizuna.act.offers.models import Coupon, Decision, LedgerEntry, Offer, Slice
from kizuna.act.offers.queries.room import rooms_of
from kizuna.act.offers.queries.terms import terms_of
from kizuna.act.offers.rules.premiums import CLASSES
from kizuna.act.offers.rules.refusals import NoSuchOffer
from kizuna.act.offers.rules.room import Room
from kizuna.act.offers.rules.terms import KINDS, OCCASIONS, Terms, told
from kizuna.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferCard:
    """An offer with how it is going. ``cost_yen`` is what live redemptions cost; ``None`` left means no limit."""

    offer_id: int
    terms: Terms
    state: str
    prefix: str
    reward_class: Words
    issued: int
    in_pool: int
    redeemed: int
    cost_yen: int
    uses_left: int | None
    budget_left_yen: int | None
    room: Room | None
    """What may still be given, where the moment was asked for."""
    honours_issued: bool
    published_at: datetime | None
    stopped_at: datetime | None

    @property
    def name(self) -> str:
        """The slug other rooms know it by."""
        return self.terms.name

    @property
    def title(self) -> Words:
        """What customers read."""
        return self.terms.title

    @property
    def gives(self) -> Words:
        """What it gives, in one phrase."""
        return told(terms=self.terms)

    @property
    def kind(self) -> Words:
        """The kind of offer in words."""
        return KINDS[self.terms.kind]

    @property
    def occasion(self) -> Words:
        """What it is given for."""
        return OCCASIONS[self.terms.occasion]


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionCard:
    """One decision under the law."""

    allowed: bool
    reward_class: Words
    reason: Words
    cap_yen: int | None
    rule_version: str
    actor: str
    decided_at: datetime


def offers() -> list[OfferCard]:
    """Every offer: those that run first, then drafts, then the stopped; the newest of each first."""
    order = {"published": 0, "draft": 1, "stopped": 2}
    cards = _cards(chosen=list(Offer.objects.order_by("-id")))
    return sorted(cards, key=lambda card: order[card.state])


def offer(*, name: str) -> OfferCard:
    """One offer by its name. Raises ``NoSuchOffer``."""
    return _one(chosen=list(Offer.objects.filter(name=name)))


def offer_with(*, offer_id: int, now: datetime | None = None) -> OfferCard:
    """One offer by its number, with its room at the moment ``now``. Raises ``NoSuchOffer``."""
    return _one(chosen=list(Offer.objects.filter(pk=offer_id)), now=now)


def decisions(*, offer_id: int) -> list[DecisionCard]:
    """What was decided about publishing it, the newest first."""
    return [
        DecisionCard(
            allowed=one.allowed,
            reward_class=CLASSES[one.reward_class],
            reason=Words(ja=one.reason_ja, en=one.reason_en),
            cap_yen=one.cap_yen,
            rule_version=one.rule_version,
            actor=one.actor,
            decided_at=one.decided_at,
        )
        for one in Decision.objects.filter(offer_id=offer_id).order_by("-id")
    ]


def _one(*, chosen: list[Offer], now: datetime | None = None) -> OfferCard:
    if not chosen:
        raise NoSuchOffer
    return _cards(chosen=chosen, now=now)[0]


def _cards(*, chosen: list[Offer], now: datetime | None = None) -> list[OfferCard]:
    ids = [one.pk for one in chosen]
    coupons = _counts(ids=ids)
    spent = _spent(ids=ids)
    rooms = {} if now is None else rooms_of(offers=chosen, now=now)
    cut = [one.pk for one in chosen if one.state != "draft"]
    left = _left(ids=cut) if now is None else {pk: (rooms[pk].uses, rooms[pk].yen) for pk in cut}
    return [
        OfferCard(
            offer_id=one.pk,
            terms=terms_of(offer=one),
            state=one.state,
            prefix=one.code_prefix,
            reward_class=CLASSES[one.reward_class],
            issued=coupons.get(one.pk, (0, 0))[0],
            in_pool=coupons.get(one.pk, (0, 0))[1],
            redeemed=spent.get(one.pk, (0, 0))[0],
            cost_yen=spent.get(one.pk, (0, 0))[1],
            uses_left=left.get(one.pk, (one.total_limit, one.budget_yen))[0],
            budget_left_yen=left.get(one.pk, (one.total_limit, one.budget_yen))[1],
            room=rooms.get(one.pk),
            honours_issued=one.honours_issued,
            published_at=one.published_at,
            stopped_at=one.stopped_at,
        )
        for one in chosen
    ]


def _counts(*, ids: list[int]) -> dict[int, tuple[int, int]]:
    """Coupons given, and codes waiting in the pool, by offer."""
    given = Count("id", filter=Q(issued_at__isnull=False))
    rows = Coupon.objects.filter(offer_id__in=ids).order_by().values_list("offer_id")
    return {offer_id: (issued, every - issued) for offer_id, issued, every in rows.annotate(n=given, every=Count("id"))}


def _spent(*, ids: list[int]) -> dict[int, tuple[int, int]]:
    """Uses and yen by offer, reversals taken off."""
    gone = Q(kind="reversed")
    rows = (
        LedgerEntry.objects.filter(offer_id__in=ids)
        .order_by()
        .values_list("offer_id")
        .annotate(
            uses=Count("id", filter=~gone) - Count("id", filter=gone),
            yen=Sum("discount_yen", filter=~gone, default=0) - Sum("discount_yen", filter=gone, default=0),
        )
    )
    return {offer_id: (uses, yen) for offer_id, uses, yen in rows}


def _left(*, ids: list[int]) -> dict[int, tuple[int | None, int | None]]:
    """What of limit and budget is left, held reservations counted as taken."""
    rows = (
        Slice.objects.filter(offer_id__in=ids)
        .order_by()
        .values_list("offer_id")
        .annotate(
            uses=Sum("uses_limit") - Sum("uses_taken"),
            yen=Sum("yen_limit") - Sum("yen_taken"),
        )
    )
    return {offer_id: (uses, yen) for offer_id, uses, yen in rows}
