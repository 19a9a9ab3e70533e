"""Verbs of improvements: open, edit, link what customers said, move, take back, tell those who asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from kizuna.act.outreach.operations import ensure_template, plan_messages, publish_template, save_template
from kizuna.act.outreach.rules import Draft as MessageDraft
from kizuna.clock import JST
from kizuna.customers.people.queries import records_of
from kizuna.errors import Invalid
from kizuna.facts.audit.operations import record
from kizuna.facts.catalogue import ImprovementDone, ImprovementReopened
from kizuna.facts.outbox.operations import publish
from kizuna.listen.reviews.queries import review_cards
from kizuna.listen.surveys.queries import answer_cards
from kizuna.prove.improvements.models import (
    Improvement,
    ImprovementMove,
    ImprovementNotice,
    ImprovementStore,
    ImprovementVoice,
)
from kizuna.prove.improvements.queries import askers_of
from kizuna.prove.improvements.rules import (
    LINKED_WORDS,
    MOVES,
    BadMove,
    Draft,
    ImprovementIncomplete,
    NoSuchImprovement,
    NothingToUndo,
    OtherStoresToo,
    bodies_of,
    check,
    may_change,
    message_key,
    purpose_of,
    template_of,
)
from kizuna.understand.metrics.queries import card
from kizuna.words import Words

LATE_SECONDS = 30 * 86_400
"""Good news keeps: held up by quiet hours or the cap on messages it may still go out for a month."""


@transaction.atomic
def open_improvement(
    *,
    draft: Draft,
    answer_ids: Sequence[int] = (),
    review_ids: Sequence[int] = (),
    stores: frozenset[str] | None = None,
    actor: str,
    now: datetime,
) -> int:
    """Keep a candidate with the comments that ask for it.

    Raises: ImprovementIncomplete, UnknownMetric.
    """
    row = Improvement(created_at=now, created_by=actor)
    _write(row=row, draft=draft, stores=stores)
    link_voices(
        improvement_id=row.pk, answer_ids=answer_ids, review_ids=review_ids, stores=stores, actor=actor, now=now
    )
    return int(row.pk)


@transaction.atomic
def edit_improvement(
    *, improvement_id: int, draft: Draft, stores: frozenset[str] | None = None, actor: str, now: datetime
) -> None:
    """Change what staff wrote. Raises: NoSuchImprovement, OtherStoresToo, ImprovementIncomplete, UnknownMetric."""
    row = _changeable(improvement_id=improvement_id, stores=stores)
    _write(row=row, draft=draft, stores=stores)
    record(actor=actor, action="improvement.edited", target=f"improvement:{row.pk}", detail={}, now=now)


def _write(*, row: Improvement, draft: Draft, stores: frozenset[str] | None) -> None:
    check(draft=draft, stores=stores)
    if draft.metric:
        card(name=draft.metric)
    row.title, row.change, row.owner_id = draft.title.strip()[:120], draft.change.strip(), draft.owner_id
    row.due_on, row.product, row.touchpoint, row.metric = draft.due_on, draft.product, draft.touchpoint, draft.metric
    row.save()
    places = ImprovementStore.objects.filter(improvement=row)
    places.exclude(store__in=draft.stores).delete()
    kept = set(places.values_list("store", flat=True))
    ImprovementStore.objects.bulk_create(
        ImprovementStore(improvement=row, store=store) for store in sorted({*draft.stores} - kept)
    )


@transaction.atomic
def link_voices(
    *,
    improvement_id: int,
    answer_ids: Sequence[int] = (),
    review_ids: Sequence[int] = (),
    stores: frozenset[str] | None = None,
    actor: str,
    now: datetime,
) -> int:
    """Note that these comments ask for it; answers how many are new. What the asker may not see is left out.

    Raises: NoSuchImprovement.
    """
    row = _held(improvement_id=improvement_id, stores=stores)
    linked = ImprovementVoice.objects.filter(improvement=row)
    answers = {*answer_cards(answer_ids=answer_ids, stores=stores)} - {*linked.values_list("answer_id", flat=True)}
    reviews = {*review_cards(review_ids=review_ids, stores=stores)} - {*linked.values_list("review_id", flat=True)}
    fresh = [ImprovementVoice(answer_id=one) for one in sorted(answers)]
    fresh += [ImprovementVoice(review_id=one) for one in sorted(reviews)]
    for one in fresh:
        one.improvement, one.linked_at, one.linked_by = row, now, actor
    ImprovementVoice.objects.bulk_create(fresh)
    return len(fresh)


@transaction.atomic
def unlink_voice(*, improvement_id: int, voice_id: int, stores: frozenset[str] | None = None) -> None:
    """The comment does not ask for this after all. Raises: NoSuchImprovement."""
    _held(improvement_id=improvement_id, stores=stores)
    ImprovementVoice.objects.filter(improvement_id=improvement_id, pk=voice_id).delete()


@transaction.atomic
def move(
    *,
    improvement_id: int,
    state: str,
    note: str = "",
    done_on: date | None = None,
    stores: frozenset[str] | None = None,
    actor: str,
    now: datetime,
) -> None:
    """Move it to another state. Done takes the day since when customers find it so, today if none is given.

    Raises: NoSuchImprovement, OtherStoresToo, BadMove, ImprovementIncomplete.
    """
    row = _changeable(improvement_id=improvement_id, stores=stores)
    if state not in MOVES[row.state]:
        raise BadMove(state_from=row.state, state_to=state)
    today = now.astimezone(JST).date()
    since = (done_on or today) if state == "done" else None
    if since is not None and since > today:
        raise ImprovementIncomplete(
            Words(ja="完了日に未来の日付は使えません。", en="The day it was done cannot lie in the future.")
        )
    ImprovementMove.objects.create(
        improvement=row,
        state_from=row.state,
        state_to=state,
        done_on_before=row.done_on,
        note=note.strip()[:400],
        moved_at=now,
        moved_by=actor,
    )
    row.state, row.done_on = state, since
    _publish_if_done(row=row, fact=ImprovementDone, day=since, now=now)
    row.save()


@transaction.atomic
def undo_move(*, improvement_id: int, stores: frozenset[str] | None = None, now: datetime) -> str:
    """Take the last change of state back and answer the state it is in again. News already sent stays sent.

    Raises: NoSuchImprovement, OtherStoresToo, NothingToUndo.
    """
    row = _changeable(improvement_id=improvement_id, stores=stores)
    last = ImprovementMove.objects.filter(improvement=row, undone_at=None).order_by("-id").first()
    if last is None:
        raise NothingToUndo
    last.undone_at = now
    last.save(update_fields=["undone_at"])
    _publish_if_done(row=row, fact=ImprovementReopened, day=row.done_on, now=now)
    row.state, row.done_on = last.state_from, last.done_on_before
    row.save()
    return str(row.state)


def _publish_if_done(*, row: Improvement, fact: type[ImprovementDone], day: date | None, now: datetime) -> None:
    if day is None:
        return
    places = list(ImprovementStore.objects.filter(improvement=row).values_list("store", flat=True))
    row.revision += 1
    said = fact(
        occurred_at=datetime(day.year, day.month, day.day, tzinfo=JST),
        person_id=None,
        touchpoint=row.touchpoint,
        revision=row.revision,
        improvement_id=row.pk,
        store=places[0] if len(places) == 1 else "",
        product=row.product,
    )
    publish(facts=[said], now=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What came of telling: messages planned now, customers told before, comments whose author is unknown."""

    planned: int
    already: int
    unknown: int
    purpose: str


