"""How many more coupons an offer may give, so that whoever is given one can use it.

A coupon is a promise. Its first use is set aside the moment it is given: what is left is the limit less the uses made
and held, less one use for every coupon out there that is neither used, over nor withdrawn; and likewise the budget,
with what one use costs at most. A percentage that nothing bounds is set aside with what it costs at the least purchase:
more cannot be known beforehand. Coupons that end unused make room again.
"""

from dataclasses import dataclass
from datetime import datetime

from kizuna.act.offers.rules.refusals import BudgetSpent, CouponExpired, LimitReached, OfferNotOpen, PoolEmpty
from kizuna.act.offers.rules.terms import Terms
from kizuna.errors import Refusal
from kizuna.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What bounds the giving; None is no bound. ``shut`` says why none is given at all, whatever is left.

    ``uses`` and ``yen`` are what is left of limit and budget, ``promised`` the uses set aside for coupons out there,
    ``each_yen`` what one of them costs, ``codes`` those that wait in the pool.
    """

    shut: Refusal | None
    uses: int | None
    yen: int | None
    codes: int | None
    promised: int
    each_yen: int

    @property
    def left(self) -> int | None:
        """How many more may be given; None when nothing bounds it."""
        if self.shut is not None:
            return 0
        bounds = (self._uses, self._yen, self.codes)
        return min((max(0, one) for one in bounds if one is not None), default=None)

    def why_not(self, *, nth: int = 1) -> Refusal | None:
        """Why the nth further coupon cannot be given; None when it can."""
        if self.shut is not None:
            return self.shut
        if self._uses is not None and nth > self._uses:
            return LimitReached()
        if self._yen is not None and nth > self._yen:
            left = max(0, (self.yen or 0) - self.promised * self.each_yen)
            return BudgetSpent(left_yen=left, needed_yen=max(1, self.each_yen))
        if self.codes is not None and nth > self.codes:
            return PoolEmpty()
        return None

    @property
    def _uses(self) -> int | None:
        return None if self.uses is None else self.uses - self.promised

    @property
    def _yen(self) -> int | None:
        """How many the budget bears. What may cost nothing is borne as long as a yen is left."""
        if self.yen is None or (self.each_yen == 0 and self.yen > 0):
            return None
        return self.yen // max(1, self.each_yen) - self.promised


def shut(*, state: str, terms: Terms, now: datetime) -> Refusal | None:
    """Why the offer gives no coupon at all: it is not published, has been stopped, or is over."""
    if state != "published":
        return OfferNotOpen(state=state)
    if terms.ends_at is not None and now >= terms.ends_at:
        return CouponExpired(expires_at=terms.ends_at)
    return None


def remedy(*, why: Refusal) -> Words:
    """Why nothing can be given, and what staff do about it."""
    return _REMEDIES[why.state if isinstance(why, OfferNotOpen) else why.code]


_REMEDIES = {
    LimitReached.code: Words(
        ja="利用回数の上限まで渡し終えています。上限を増やすか、別の特典を公開してお使いください。",
        en="As many coupons are out as may be used. Raise the limit, or publish another offer and use that.",
    ),
    BudgetSpent.code: Words(
        ja="残りの予算は1枚分に足りません。予算を増やすか、別の特典を公開してお使いください。",
        en="The budget left does not cover one more coupon. Raise the budget, or publish another offer and use that.",
    ),
    PoolEmpty.code: Words(
        ja="渡せるコードが残っていません。コードを取り込むか、別の特典を公開してお使いください。",
        en="No codes are left to give. Bring in more codes, or publish another offer and use that.",
    ),
    CouponExpired.code: Words(
        ja="期間が終わっています。別の特典を公開してお使いください。",
        en="Its time is over. Publish another offer and use that.",
    ),
    "stopped": Words(
        ja="停止されています。別の特典を公開してお使いください。",
        en="It has been stopped. Publish another offer and use that.",
    ),
    "draft": Words(
        ja="まだ公開されていません。先に公開してください。", en="It is not published yet. Publish it first."
    ),
}
