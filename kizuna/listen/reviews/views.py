"""The pages on which staff read what customers wrote in public."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from kizuna.customers.people.queries import names_of
from kizuna.customers.products.queries import product_names
from kizuna.customers.staff.views import actor_of, page_of, query_without, stores_of
from kizuna.customers.stores.queries import store_names
from kizuna.facts.audit.operations import record
from kizuna.gates.download import download
from kizuna.gates.write_csv import Cell
from kizuna.listen.reviews.forms import ReviewFilterForm
from kizuna.listen.reviews.queries import (
    ReviewCard,
    ReviewFilter,
    each_review,
    reviewed_stores,
    reviews,
    sites,
)
from kizuna.words import Words

HEADER = (
    Words(ja="レビューID", en="review_id"),
    Words(ja="投稿日時", en="posted_at"),
    Words(ja="サイト", en="site"),
    Words(ja="評価（1〜5）", en="rating"),
    Words(ja="タイトル", en="title"),
    Words(ja="本文", en="comment"),
    Words(ja="返信", en="reply"),
    Words(ja="店舗", en="store"),
    Words(ja="商品", en="product"),
    Words(ja="カテゴリ", en="category"),
    Words(ja="顧客記録番号", en="customer"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRow:
    """A review as the list shows it."""

    review: ReviewCard
    stars: str
    whole: int
    store: str
    product: str
    customer: str


@require_GET
def review_list(request: HttpRequest) -> HttpResponse:
    """Reviews by site, store, product and stars."""
    stores = stores_of(request)
    wanted = ReviewFilterForm(request.GET).wanted(stores=stores)
    found = reviews(wanted=wanted, page=page_of(request))
    names = store_names()
    context = {
        "found": found,
        "rows": _rows(found=found.reviews, stores=names),
        "wanted": wanted,
        "filtered": wanted != ReviewFilter(stores=stores),
        "query": query_without(request),
        "sites": sites(stores=stores),
        "stores": [(code, names.get(code, code)) for code in reviewed_stores(stores=stores)],
        "stars": (5, 4, 3, 2, 1),
    }
    return render(request, "reviews/list.html", context)


@require_GET
def reviews_export(request: HttpRequest) -> FileResponse:
    """The filtered reviews as a file, without names."""
    wanted = ReviewFilterForm(request.GET).wanted(stores=stores_of(request))
    response = download(
        name="reviews",
        wanted=request.GET.get("format", "xlsx"),
        header=HEADER,
        rows=_cells(wanted=wanted),
        day=timezone.localdate(),
    )
    detail = {"filter": {"site": wanted.site, "store": wanted.store, "product": wanted.product, "stars": wanted.stars}}
    record(actor=actor_of(request), action="reviews.exported", target="reviews", detail=detail, now=timezone.now())
    return response


def _rows(*, found: Sequence[ReviewCard], stores: dict[str, str]) -> list[ReviewRow]:
    customers = names_of(person_ids={one.person_id for one in found if one.person_id is not None})
    products = product_names(codes={one.product for one in found if one.product})
    return [
        ReviewRow(
            review=one,
            stars=f"{one.rating:.1f}".removesuffix(".0"),
            whole=int(one.rating + 0.5),
            store=stores.get(one.store, one.store),
            product=products.get(one.product, one.product),
            customer=customers.get(one.person_id or 0, ""),
        )
        for one in found
    ]


def _cells(*, wanted: ReviewFilter) -> Iterator[tuple[Cell, ...]]:
    for one in each_review(wanted=wanted):
        yield (
            one.review_id,
            one.posted_at,
            one.site,
            one.rating,
            one.title,
            one.comment,
            one.reply,
            one.store,
            one.product,
            one.category,
            one.person_id,
        )