class NotDoneYet(Invalid):
    """Customers are told what was done, not what is planned."""

    code = "improvement_not_done"

    def __init__(self) -> None:
        super().__init__(
            Words(
                ja="完了してからお知らせできます。先に状態を「完了」にしてください。",
                en="Customers are told once it is done. Mark it as done first.",
            )
        )


@transaction.atomic
def tell(*, improvement_id: int, news: Words, actor: str, now: datetime) -> Telling:
    """Plan the news for every customer who asked, each once. The gate decides at send time, as for every message.

    Raises: NoSuchImprovement, NotDoneYet, ImprovementIncomplete, UnknownField, AgainstTheLaw.
    """
    row = _held(improvement_id=improvement_id, stores=None)
    if row.state != "done":
        raise NotDoneYet
    if not news.ja.strip():
        raise ImprovementIncomplete(Words(ja="お知らせの文面を入力してください。", en="Write the news."))
    bodies = bodies_of(news=news)
    purpose = purpose_of(bodies=bodies)
    name = template_of(improvement_id=row.pk)
    title = Words(ja=f"改善のお知らせ：{row.title}", en=f"Improvement: {row.title}")
    ensure_template(name=name, title=title, purpose=purpose, bodies=bodies, now=now)
    if (row.news_ja, row.news_en) != (news.ja, news.en) and row.news_ja:
        save_template(name=name, title=title, purpose=purpose, bodies=bodies, actor=actor, now=now)
        publish_template(name=name, actor=actor, now=now)
    row.news_ja, row.news_en = news.ja, news.en
    row.save(update_fields=["news_ja", "news_en"])
    found = askers_of(improvement_id=row.pk)
    fresh = [one for one in found.customers if one not in found.told]
    notices = [
        ImprovementNotice(
            improvement=row, person_id=one, key=message_key(improvement_id=row.pk, person_id=one), planned_at=now
        )
        for one in fresh
    ]
    ImprovementNotice.objects.bulk_create(notices)
    plan_messages(drafts=[_draft(notice=one, template=name, now=now) for one in notices], now=now)
    detail = {"people": len(fresh), "purpose": purpose, "title": LINKED_WORDS.en}
    record(actor=actor, action="improvement.told", target=f"improvement:{row.pk}", detail=detail, now=now)
    return Telling(planned=len(fresh), already=len(found.told), unknown=found.unknown, purpose=purpose)


def _draft(*, notice: ImprovementNotice, template: str, now: datetime) -> MessageDraft:
    return MessageDraft(
        key=notice.key,
        person_id=notice.person_id,
        template=template,
        due_at=now,
        late="send",
        stale_after_seconds=LATE_SECONDS,
    )


def erase_people(*, root_id: int, now: datetime) -> int:
    """Forget that this customer was told; the comments themselves are emptied where they are kept."""
    del now
    return ImprovementNotice.objects.filter(person_id__in=records_of(person_id=root_id)).delete()[0]


def _changeable(*, improvement_id: int, stores: frozenset[str] | None) -> Improvement:
    """The row under a lock, if every store it is done in is the asker's."""
    row = _held(improvement_id=improvement_id, stores=stores)
    places = ImprovementStore.objects.filter(improvement=row).values_list("store", flat=True)
    if not may_change(places=tuple(places), stores=stores):
        raise OtherStoresToo
    return row


def _held(*, improvement_id: int, stores: frozenset[str] | None) -> Improvement:
    """The row under a lock, if it lies within the asker's stores; what is done everywhere concerns everybody."""
    row = Improvement.objects.select_for_update().filter(pk=improvement_id).first()
    if row is None:
        raise NoSuchImprovement
    places = set(ImprovementStore.objects.filter(improvement=row).values_list("store", flat=True))
    if stores is not None and places and not places & stores:
        raise NoSuchImprovement
    return row
