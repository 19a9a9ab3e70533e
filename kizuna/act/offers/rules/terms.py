"""What an offer gives, for how long, and when it may not be used: decided without a database."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from kizuna.act.offers.rules.refusals import (
    CouponExpired,
    CouponUsed,
    CouponWithdrawn,
    NoSuchCoupon,
    OfferIncomplete,
    OfferNotOpen,
    SpendTooSmall,
    TooEarly,
)
from kizuna.clock import JST
from kizuna.errors import Refusal
from kizuna.words import Words

Kind = Literal["amount", "percent", "free_shipping", "gift", "bundle", "lottery"]
KINDS: dict[str, Words] = {
    "amount": Words(ja="金額の値引", en="Amount off"),
    "percent": Words(ja="割引率", en="Percentage off"),
    "free_shipping": Words(ja="送料無料", en="Free shipping"),
    "bundle": Words(ja="セット価格", en="Set price"),
    "gift": Words(ja="プレゼント", en="Gift"),
    "lottery": Words(ja="抽選", en="Draw"),
}
OCCASIONS: dict[str, Words] = {
    "purchase": Words(ja="お買い物", en="Purchase"),
    "next_purchase": Words(ja="次回のお買い物", en="Next purchase"),
    "birthday": Words(ja="誕生日", en="Birthday"),
    "survey": Words(ja="アンケートのお礼", en="Thanks for a survey"),
    "review": Words(ja="レビューのお礼", en="Thanks for a review"),
    "apology": Words(ja="お詫び", en="Apology"),
    "referral": Words(ja="ご紹介のお礼", en="Thanks for a referral"),
}
LARGEST_YEN = 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A part of a set: how many of which product, at what price when bought by itself."""

    sku: str
    quantity: int
    price_yen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The terms of an offer as everybody reads them."""

    name: str
    title: Words
    kind: str
    value: int
    max_discount_yen: int | None = None
    unit_cost_yen: int | None = None
    min_spend_yen: int = 0
    items: tuple[Item, ...] = ()
    valid_days: int | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    total_limit: int | None = None
    per_person_limit: int | None = None
    budget_yen: int | None = None
    uses_per_coupon: int = 1
    code_mode: str = "generated"
    occasion: str = "purchase"
    depends_on_score: bool = False
    lowest_price_yen: int | None = None
    prize_total_yen: int | None = None
    planned_sales_yen: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a coupon stands at the moment of the question."""

    issued_at: datetime | None
    expires_at: datetime | None
    withdrawn_at: datetime | None
    used: int
    use_limit: int
    state: str
    honours_issued: bool


def items_of(*, raw: list[dict[str, Any]]) -> tuple[Item, ...]:
    """The set's parts from their stored form."""
    return tuple(Item(sku=one["sku"], quantity=one["quantity"], price_yen=one["price_yen"]) for one in raw)


def regular_yen(*, items: tuple[Item, ...]) -> int:
    """What the set costs when bought one by one."""
    return sum(item.quantity * item.price_yen for item in items)


def least_spend(*, terms: Terms) -> int:
    """The least purchase the offer takes; a set takes at least its own regular price."""
    return max(terms.min_spend_yen, regular_yen(items=terms.items))


def discount_of(*, terms: Terms, amount_yen: int) -> int:
    """What one use costs the shop for a purchase of ``amount_yen``; this is what is taken from the budget."""
    if terms.kind == "amount":
        return min(terms.value, amount_yen)
    if terms.kind == "percent":
        off = amount_yen * terms.value // 100
        return off if terms.max_discount_yen is None else min(off, terms.max_discount_yen)
    if terms.kind == "bundle":
        return regular_yen(items=terms.items) - terms.value
    return terms.value if terms.unit_cost_yen is None else terms.unit_cost_yen


def set_aside_yen(*, terms: Terms) -> int:
    """What one use costs at most, or, where nothing bounds it, at the least purchase: set aside for a coupon given."""
    if terms.kind == "percent":
        return terms.max_discount_yen or discount_of(terms=terms, amount_yen=least_spend(terms=terms))
    return discount_of(terms=terms, amount_yen=LARGEST_YEN)


def expiry(*, terms: Terms, issued_at: datetime) -> datetime | None:
    """The first instant at which the coupon is over: midnight after its last day in Japan, or the offer's own end."""
    if terms.valid_days is None:
        return terms.ends_at
    day = issued_at.astimezone(JST).replace(hour=0, minute=0, second=0, microsecond=0)
    over = day + timedelta(days=terms.valid_days + 1)
    return over if terms.ends_at is None else min(over, terms.ends_at)


