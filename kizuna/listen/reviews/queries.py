"""Reading reviews: of one customer, and as a filtered list."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Q, QuerySet

from kizuna.customers.stores.queries import among
from kizuna.facts.rows.rules import leaf
from kizuna.listen.reviews.models import Review, SupersededReview


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewCard:
    """One review; ``rating`` is on 1–5."""

    review_id: int
    person_id: int | None
    site: str
    rating: float
    posted_at: datetime
    title: str
    comment: str
    reply: str
    store: str
    product: str
    category: str
    erased: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewFilter:
    """Which reviews. ``stores`` None means every store; ``stars`` is the rating rounded to a whole star."""

    stores: frozenset[str] | None = None
    site: str = ""
    store: str = ""
    product: str = ""
    stars: int | None = None
    words: str = ""
    """Titles or texts that hold all of these words, separated by spaces."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPage:
    """One page of a list of reviews, the newest first."""

    reviews: tuple[ReviewCard, ...]
    count: int
    page: int
    pages: int


def reviews_of(*, person_ids: Sequence[int], stores: frozenset[str] | None = None) -> list[ReviewCard]:
    """Every review of these person records, the newest first; limited to ``stores`` unless None."""
    chosen = _chosen(wanted=ReviewFilter(stores=stores)).filter(person_id__in=person_ids)
    return [_card(review=review) for review in chosen.order_by("-posted_at", "-pk")]


def review_cards(*, review_ids: Collection[int], stores: frozenset[str] | None = None) -> dict[int, ReviewCard]:
    """These reviews by id, as far as they exist and lie within ``stores``."""
    chosen = _chosen(wanted=ReviewFilter(stores=stores)).filter(among(column="id", values=review_ids))
    return {review.pk: _card(review=review) for review in chosen}


def reviews(*, wanted: ReviewFilter, page: int = 1, page_size: int = 50) -> ReviewPage:
    """One page of the reviews that fit the filter; a page past the end is the last one."""
    chosen = _chosen(wanted=wanted)
    count = chosen.count()
    shown = leaf(count=count, page=page, size=page_size)
    rows = chosen.order_by("-posted_at", "-pk")[shown.part]
    cards = tuple(_card(review=review) for review in rows)
    return ReviewPage(reviews=cards, count=count, page=shown.page, pages=shown.pages)


def each_review(*, wanted: ReviewFilter) -> Iterator[ReviewCard]:
    """Every review that fits the filter, the newest first, streamed for an export."""
    for review in _chosen(wanted=wanted).order_by("-posted_at", "-pk").iterator(chunk_size=2_000):
        yield _card(review=review)


def sites(*, stores: frozenset[str] | None = None) -> list[str]:
    """The sites reviews came from, by name."""
    chosen = _chosen(wanted=ReviewFilter(stores=stores))
    return list(chosen.order_by("site").values_list("site", flat=True).distinct())


def reviewed_stores(*, stores: frozenset[str] | None = None) -> list[str]:
    """The stores reviews are about, by code."""
    chosen = _chosen(wanted=ReviewFilter(stores=stores)).exclude(store="")
    return list(chosen.order_by("store").values_list("store", flat=True).distinct())


_EXPORTED = {
    "posted_at": "投稿日時",
    "rating": "評価",
    "title": "題名",
    "comment": "本文",
    "reply": "返信",
    "store": "店舗",
    "product": "商品",
}


def export_people(*, person_ids: Sequence[int]) -> dict[str, object]:
    """Every review of these person records and what it said before, labelled in Japanese, for a disclosure request."""
    found = Review.objects.filter(person_id__in=person_ids).order_by("pk")
    earlier = SupersededReview.objects.filter(person_id__in=person_ids).order_by("pk")
    return {
        "レビュー": [
            dict(zip(("サイト", *_EXPORTED.values()), row, strict=True))
            for row in found.values_list("site", *_EXPORTED)
        ],
        "変更前のレビュー": [
            dict(zip(_EXPORTED.values(), row, strict=True)) for row in earlier.values_list(*_EXPORTED)
        ],
    }


def _chosen(*, wanted: ReviewFilter) -> "QuerySet[Review]":
    chosen = Review.objects.all()
    if wanted.stores is not None:
        chosen = chosen.filter(store__in=wanted.stores)
    exact = {"site": wanted.site, "store": wanted.store, "product": wanted.product}
    chosen = chosen.filter(**{name: value for name, value in exact.items() if value})
    for word in wanted.words.split():
        chosen = chosen.filter(Q(title__icontains=word) | Q(comment__icontains=word))
    if wanted.stars is not None:
        chosen = chosen.filter(rating__gte=wanted.stars - 0.5, rating__lt=wanted.stars + 0.5)
    return chosen


def _card(*, review: Review) -> ReviewCard:
    return ReviewCard(
        review_id=review.pk,
        person_id=review.person_id,
        site=review.site,
        rating=review.rating,
        posted_at=review.posted_at,
        title=review.title,
        comment=review.comment,
        reply=review.reply,
        store=review.store,
        product=review.product,
        category=review.category,
        erased=review.erased_at is not None,
    )


def latest_reviews(*, person_ids: Collection[int]) -> dict[int, datetime]:
    """When each of these person records last wrote a review."""
    rows = Review.objects.filter(among(column="person_id", values=person_ids))
    latest = rows.order_by().values_list("person_id").annotate(at=Max("posted_at"))
    return {person: at for person, at in latest if person is not None}
