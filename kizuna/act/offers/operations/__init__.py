"""Verbs of offers."""

from kizuna.act.offers.operations.erase import erase_people
from kizuna.act.offers.operations.issue import issue_coupons
from kizuna.act.offers.operations.offers import (
    change_limits,
    create_offer,
    edit_offer,
    ensure_offer,
    publish_offer,
    stop_offer,
)
from kizuna.act.offers.operations.pool import PoolFilled, fill_pool
from kizuna.act.offers.operations.reserve import release, release_due, reserve
from kizuna.act.offers.operations.reverse import reverse, reverse_order
from kizuna.act.offers.operations.settle import reverse_cancelled_due
from kizuna.act.offers.operations.spend import redeem

__all__ = [
    "PoolFilled",
    "change_limits",
    "create_offer",
    "edit_offer",
    "ensure_offer",
    "erase_people",
    "fill_pool",
    "issue_coupons",
    "publish_offer",
    "redeem",
    "release",
    "release_due",
    "reserve",
    "reverse",
    "reverse_cancelled_due",
    "reverse_order",
    "stop_offer",
]
