"""Why an offer, a coupon or a redemption is refused. Each has a stable code and carries its numbers."""

from datetime import datetime

from kizuna.clock import JST
from kizuna.errors import Conflict, Invalid, NotFound
from kizuna.words import Words, in_number


class NoSuchOffer(NotFound):
    """No offer has this name or number."""

    code = "no_such_offer"

    def __init__(self) -> None:
        super().__init__(Words(ja="この特典は見つかりません。", en="There is no such offer."))


class NoSuchCoupon(NotFound):
    """The code is well formed, and nobody was given it."""

    code = "no_such_coupon"

    def __init__(self) -> None:
        super().__init__(
            Words(ja="このコードのクーポンは発行されていません。", en="No coupon was issued with this code.")
        )


class NothingUnderKey(NotFound):
    """Nothing was redeemed or reserved under this key."""

    code = "nothing_under_key"

    def __init__(self) -> None:
        super().__init__(Words(ja="この利用記録は見つかりません。", en="There is no such use of a coupon."))


class SameKeyOtherBody(Conflict):
    """The key was used before for something else."""

    code = "same_key_other_body"

    def __init__(self, *, key: str) -> None:
        super().__init__(
            Words(
                ja="同じ受付番号で、内容の違う利用がすでに記録されています。",
                en="Another use with different particulars is already recorded under this key.",
            )
        )
        self.key = key


class AlreadyReversed(Conflict):
    """The redemption was taken back before, under another key."""

    code = "already_reversed"

    def __init__(self) -> None:
        super().__init__(Words(ja="この利用はすでに取り消されています。", en="This use was already taken back."))


class OfferNotOpen(Conflict):
    """The offer is a draft, or has been stopped."""

    code = "offer_not_open"

    def __init__(self, *, state: str) -> None:
        told = {
            "draft": Words(ja="この特典はまだ公開されていません。", en="This offer is not published yet."),
            "stopped": Words(ja="この特典は停止されています。", en="This offer has been stopped."),
        }
        super().__init__(told[state])
        self.state = state


class TooEarly(Conflict):
    """The offer begins later."""

    code = "offer_too_early"

    def __init__(self, *, starts_at: datetime) -> None:
        super().__init__(
            Words(ja="{day:%Y/%m/%d %H:%M}から使えます。", en="It can be used from {day:%Y-%m-%d %H:%M}.").fill(
                day=starts_at.astimezone(JST)
            )
        )
        self.starts_at = starts_at


class CouponExpired(Conflict):
    """The coupon is over."""

    code = "coupon_expired"

    def __init__(self, *, expires_at: datetime) -> None:
        super().__init__(
            Words(ja="有効期限（{day:%Y/%m/%d %H:%M}）が過ぎています。", en="It expired at {day:%Y-%m-%d %H:%M}.").fill(
                day=expires_at.astimezone(JST)
            )
        )
        self.expires_at = expires_at


class CouponUsed(Conflict):
    """Every use of the coupon is taken."""

    code = "coupon_used"

    def __init__(self, *, use_limit: int) -> None:
        super().__init__(
            in_number(
                count=use_limit,
                ja="すでに使われています（{n}回まで）。",
                one="It has been used already.",
                many="It has been used already ({n} times at most).",
            ).fill(n=use_limit)
        )
        self.use_limit = use_limit


class CouponWithdrawn(Conflict):
    """Staff or an erasure withdrew the coupon."""

    code = "coupon_withdrawn"

    def __init__(self) -> None:
        super().__init__(Words(ja="このクーポンは無効になりました。", en="This coupon was withdrawn."))


class CouponOfAnother(Conflict):
    """The coupon was given to another customer."""

    code = "coupon_of_another"

    def __init__(self) -> None:
        super().__init__(
            Words(ja="別のお客様に発行されたクーポンです。", en="This coupon was given to another customer.")
        )


class SpendTooSmall(Invalid):
    """The purchase is under the offer's least spend."""

    code = "spend_too_small"

    def __init__(self, *, needed_yen: int, amount_yen: int) -> None:
        super().__init__(
            Words(
                ja="{needed:,}円以上のお買い物で使えます（いまのお買い物は{amount:,}円）。",
                en="It takes a purchase of {needed:,} yen or more (this one is {amount:,} yen).",
            ).fill(needed=needed_yen, amount=amount_yen)
        )
        self.needed_yen = needed_yen
        self.amount_yen = amount_yen


class LimitReached(Conflict):
    """The offer has been used as often as it may."""

    code = "limit_reached"

    def __init__(self) -> None:
        super().__init__(
            Words(ja="この特典は、利用回数の上限に達しました。", en="This offer has been used as often as it may.")
        )


class BudgetSpent(Conflict):
    """What is left of the budget does not cover this redemption."""

    code = "budget_spent"

    def __init__(self, *, left_yen: int, needed_yen: int) -> None:
        super().__init__(
            Words(
                ja="この特典の予算が足りません（残り{left:,}円、必要{needed:,}円）。",
                en="The offer's budget does not cover it ({left:,} yen left, {needed:,} yen needed).",
            ).fill(left=left_yen, needed=needed_yen)
        )
        self.left_yen = left_yen
        self.needed_yen = needed_yen


class PersonLimitReached(Conflict):
    """The customer has used, or holds, as many as one may."""

    code = "person_limit_reached"

    def __init__(self, *, limit: int) -> None:
        super().__init__(
            in_number(
                count=limit,
                ja="お一人様{n}回までの特典です。",
                one="Each customer may use this offer once.",
                many="Each customer may use this offer {n} times.",
            ).fill(n=limit)
        )
        self.limit = limit


class PersonNeeded(Invalid):
    """Who uses it must be known, because the offer counts uses by customer."""

    code = "person_needed"

    def __init__(self) -> None:
        super().__init__(
            Words(
                ja="お一人様の回数に限りがある特典のため、お客様番号が必要です。",
                en="This offer counts uses by customer, so the customer's number is needed.",
            )
        )


class PoolEmpty(Conflict):
    """No code is left to give."""

    code = "pool_empty"

    def __init__(self) -> None:
        super().__init__(
            Words(
                ja="渡せるコードが残っていません。コードを追加してください。",
                en="No codes are left to give. Add more codes.",
            )
        )


class OfferIncomplete(Invalid):
    """Something the offer needs is missing or makes no sense."""

    code = "offer_incomplete"


class NameTaken(Conflict):
    """Another offer has this name or prefix."""

    code = "offer_name_taken"

    def __init__(self) -> None:
        super().__init__(
            Words(
                ja="同じ管理名かコードの先頭を持つ特典があります。別のものにしてください。",
                en="Another offer has this name or code prefix. Choose another.",
            )
        )


class NotADraft(Conflict):
    """Only a draft can be changed or published."""

    code = "offer_not_a_draft"

    def __init__(self) -> None:
        super().__init__(
            Words(
                ja="公開した特典の条件は変えられません。停止して、新しい特典を作成してください。",
                en="The terms of a published offer do not change. Stop it and make a new one.",
            )
        )


class PremiumOverCap(Invalid):
    """The law's cap is exceeded; the decision is kept with the offer."""

    code = "premium_over_cap"

    def __init__(self, *, words: Words, cap_yen: int | None) -> None:
        super().__init__(words)
        self.cap_yen = cap_yen
