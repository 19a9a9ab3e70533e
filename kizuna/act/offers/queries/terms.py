"""An offer's terms, off its row."""

from kizuna.act.offers.models import Offer
from kizuna.act.offers.rules.terms import Terms, items_of
from kizuna.words import Words


def terms_of(*, offer: Offer) -> Terms:
    """The offer's terms, off its row."""
    return Terms(
        name=offer.name,
        title=Words(ja=offer.title_ja, en=offer.title_en),
        kind=offer.kind,
        value=offer.value,
        max_discount_yen=offer.max_discount_yen,
        unit_cost_yen=offer.unit_cost_yen,
        min_spend_yen=offer.min_spend_yen,
        items=items_of(raw=offer.items),
        valid_days=offer.valid_days,
        starts_at=offer.starts_at,
        ends_at=offer.ends_at,
        total_limit=offer.total_limit,
        per_person_limit=offer.per_person_limit,
        budget_yen=offer.budget_yen,
        uses_per_coupon=offer.uses_per_coupon,
        code_mode=offer.code_mode,
        occasion=offer.occasion,
        depends_on_score=offer.depends_on_score,
        lowest_price_yen=offer.lowest_price_yen,
        prize_total_yen=offer.prize_total_yen,
        planned_sales_yen=offer.planned_sales_yen,
    )
