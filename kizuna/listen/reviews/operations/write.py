"""Writing reviews set-wise, each with its fact."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from kizuna.facts.catalogue import ReviewAmended, ReviewPosted, ReviewVoided
from kizuna.facts.outbox.operations import publish_columns
from kizuna.facts.rows.operations import hold, insert_rows, reserve_ids, update_rows
from kizuna.listen.reviews.models import Review, SupersededReview

TOUCHPOINT = "word_of_mouth"
"""A public review is what others read before they buy, whatever it is about."""


_REVIEWS = 0x6B697A5002  # any constant of our own


class Content(NamedTuple):
    """The columns of ``ReviewContent``, in one order for reading and writing."""

    person_id: int | None
    rating: float
    posted_at: datetime
    title: str
    comment: str
    reply: str
    store: str
    product: str
    category: str
    digest: str
    import_id: int | None


class Standing(NamedTuple):
    """A review's row as it stands."""

    id: int
    revision: int
    site: str
    content: Content


CONTENT = Content._fields
_NEW = ("id", "site", "external_id", "revision", "recorded_at", "erased_at", *CONTENT)


def hold_reviews() -> None:
    """Wait until no other transaction records reviews, so that two imports of one file cannot both insert.

    SQLite needs nothing: BEGIN IMMEDIATE already admits one writer.
    """
    hold(lock=_REVIEWS)


def standing(*, review_ids: Sequence[int]) -> list[Standing]:
    """The rows of these reviews, in the order of their ids. Reviews of an erased customer are left out."""
    rows = (
        Review.objects.filter(pk__in=review_ids, erased_at=None)
        .order_by("pk")
        .values_list("id", "revision", "site", *CONTENT)
    )
    return [Standing(row[0], row[1], row[2], Content(*row[3:])) for row in rows]


def create(*, new: Sequence[tuple[str, str, Content]], now: datetime, wake: bool) -> None:
    """Insert these (site, external id, content) and publish that they were posted."""
    if not new:
        return
    ids = reserve_ids(model=Review, count=len(new))
    insert_rows(
        model=Review,
        columns=_NEW,
        rows=((pk, site, key, 0, now, None, *content) for pk, (site, key, content) in zip(ids, new, strict=True)),
    )
    posted = [Standing(pk, 0, site, content) for pk, (site, _, content) in zip(ids, new, strict=True)]
    _publish(fact=ReviewPosted, posted=posted, now=now, wake=wake)


def amend(*, changed: Sequence[tuple[Standing, Content]], now: datetime, wake: bool) -> None:
    """Give these reviews a new content, keep the old one for undo, publish the whole review again."""
    if not changed:
        return
    ids = reserve_ids(model=SupersededReview, count=len(changed))
    insert_rows(
        model=SupersededReview,
        columns=("id", "review_id", "revision", *CONTENT),
        rows=((pk, old.id, old.revision, *old.content) for pk, (old, _) in zip(ids, changed, strict=True)),
    )
    replace(changed=changed, now=now, wake=wake)


def replace(*, changed: Sequence[tuple[Standing, Content]], now: datetime, wake: bool) -> None:
    """Give these reviews another content under the next revision, without keeping the old one."""
    if not changed:
        return
    posted = [old._replace(revision=old.revision + 1, content=content) for old, content in changed]
    update_rows(
        model=Review,
        columns=("id", "revision", *CONTENT),
        rows=[(one.id, one.revision, *one.content) for one in posted],
    )
    _publish(fact=ReviewAmended, posted=posted, now=now, wake=wake)


def void(*, posted: Sequence[Standing], now: datetime) -> None:
    """Remove these reviews, which have no earlier content, and publish that they count nowhere."""
    if not posted:
        return
    ids = [one.id for one in posted]
    with connection.cursor() as cursor:
        # Django's delete() would first load every row to look for dependants, of which there are none by now.
        if connection.vendor == "postgresql":
            cursor.execute("DELETE FROM reviews_review WHERE id = ANY(%s)", [ids])
        else:
            cursor.execute(
                "DELETE FROM reviews_review WHERE id IN (SELECT value FROM json_each(%s))", [json.dumps(ids)]
            )
    publish_columns(
        fact=ReviewVoided,
        columns={
            "occurred_at": [one.content.posted_at for one in posted],
            "person_id": [one.content.person_id for one in posted],
            "touchpoint": [TOUCHPOINT] * len(posted),
            "channel": [one.site for one in posted],
            "revision": [one.revision + 1 for one in posted],
            "review_id": [one.id for one in posted],
        },
        now=now,
    )


def _publish(*, fact: type[ReviewPosted], posted: Sequence[Standing], now: datetime, wake: bool) -> None:
    contents = [one.content for one in posted]
    publish_columns(
        fact=fact,
        columns={
            "occurred_at": [content.posted_at for content in contents],
            "person_id": [content.person_id for content in contents],
            "touchpoint": [TOUCHPOINT] * len(posted),
            "channel": [one.site for one in posted],
            "revision": [one.revision for one in posted],
            "review_id": [one.id for one in posted],
            "site": [one.site for one in posted],
            "rating": [content.rating for content in contents],
            "store": [content.store for content in contents],
            "product": [content.product for content in contents],
            "category": [content.category for content in contents],
            "has_comment": [bool(content.comment) for content in contents],
        },
        now=now,
        wake=wake,
    )
