"""Public reviews: of goods on the own site and in the marketplace, of shops on a map site."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from kizuna.cli.demo import comments
from kizuna.cli.demo.comments import Tone
from kizuna.cli.demo.company import SHOPS, Place, Plan
from kizuna.cli.demo.customers import buyer
from kizuna.cli.demo.sales import Sale, Sold
from kizuna.listen.reviews.rules import ReviewRecord

_SITE = {"web": "自社サイト", "rakuten": "楽天市場"}
MAP_SITE = "Googleマップ"
_REVIEWED_SHARE = 0.16
_LOW_SHARE = 0.08
_REST = ((3, 4, 5), (0.17, 0.43, 0.40))
_PER_SHOP = 0.018
"""Map reviews of one shop over the two years, per customer of the company."""


def make_reviews(*, plan: Plan, sales: list[Sale]) -> Iterator[ReviewRecord]:
    """All reviews, in no particular order."""
    dice = plan.dice(subject="reviews")
    end = plan.start + timedelta(days=plan.days)
    for sale in sales:
        if sale.place.kind == "shop" or sale.cancelled or sale.customer is None:
            continue
        for line_no, line in enumerate(sale.lines):
            at = sale.at + timedelta(days=4 + dice.random() * 12)
            if dice.random() < _REVIEWED_SHARE and at < end:
                yield _of_goods(plan=plan, sale=sale, line=line, line_no=line_no, at=at, dice=dice)
    for shop in SHOPS:
        for number in range(round(plan.customers * _PER_SHOP)):
            yield _of_shop(plan=plan, shop=shop, number=number, dice=dice)


def _rating(*, low_share: float, dice: Random) -> tuple[int, Tone]:
    if dice.random() < low_share:
        return dice.choice((1, 2, 2)), "neg"
    stars = dice.choices(_REST[0], weights=_REST[1])[0]
    return stars, "mid" if stars == 3 else "pos"


def _of_goods(*, plan: Plan, sale: Sale, line: Sold, line_no: int, at: datetime, dice: Random) -> ReviewRecord:
    truths = plan.truths
    # By the month of the review, since that is the month the screens show it under.
    into = plan.months_in(months=truths.trouble_months, day=(at - plan.start).days)
    troubled = line.item.sku == truths.troubled_sku and into is not None
    added = truths.trouble_low_review_share[into or 0] if troubled else 0.0
    stars, tone = _rating(low_share=_LOW_SHARE + added, dice=dice)
    subject = comments.subject_of(touchpoint="product", category=line.item.category)
    values = {"product": line.item.name, "store": sale.place.name, "carrier": "配送業者"}
    text = comments.compose(
        subject=subject, tone=tone, special="trouble" if troubled and added else "", values=values, dice=dice
    )
    known = sale.customer is not None and dice.random() < 0.85
    return ReviewRecord(
        site=_SITE[sale.place.code],
        external_id=f"V{sale.number:06d}-{line_no}",
        customer=buyer(customer=sale.customer, place=sale.place, at=at) if known and sale.customer else None,
        rating=float(stars),
        posted_at=at.replace(microsecond=0),
        title=comments.title(tone=tone, dice=dice),
        comment=text if dice.random() < 0.8 else "",
        store=sale.place.code,
        product=line.item.sku,
        category=line.item.category,
    )


def _of_shop(*, plan: Plan, shop: Place, number: int, dice: Random) -> ReviewRecord:
    truths = plan.truths
    at = plan.start + timedelta(days=dice.randrange(plan.days), hours=11 + dice.random() * 11)
    day = (at - plan.start).days
    fallen = shop.code == truths.fallen_store and plan.months_in(months=truths.store_fall_months, day=day) is not None
    stars, tone = _rating(low_share=0.10 + (truths.store_fall_csat if fallen else 0), dice=dice)
    return ReviewRecord(
        site=MAP_SITE,
        external_id=f"G-{shop.code}-{number:05d}",
        customer=None,
        rating=float(stars),
        posted_at=at.replace(microsecond=0),
        comment=comments.google(tone=tone, special=fallen, store=shop.name, dice=dice),
        store=shop.code,
    )
