"""Pure decisions about offers: codes, terms, the law, refusals."""

from kizuna.act.offers.rules.codes import is_pool_code, is_right, new_code, plain, prefix_of, readings, spaced
from kizuna.act.offers.rules.premiums import RULE_VERSION, Claim, Verdict, judge, reward_class
from kizuna.act.offers.rules.terms import KINDS, OCCASIONS, Item, Standing, Terms, discount_of, expiry, told, why_not
from kizuna.act.offers.rules.wanted import CouponRequest, Held, IssuedCoupon, Redemption, body

__all__ = [
    "KINDS",
    "OCCASIONS",
    "RULE_VERSION",
    "Claim",
    "CouponRequest",
    "Held",
    "IssuedCoupon",
    "Item",
    "Redemption",
    "Standing",
    "Terms",
    "Verdict",
    "body",
    "discount_of",
    "expiry",
    "is_pool_code",
    "is_right",
    "judge",
    "new_code",
    "plain",
    "prefix_of",
    "readings",
    "reward_class",
    "spaced",
    "told",
    "why_not",
]
