"""Writing answers set-wise, each with its fact. Shared by imports, personal links and undo."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from kizuna.facts.catalogue import AnswerAmended, AnswerVoided, SurveyAnswered
from kizuna.facts.outbox.operations import publish_columns
from kizuna.facts.rows.operations import hold, insert_rows, reserve_ids, update_rows
from kizuna.listen.surveys.models import Answer, SupersededAnswer


class Content(NamedTuple):
    """The columns of ``AnswerContent``, in one order for reading and writing."""

    person_id: int | None
    instrument: str
    score: float
    answered_at: datetime
    touchpoint: str
    channel: str
    store: str
    product: str
    category: str
    comment: str
    digest: str
    import_id: int | None


class NewAnswer(NamedTuple):
    """An answer that has no row yet."""

    source: str
    external_id: str
    content: Content
    invitation_id: int | None = None
    order_id: int | None = None


class Standing(NamedTuple):
    """An answer's row as it stands, with what the facts need to repeat."""

    id: int
    revision: int
    invitation_id: int | None
    order_id: int | None
    content: Content


CONTENT = Content._fields
_NEW = ("id", "source", "external_id", "invitation_id", "order_id", "revision", "recorded_at", "erased_at", *CONTENT)


_ANSWERS = 0x6B697A5001  # any constant of our own


def hold_answers() -> None:
    """Wait until no other transaction records answers, so that two imports of one file cannot both insert.

    SQLite needs nothing: BEGIN IMMEDIATE already admits one writer.
    """
    hold(lock=_ANSWERS)


def standing(*, answer_ids: Sequence[int]) -> list[Standing]:
    """The rows of these answers, in the order of their ids. Answers of an erased customer are left out."""
    rows = (
        Answer.objects.filter(pk__in=answer_ids, erased_at=None)
        .order_by("pk")
        .values_list("id", "revision", "invitation_id", "order_id", *CONTENT)
    )
    return [Standing(row[0], row[1], row[2], row[3], Content(*row[4:])) for row in rows]


def create(*, new: Sequence[NewAnswer], now: datetime, wake: bool) -> None:
    """Insert these answers and publish that they were given."""
    if not new:
        return
    ids = reserve_ids(model=Answer, count=len(new))
    insert_rows(
        model=Answer,
        columns=_NEW,
        rows=(
            (pk, one.source, one.external_id, one.invitation_id, one.order_id, 0, now, None, *one.content)
            for pk, one in zip(ids, new, strict=True)
        ),
    )
    given = [Standing(pk, 0, one.invitation_id, one.order_id, one.content) for pk, one in zip(ids, new, strict=True)]
    _publish(fact=SurveyAnswered, given=given, now=now, wake=wake)


def amend(*, changed: Sequence[tuple[Standing, Content]], now: datetime, wake: bool) -> None:
    """Give these answers a new content, keep the old one for undo, publish the whole answer again."""
    if not changed:
        return
    ids = reserve_ids(model=SupersededAnswer, count=len(changed))
    insert_rows(
        model=SupersededAnswer,
        columns=("id", "answer_id", "revision", *CONTENT),
        rows=((pk, old.id, old.revision, *old.content) for pk, (old, _) in zip(ids, changed, strict=True)),
    )
    replace(changed=changed, now=now, wake=wake)


def replace(*, changed: Sequence[tuple[Standing, Content]], now: datetime, wake: bool) -> None:
    """Give these answers another content under the next revision, without keeping the old one."""
    if not changed:
        return
    given = [old._replace(revision=old.revision + 1, content=content) for old, content in changed]
    update_rows(
        model=Answer,
        columns=("id", "revision", *CONTENT),
        rows=[(one.id, one.revision, *one.content) for one in given],
    )
    _publish(fact=AnswerAmended, given=given, now=now, wake=wake)


def void(*, given: Sequence[Standing], now: datetime) -> None:
    """Remove these answers, which have no earlier content, and publish that they count nowhere."""
    if not given:
        return
    ids = [one.id for one in given]
    with connection.cursor() as cursor:
        # Django's delete() would first load every row to look for dependants, of which there are none by now.
        if connection.vendor == "postgresql":
            cursor.execute("DELETE FROM surveys_answer WHERE id = ANY(%s)", [ids])
        else:
            cursor.execute(
                "DELETE FROM surveys_answer WHERE id IN (SELECT value FROM json_each(%s))", [json.dumps(ids)]
            )
    publish_columns(
        fact=AnswerVoided,
        columns={
            "occurred_at": [one.content.answered_at for one in given],
            "person_id": [one.content.person_id for one in given],
            "touchpoint": [one.content.touchpoint for one in given],
            "channel": [one.content.channel for one in given],
            "revision": [one.revision + 1 for one in given],
            "answer_id": [one.id for one in given],
        },
        now=now,
    )


def _publish(*, fact: type[SurveyAnswered], given: Sequence[Standing], now: datetime, wake: bool) -> None:
    said = dict(zip(CONTENT, zip(*(one.content for one in given), strict=True), strict=True))
    publish_columns(
        fact=fact,
        columns={
            "occurred_at": said["answered_at"],
            "person_id": said["person_id"],
            "touchpoint": said["touchpoint"],
            "channel": said["channel"],
            "revision": [one.revision for one in given],
            "answer_id": [one.id for one in given],
            "instrument": said["instrument"],
            "score": said["score"],
            "store": said["store"],
            "product": said["product"],
            "category": said["category"],
            "order_id": [one.order_id for one in given],
            "invitation_id": [one.invitation_id for one in given],
            "has_comment": [bool(comment) for comment in said["comment"]],
        },
        now=now,
        wake=wake,
    )
