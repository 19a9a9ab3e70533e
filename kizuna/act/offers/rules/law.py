"""From an offer's terms to what the law asks about them, and what a practice may tie to an offer."""

from kizuna.act.offers.rules.premiums import Claim
from kizuna.act.offers.rules.refusals import PremiumOverCap
from kizuna.act.offers.rules.terms import Terms
from kizuna.words import Words


def claim_of(*, terms: Terms) -> Claim:
    """What the law asks about these terms."""
    return Claim(
        kind=terms.kind,
        value_yen=terms.value,
        min_spend_yen=terms.min_spend_yen,
        lowest_price_yen=terms.lowest_price_yen,
        prize_total_yen=terms.prize_total_yen,
        planned_sales_yen=terms.planned_sales_yen,
        occasion=terms.occasion,
        depends_on_score=terms.depends_on_score,
    )


def score_refusal(
    *, terms: Terms, on_review: bool, score_min: float | None, score_max: float | None
) -> PremiumOverCap | None:
    """Why a practice may not give this offer: a reward for reviews that looks at the score. None when it may.

    ``on_review`` says that the practice begins with a public review, or gives an offer made for reviews.
    """
    if (on_review or terms.occasion == "review") and (score_min is not None or score_max is not None):
        words = Words(
            ja="レビューの特典は、点数によって渡すかどうかを変えられません。点数の条件を外してください。",
            en="A reward for reviews may not depend on the score. Take the score out of the conditions.",
        )
        return PremiumOverCap(words=words, cap_yen=None)
    return None
