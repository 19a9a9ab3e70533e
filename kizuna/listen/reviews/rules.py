"""Pure decisions about public reviews: what comes in, on which scale, and when two of them say the same."""

import math
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

from kizuna.customers.people.rules import Sighting
from kizuna.errors import Invalid
from kizuna.words import Words

LIMITS: dict[str, int] = {"site": 60, "external_id": 300, "store": 60, "product": 200, "category": 200}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRecord:
    """One public review; unique by (site, external_id). ``rating`` is on ``1..scale_max`` and stored on 1–5."""

    site: str
    external_id: str
    customer: Sighting | None
    rating: float
    scale_max: int = 5
    posted_at: datetime
    title: str = ""
    comment: str = ""
    store: str = ""
    product: str = ""
    category: str = ""
    reply: str = ""


class RatingOutOfScale(Invalid):
    """The site has no such rating."""

    code = "rating_out_of_scale"

    def __init__(self, *, rating: float, low: float, high: float) -> None:
        self.rating, self.low, self.high = rating, low, high
        words = Words(
            ja="評価 {rating} は尺度（{low}〜{high}）の外です。",
            en="Rating {rating} is outside the scale {low}–{high}.",
        )
        super().__init__(words.fill(rating=f"{rating:g}", low=f"{low:g}", high=f"{high:g}"))


class ReviewIdMissing(Invalid):
    """Without its id a review could not be told from a second copy of itself."""

    code = "review_id_missing"

    def __init__(self) -> None:
        super().__init__(Words(ja="レビューのサイト名またはIDがありません。", en="The review has no site or no id."))


class ReviewCodeUnusable(Invalid):
    """A code is longer than any real one, or holds a character that cannot be stored."""

    code = "review_code_unusable"

    def __init__(self, *, field: str, length: int, limit: int) -> None:
        self.field, self.length, self.limit = field, length, limit
        words = Words(
            ja="{field} が保存できません（{length} 文字、上限 {limit} 文字。制御文字は使えません）。",
            en="{field} cannot be stored ({length} characters, at most {limit}, no control characters).",
        )
        super().__init__(words.fill(field=field, length=length, limit=limit))


def refusal_of(*, review: ReviewRecord) -> Invalid | None:
    """Why this review cannot be recorded; None when it can."""
    if not review.site or not review.external_id:
        return ReviewIdMissing()
    if review.scale_max < 2 or not (math.isfinite(review.rating) and 1 <= review.rating <= review.scale_max):
        return RatingOutOfScale(rating=review.rating, low=1, high=review.scale_max)
    for field, limit in LIMITS.items():
        value: str = getattr(review, field)
        if len(value) > limit or (not value.isprintable() and storable(text=value) != value):
            return ReviewCodeUnusable(field=field, length=len(value), limit=limit)
    return None


def stars_of(*, rating: float, scale_max: int) -> float:
    """The rating on 1–5.

    Formula: 1 + 4·(rating − 1)/(scale_max − 1); the ends of the site's scale become the ends of ours.
    Needs: 1 ≤ rating ≤ scale_max, scale_max ≥ 2.
    """
    return 1 + 4 * (float(rating) - 1) / (scale_max - 1)


def content_digest(*, review: ReviewRecord) -> str:
    """Equal for two records that say the same, so a second import can tell «unchanged» from «amended»."""
    who = review.customer
    parts = (
        repr(stars_of(rating=review.rating, scale_max=review.scale_max)),
        review.posted_at.isoformat(),
        review.title,
        review.comment,
        review.store,
        review.product,
        review.category,
        review.reply,
        *(
            (who.source, who.account_id, who.email, who.phone, who.card_no, who.line_id, who.display_name)
            if who
            else ()
        ),
    )
    return blake2b("\x1f".join(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def storable(*, text: str) -> str:
    """The text without NUL and half surrogates, which PostgreSQL cannot store."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
