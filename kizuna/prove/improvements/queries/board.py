"""The board: improvements as cards, and the history of one."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Exists, F, OuterRef, QuerySet

from kizuna.facts.rows.rules import Leaf, leaf
from kizuna.prove.improvements.models import (
    Improvement,
    ImprovementMove,
    ImprovementNotice,
    ImprovementStore,
    ImprovementVoice,
)
from kizuna.prove.improvements.rules import MOVES, STATES, Draft, NoSuchImprovement
from kizuna.words import Words

PAGE_SIZE = 20
"""Of what is done; the board is for what lies ahead."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class DonePage:
    """Part of what is done, the newest first; ``count`` is of all that is done."""

    cards: tuple[ImprovementCard, ...]
    count: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """What is not done yet in full, what is due first first; and one page of what is done, which only ever grows."""

    ahead: tuple[ImprovementCard, ...]
    done: DonePage


def improvements(*, stores: frozenset[str] | None = None, store: str = "") -> list[ImprovementCard]:
    """All that concern these stores, those done everywhere among them; what is due first comes first."""
    rows = list(_wanted(stores=stores, store=store).order_by("id"))
    return sorted(_cards(rows=rows), key=lambda card: (card.done_on is None, card.done_on or card.due_on or date.max))


def board(*, stores: frozenset[str] | None = None, store: str = "", page: int = 1) -> Board:
    """The whole board: as many statements however much there is."""
    wanted = _wanted(stores=stores, store=store)
    ahead = list(wanted.exclude(state="done").order_by(F("due_on").asc(nulls_last=True), "id"))
    done, count, shown = _done(wanted=wanted, page=page)
    cards = _cards(rows=[*ahead, *done])
    return Board(
        ahead=tuple(cards[: len(ahead)]),
        done=DonePage(cards=tuple(cards[len(ahead) :]), count=count, page=shown.page, pages=shown.pages),
    )


def done_page(*, stores: frozenset[str] | None = None, store: str = "", page: int) -> DonePage:
    """Only a page of what is done."""
    rows, count, shown = _done(wanted=_wanted(stores=stores, store=store), page=page)
    return DonePage(cards=tuple(_cards(rows=rows)), count=count, page=shown.page, pages=shown.pages)


def improvement(*, improvement_id: int, stores: frozenset[str] | None = None) -> ImprovementCard:
    """One of them. Raises: NoSuchImprovement."""
    row = _wanted(stores=stores).filter(pk=improvement_id).first()
    if row is None:
        raise NoSuchImprovement
    return _cards(rows=[row])[0]


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


def _wanted(*, stores: frozenset[str] | None, store: str = "") -> QuerySet[Improvement]:
    """What concerns the asker's stores and the chosen one; without any store it is done everywhere."""
    places = ImprovementStore.objects.filter(improvement=OuterRef("pk"))
    rows = Improvement.objects.select_related("owner")
    for among in (stores, {store} if store else None):
        if among is not None:
            rows = rows.filter(~Exists(places) | Exists(places.filter(store__in=among)))
    return rows


def _done(*, wanted: QuerySet[Improvement], page: int) -> tuple[list[Improvement], int, Leaf]:
    rows = wanted.filter(state="done")
    count = rows.count()
    shown = leaf(count=count, page=page, size=PAGE_SIZE)
    return list(rows.order_by("-done_on", "-id")[shown.part]), count, shown


def _places(*, ids: Sequence[int]) -> dict[int, list[str]]:
    rows = ImprovementStore.objects.filter(improvement_id__in=ids).order_by("store")
    places: dict[int, list[str]] = defaultdict(list)
    for improvement_id, store in rows.values_list("improvement_id", "store"):
        places[improvement_id].append(store)
    return places


def _cards(*, rows: Sequence[Improvement]) -> list[ImprovementCard]:
    ids = [row.pk for row in rows]
    places = _places(ids=ids)
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
