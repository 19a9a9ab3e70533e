"""Reading answers: of one customer, and as a filtered list."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.utils.timezone import get_default_timezone

from kizuna.customers.stores.queries import among
from kizuna.facts.rows.rules import leaf
from kizuna.listen.surveys.models import Answer
from kizuna.listen.surveys.rules import BANDS, band_of

COUNT_LIMIT = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerCard:
    """One answer with its comment, for people who may read it."""

    answer_id: int
    person_id: int | None
    instrument: str
    score: float
    band: str
    """``high``, ``middle`` or ``low``; empty for an own instrument."""
    answered_at: datetime
    touchpoint: str
    channel: str
    store: str
    product: str
    category: str
    comment: str
    source: str
    order_id: int | None
    invitation_id: int | None
    revision: int
    erased: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerFilter:
    """Which answers. ``stores`` None means every store; days are Japanese days, the last one included."""

    stores: frozenset[str] | None = None
    survey_id: int | None = None
    instrument: str = ""
    touchpoint: str = ""
    store: str = ""
    band: str = ""
    commented: bool = False
    day_from: date | None = None
    day_to: date | None = None
    words: str = ""
    """Comments that hold all of these words, separated by spaces."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerPage:
    """One page of a list of answers, the newest first."""

    answers: tuple[AnswerCard, ...]
    count: int
    """At most the limit; ``more`` says that there are further ones."""
    more: bool
    page: int
    pages: int


def answers_of(*, person_ids: Sequence[int], stores: frozenset[str] | None = None) -> list[AnswerCard]:
    """Every answer of these person records, the newest first; limited to ``stores`` unless None."""
    chosen = _chosen(wanted=AnswerFilter(stores=stores)).filter(person_id__in=person_ids)
    return [_card(answer=answer) for answer in chosen.order_by("-answered_at", "-pk")]


def answer_cards(*, answer_ids: Collection[int], stores: frozenset[str] | None = None) -> dict[int, AnswerCard]:
    """These answers by id, as far as they exist and lie within ``stores``."""
    chosen = _chosen(wanted=AnswerFilter(stores=stores)).filter(among(column="id", values=answer_ids))
    return {answer.pk: _card(answer=answer) for answer in chosen}


def answers(*, wanted: AnswerFilter, page: int = 1, page_size: int = 50, count_limit: int = COUNT_LIMIT) -> AnswerPage:
    """One page of the answers that fit the filter; a page past the end is the last one."""
    chosen = _chosen(wanted=wanted)
    # Counting millions of rows for a number nobody pages through would cost more than the page.
    counted = chosen.order_by()[: count_limit + 1].count()
    count = min(counted, count_limit)
    shown = leaf(count=count, page=page, size=page_size)
    rows = chosen.order_by("-answered_at", "-pk")[shown.part]
    return AnswerPage(
        answers=tuple(_card(answer=answer) for answer in rows),
        count=count,
        more=counted > count_limit,
        page=shown.page,
        pages=shown.pages,
    )


def latest_answers(*, stores: frozenset[str] | None = None, limit: int) -> list[AnswerCard]:
    """The newest answers that say something in words: what the home page asks for every few seconds."""
    chosen = _chosen(wanted=AnswerFilter(stores=stores, commented=True))
    return [_card(answer=answer) for answer in chosen.order_by("-answered_at", "-pk")[:limit]]


def each_answer(*, wanted: AnswerFilter) -> Iterator[AnswerCard]:
    """Every answer that fits the filter, the newest first, streamed for an export."""
    for answer in _chosen(wanted=wanted).order_by("-answered_at", "-pk").iterator(chunk_size=2_000):
        yield _card(answer=answer)


def start_of(*, day: date) -> datetime:
    """The first moment of a Japanese day."""
    return datetime.combine(day, time.min, tzinfo=get_default_timezone())


def _chosen(*, wanted: AnswerFilter) -> "QuerySet[Answer]":
    chosen = Answer.objects.all()
    if wanted.stores is not None:
        chosen = chosen.filter(store__in=wanted.stores)
    exact = {
        "invitation__survey_id": wanted.survey_id,
        "instrument": wanted.instrument,
        "touchpoint": wanted.touchpoint,
        "store": wanted.store,
    }
    chosen = chosen.filter(**{name: value for name, value in exact.items() if value})
    if wanted.band in BANDS:
        chosen = chosen.filter(_in_band(band=wanted.band))
    for word in wanted.words.split():
        chosen = chosen.filter(comment__icontains=word)
    if wanted.commented:
        chosen = chosen.exclude(comment="")
    if wanted.day_from:
        chosen = chosen.filter(answered_at__gte=start_of(day=wanted.day_from))
    if wanted.day_to:
        chosen = chosen.filter(answered_at__lt=start_of(day=wanted.day_to + timedelta(days=1)))
    return chosen


def _in_band(*, band: str) -> Q:
    either = Q()
    for instrument, (low, high) in BANDS[band].items():
        either |= Q(instrument=instrument, score__gte=low, score__lte=high)
    return either


def _card(*, answer: Answer) -> AnswerCard:
    return AnswerCard(
        answer_id=answer.pk,
        person_id=answer.person_id,
        instrument=answer.instrument,
        score=answer.score,
        band=band_of(instrument=answer.instrument, score=answer.score),
        answered_at=answer.answered_at,
        touchpoint=answer.touchpoint,
        channel=answer.channel,
        store=answer.store,
        product=answer.product,
        category=answer.category,
        comment=answer.comment,
        source=answer.source,
        order_id=answer.order_id,
        invitation_id=answer.invitation_id,
        revision=answer.revision,
        erased=answer.erased_at is not None,
    )
