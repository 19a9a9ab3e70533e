"""What is asked of this feature and what it answers."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kizuna.act.offers.rules.codes import readings
from kizuna.clock import JST
from kizuna.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class CouponRequest:
    """One coupon for one customer. The same ``key`` is given the same coupon for ever."""

    person_id: int | None
    key: str
    practice: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedCoupon:
    """A coupon as its customer receives it; ``code`` is spaced for reading."""

    coupon_id: int
    code: str
    expires_at: datetime
    """The first instant at which it is over; a customer is told ``last_day``."""
    title: Words

    @property
    def last_day(self) -> date:
        """The last day it is good, in Japan."""
        return (self.expires_at - timedelta(microseconds=1)).astimezone(JST).date()


@dataclass(frozen=True, slots=True, kw_only=True)
class Redemption:
    """A use of a coupon. ``repeated`` says that this key was answered before and nothing new happened."""

    redemption_id: int
    coupon_id: int
    discount_yen: int
    redeemed_at: datetime
    key: str
    repeated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A coupon held for a checkout until ``expires_at``."""

    reservation_id: int
    coupon_id: int
    discount_yen: int
    expires_at: datetime
    key: str
    repeated: bool = False


def body(*, parts: tuple[object, ...]) -> str:
    """A digest of what was asked, so that the same key with another body is noticed."""
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """What is asked when a coupon is used."""

    code: str
    key: str
    person_id: int | None
    order_id: int | None
    amount_yen: int
    store: str
    actor: str = ""

    def digest(self) -> str:
        """The body of the request; who typed it at the till is no part of it."""
        return body(parts=(readings(text=self.code), self.person_id, self.order_id, self.amount_yen, self.store))

    def digest_of_hold(self) -> str:
        """The body of a reservation: the order has no number yet."""
        return body(parts=(readings(text=self.code), self.person_id, self.amount_yen, self.store))
