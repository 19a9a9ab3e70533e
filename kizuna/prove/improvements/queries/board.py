"""The board: improvements as cards, and the history of one."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count

from kizuna.prove.improvements.models import (
    Improvement,
    ImprovementMove,
    ImprovementNotice,
    ImprovementStore,
    ImprovementVoice,
)
from kizuna.prove.improvements.rules import MOVES, STATES, Draft, NoSuchImprovement
from kizuna.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class ImprovementCard:
    """One improvement. No ``stores`` means everywhere; ``voices`` and ``told`` are counts."""

    improvement_id: int
    title: str
    change: str
    owner_id: int | None
    owner: str
    due_on: date | None
    stores: tuple[str, ...]
    product: str
    touchpoint: str
    metric: str
    state: str
    done_on: date | None
    news: Words
    voices: int
    told: int
    created_at: datetime

    @property
    def state_words(self) -> Words:
        """The state as people say it."""
        return STATES[self.state]

    @property
    def next_states(self) -> tuple[tuple[str, Words], ...]:
        """What may follow."""
        return tuple((state, STATES[state]) for state in MOVES[self.state])

    def late(self, *, today: date) -> bool:
        """Whether it should have been done by now."""
        return self.state in {"candidate", "started"} and self.due_on is not None and self.due_on < today


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveCard:
    """One change of state."""

    state_from: Words
    state_to: Words
    note: str
    moved_at: datetime
    moved_by: str
    undone_at: datetime | None


def improvements(*, stores: frozenset[str] | None = None, store: str = "") -> list[ImprovementCard]:
    """All that concern these stores, those done everywhere among them; what is due first comes first."""
    places = _places()
    wanted = [
        row
        for row in Improvement.objects.select_related("owner").order_by("id")
        if _concerns(places[row.pk], stores=stores) and (not store or not places[row.pk] or store in places[row.pk])
    ]
    cards = _cards(rows=wanted, places=places)
    return sorted(
        cards, key=lambda card: (card.done_on is None, card.done_on or card.due_on or date.max), reverse=False
    )


def improvement(*, improvement_id: int, stores: frozenset[str] | None = None) -> ImprovementCard:
    """One of them. Raises: NoSuchImprovement."""
    row = Improvement.objects.select_related("owner").filter(pk=improvement_id).first()
    places = _places(ids=[improvement_id])
    if row is None or not _concerns(places[improvement_id], stores=stores):
        raise NoSuchImprovement
    return _cards(rows=[row], places=places)[0]


def draft_of(*, card: ImprovementCard) -> Draft:
    """What staff wrote, to be edited."""
    return Draft(
        title=card.title,
        change=card.change,
        owner_id=card.owner_id,
        due_on=card.due_on,
        stores=card.stores,
        product=card.product,
        touchpoint=card.touchpoint,
        metric=card.metric,
    )


def moves_of(*, improvement_id: int) -> list[MoveCard]:
    """Its changes of state, the newest first."""
    return [
        MoveCard(
            state_from=STATES[row.state_from],
            state_to=STATES[row.state_to],
            note=row.note,
            moved_at=row.moved_at,
            moved_by=row.moved_by,
            undone_at=row.undone_at,
        )
        for row in ImprovementMove.objects.filter(improvement_id=improvement_id).order_by("-id")
    ]


def linked_to(*, answer_id: int | None = None, review_id: int | None = None) -> set[int]:
    """The improvements that a comment is linked to."""
    found = ImprovementVoice.objects.filter(answer_id=answer_id, review_id=review_id)
    return set(found.values_list("improvement_id", flat=True))


def _concerns(places: Collection[str], *, stores: frozenset[str] | None) -> bool:
    return stores is None or not places or bool(stores & set(places))


def _places(*, ids: Sequence[int] | None = None) -> dict[int, list[str]]:
    rows = ImprovementStore.objects.order_by("store")
    if ids is not None:
        rows = rows.filter(improvement_id__in=ids)
    places: dict[int, list[str]] = defaultdict(list)
    for improvement_id, store in rows.values_list("improvement_id", "store"):
        places[improvement_id].append(store)
    return places


def _cards(*, rows: Sequence[Improvement], places: dict[int, list[str]]) -> list[ImprovementCard]:
    ids = [row.pk for row in rows]
    voices = _counts(ImprovementVoice, ids)
    told = _counts(ImprovementNotice, ids)
    return [
        ImprovementCard(
            improvement_id=row.pk,
            title=row.title,
            change=row.change,
            owner_id=row.owner_id,
            owner=row.owner.name if row.owner else "",
            due_on=row.due_on,
            stores=tuple(places[row.pk]),
            product=row.product,
            touchpoint=row.touchpoint,
            metric=row.metric,
            state=row.state,
            done_on=row.done_on,
            news=Words(ja=row.news_ja, en=row.news_en),
            voices=voices.get(row.pk, 0),
            told=told.get(row.pk, 0),
            created_at=row.created_at,
        )
        for row in rows
    ]


def _counts(model: type[ImprovementVoice] | type[ImprovementNotice], ids: Sequence[int]) -> dict[int, int]:
    rows = model.objects.filter(improvement_id__in=ids).values_list("improvement_id")
    return dict(rows.annotate(n=Count("id")).order_by())