def why_not(*, terms: Terms, standing: Standing, now: datetime) -> Refusal | None:
    """Why the coupon cannot be used now; None when it can."""
    if standing.issued_at is None:
        return NoSuchCoupon()
    if standing.withdrawn_at is not None:
        return CouponWithdrawn()
    if standing.used >= standing.use_limit:
        return CouponUsed(use_limit=standing.use_limit)
    return _not_open(terms=terms, standing=standing, now=now)


def _not_open(*, terms: Terms, standing: Standing, now: datetime) -> Refusal | None:
    if standing.state == "draft" or (standing.state == "stopped" and not standing.honours_issued):
        return OfferNotOpen(state=standing.state)
    if standing.expires_at is not None and now >= standing.expires_at:
        return CouponExpired(expires_at=standing.expires_at)
    if terms.starts_at is not None and now < terms.starts_at:
        return TooEarly(starts_at=terms.starts_at)
    return None


def why_not_for(*, terms: Terms, amount_yen: int) -> Refusal | None:
    """Why the coupon does not fit a purchase of this amount; None when it does."""
    least = least_spend(terms=terms)
    if amount_yen < least:
        return SpendTooSmall(needed_yen=least, amount_yen=amount_yen)
    return None


def incomplete(*, terms: Terms) -> OfferIncomplete | None:
    """What is missing or senseless in the terms; None when they can be published."""
    for wrong, words in (
        (terms.kind not in KINDS, _KIND),
        (not terms.title.ja or not terms.title.en, _TITLE),
        (not 0 < terms.value <= LARGEST_YEN, _VALUE),
        (terms.kind == "percent" and terms.value > 100, _PERCENT),
        (terms.kind == "bundle" and not terms.items, _ITEMS),
        (terms.kind == "bundle" and terms.value >= regular_yen(items=terms.items), _SET_PRICE),
        (terms.valid_days is None and terms.ends_at is None, _END),
        (bool(terms.starts_at and terms.ends_at and terms.starts_at >= terms.ends_at), _ORDER),
        (any(limit is not None and limit < 1 for limit in _limits(terms=terms)), _LIMIT),
    ):
        if wrong:
            return OfferIncomplete(words)
    return None


def _limits(*, terms: Terms) -> tuple[int | None, ...]:
    return (
        terms.total_limit,
        terms.per_person_limit,
        terms.budget_yen,
        terms.valid_days,
        terms.max_discount_yen,
        terms.uses_per_coupon,
    )


def told(*, terms: Terms) -> Words:
    """The offer in one phrase: 「10%引き（2,000円まで）」."""
    number = f"{terms.value:,}"
    if terms.kind == "percent" and terms.max_discount_yen is not None:
        most = f"{terms.max_discount_yen:,}"
        return Words(ja=f"{number}%引き（{most}円まで）", en=f"{number}% off (up to {most} yen)")
    return _TOLD.get(terms.kind, _TOLD["amount"]).fill(value=number)


_TOLD = {
    "amount": Words(ja="{value}円引き", en="{value} yen off"),
    "percent": Words(ja="{value}%引き", en="{value}% off"),
    "free_shipping": Words(ja="送料無料", en="Free shipping"),
    "bundle": Words(ja="セットで{value}円", en="The set for {value} yen"),
    "gift": Words(ja="プレゼント（{value}円相当）", en="A gift (worth {value} yen)"),
    "lottery": Words(ja="抽選（最高{value}円相当）", en="A draw (up to {value} yen)"),
}
_KIND = Words(ja="特典の種類を選んでください。", en="Choose the kind of offer.")
_TITLE = Words(
    ja="お客様に見せる名前を、日本語と英語で入力してください。", en="Give the title in Japanese and English."
)
_VALUE = Words(ja="値は1以上、10億以下にしてください。", en="The value must be between 1 and 1,000,000,000.")
_PERCENT = Words(ja="割引率は100%以下にしてください。", en="A percentage is at most 100.")
_ITEMS = Words(ja="セットの商品を入力してください。", en="Name the products of the set.")
_SET_PRICE = Words(
    ja="セット価格は、単品の合計より安くしてください。", en="The set must cost less than its parts bought one by one."
)
_END = Words(
    ja="有効日数か終了日を決めてください。期限のないクーポンは公開できません。",
    en="Give the days of validity or an end. A coupon without an end cannot be published.",
)
_ORDER = Words(ja="終了は開始より後にしてください。", en="The end must be after the beginning.")
_LIMIT = Words(ja="上限は1以上にするか、空欄にしてください。", en="A limit is 1 or more, or left empty.")
