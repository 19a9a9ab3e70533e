"""Nouns about offers and coupons."""

from kizuna.act.offers.queries.check import check_invariants, violations
from kizuna.act.offers.queries.costs import cost_by_practice
from kizuna.act.offers.queries.coupons import CouponCard, UseCard, coupon, coupons_of, uses
from kizuna.act.offers.queries.export import export_people
from kizuna.act.offers.queries.moments import moments_of
from kizuna.act.offers.queries.offers import DecisionCard, OfferCard, decisions, offer, offer_with, offers
from kizuna.act.offers.queries.room import rooms

__all__ = [
    "CouponCard",
    "DecisionCard",
    "OfferCard",
    "UseCard",
    "check_invariants",
    "cost_by_practice",
    "coupon",
    "coupons_of",
    "decisions",
    "export_people",
    "moments_of",
    "offer",
    "offer_with",
    "offers",
    "rooms",
    "uses",
    "violations",
]
