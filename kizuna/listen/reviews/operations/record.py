"""Taking in reviews from files and other systems, set-wise."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from kizuna.customers.people.operations import resolve_people, tie_to_stores
from kizuna.customers.products.queries import ProductCard, product_cards
from kizuna.customers.stores.operations import ensure_stores
from kizuna.customers.stores.queries import among
from kizuna.facts.rows.rules import Outcome
from kizuna.listen.reviews.models import Review
from kizuna.listen.reviews.operations.write import Content, amend, create, hold_reviews, standing
from kizuna.listen.reviews.rules import ReviewRecord, content_digest, refusal_of, stars_of, storable


class _Known(NamedTuple):
    id: int
    digest: str
    erased: bool


class _Candidate(NamedTuple):
    place: int
    review: ReviewRecord
    digest: str


def record_reviews(
    *, reviews: Sequence[ReviewRecord], import_id: int | None, now: datetime, wake: bool
) -> list[Outcome]:
    """Record these reviews once each, whatever number of times they come; one outcome per review, in order.

    The same (site, external_id) with the same content is «unchanged», with another content «amended». A
    rating outside ``1..scale_max`` is refused as a value in the list. The review of an erased customer
    stays as erasure left it. Must run inside the caller's transaction.
    """
    hold_reviews()
    outcomes: dict[int, Outcome] = {}
    pending: list[_Candidate] = []
    for index, review in enumerate(reviews):
        refusal = refusal_of(review=review)
        if refusal is None:
            pending.append(_Candidate(index, review, content_digest(review=review)))
        else:
            outcomes[index] = refusal
    while pending:
        # A second line about the same review waits for the next round, where it finds the first one's row.
        first: dict[tuple[str, str], _Candidate] = {}
        later = [one for one in pending if first.setdefault((one.review.site, one.review.external_id), one) is not one]
        outcomes |= _record_round(round_=list(first.values()), import_id=import_id, now=now, wake=wake)
        pending = later
    return [outcomes[index] for index in range(len(reviews))]


def _record_round(
    *, round_: Sequence[_Candidate], import_id: int | None, now: datetime, wake: bool
) -> dict[int, Outcome]:
    outcomes: dict[int, Outcome] = {}
    fresh: list[_Candidate] = []
    changed: dict[int, _Candidate] = {}
    known = _known(round_=round_)
    for one in round_:
        found = known.get((one.review.site, one.review.external_id))
        if found is None:
            outcomes[one.place] = "created"
            fresh.append(one)
        elif found.erased or found.digest == one.digest:
            outcomes[one.place] = "unchanged"
        else:
            outcomes[one.place] = "amended"
            changed[found.id] = one
    olds = standing(review_ids=list(changed))
    touched = [*fresh, *(changed[old.id] for old in olds)]
    contents = _contents(touched=touched, import_id=import_id, now=now)
    new = [
        (one.review.site, one.review.external_id, content)
        for one, content in zip(fresh, contents[: len(fresh)], strict=True)
    ]
    create(new=new, now=now, wake=wake)
    amend(changed=list(zip(olds, contents[len(fresh) :], strict=True)), now=now, wake=wake)
    return outcomes


def _known(*, round_: Sequence[_Candidate]) -> dict[tuple[str, str], _Known]:
    by_site: dict[str, list[str]] = {}
    for one in round_:
        by_site.setdefault(one.review.site, []).append(one.review.external_id)
    known: dict[tuple[str, str], _Known] = {}
    for site, external_ids in by_site.items():
        found = Review.objects.filter(among(column="external_id", values=external_ids), site=site)
        for external_id, pk, digest, erased_at in found.values_list("external_id", "id", "digest", "erased_at"):
            known[(site, external_id)] = _Known(pk, digest, erased_at is not None)
    return known


def _contents(*, touched: Sequence[_Candidate], import_id: int | None, now: datetime) -> list[Content]:
    people = resolve_people(sightings=[one.review.customer for one in touched], import_id=import_id, now=now)
    stores = ensure_stores(names={one.review.store for one in touched if one.review.store})
    products = product_cards(codes={one.review.product for one in touched if one.review.product})
    ties: set[tuple[int, int]] = set()
    contents = []
    for one, person_id in zip(touched, people, strict=True):
        store_id, store = stores.get(one.review.store, (None, ""))
        if person_id is not None and store_id is not None:
            ties.add((person_id, store_id))
        contents.append(
            _content(
                one=one,
                person_id=person_id,
                store=store,
                category=one.review.category or _category(of=products.get(one.review.product)),
                import_id=import_id,
            )
        )
    tie_to_stores(pairs=ties)
    return contents


def _category(*, of: ProductCard | None) -> str:
    return of.category if of else ""


def _content(*, one: _Candidate, person_id: int | None, store: str, category: str, import_id: int | None) -> Content:
    review = one.review
    return Content(
        person_id=person_id,
        rating=stars_of(rating=review.rating, scale_max=review.scale_max),
        posted_at=review.posted_at,
        title=storable(text=review.title),
        comment=storable(text=review.comment),
        reply=storable(text=review.reply),
        store=store,
        product=review.product,
        category=category,
        digest=one.digest,
        import_id=import_id,
    )
