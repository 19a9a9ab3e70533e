"""The comments behind an improvement, and the search for more of them."""

from dataclasses import dataclass
from datetime import datetime

from kizuna.listen.reviews.queries import ReviewCard, ReviewFilter, review_cards, reviews
from kizuna.listen.surveys.queries import AnswerCard, AnswerFilter, answer_cards, answers
from kizuna.prove.improvements.models import ImprovementVoice

FOUND = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceCard:
    """One comment, of an answer or a review; ``voice_id`` is None while it is not linked."""

    voice_id: int | None
    answer_id: int | None
    review_id: int | None
    person_id: int | None
    at: datetime
    score: float
    band: str
    source: str
    touchpoint: str
    store: str
    product: str
    comment: str
    erased: bool


def voices_of(*, improvement_id: int, stores: frozenset[str] | None = None) -> list[VoiceCard]:
    """The linked comments that lie within ``stores``, the newest first."""
    rows = list(ImprovementVoice.objects.filter(improvement_id=improvement_id))
    by_answer = {row.answer_id: row.pk for row in rows if row.answer_id is not None}
    by_review = {row.review_id: row.pk for row in rows if row.review_id is not None}
    found = [
        of_answer(one=one, voice_id=by_answer[number])
        for number, one in answer_cards(answer_ids=by_answer, stores=stores).items()
    ]
    found += [
        of_review(one=one, voice_id=by_review[number])
        for number, one in review_cards(review_ids=by_review, stores=stores).items()
    ]
    return sorted(found, key=lambda voice: voice.at, reverse=True)


def search_voices(*, words: str, improvement_id: int, stores: frozenset[str] | None = None) -> list[VoiceCard]:
    """The newest comments with all of the words that are not linked to this improvement yet."""
    if not words.strip():
        return []
    rows = list(ImprovementVoice.objects.filter(improvement_id=improvement_id))
    linked = {row.answer_id for row in rows}, {row.review_id for row in rows}
    said = answers(
        wanted=AnswerFilter(stores=stores, words=words, commented=True), page_size=FOUND + len(rows), count_limit=FOUND
    )
    written = reviews(wanted=ReviewFilter(stores=stores, words=words), page_size=FOUND + len(rows))
    found = [of_answer(one=one) for one in said.answers if one.answer_id not in linked[0]]
    found += [of_review(one=one) for one in written.reviews if one.review_id not in linked[1]]
    return sorted(found, key=lambda voice: voice.at, reverse=True)[:FOUND]


def of_answer(*, one: AnswerCard, voice_id: int | None = None) -> VoiceCard:
    """An answer as a comment."""
    return VoiceCard(
        voice_id=voice_id,
        answer_id=one.answer_id,
        review_id=None,
        person_id=one.person_id,
        at=one.answered_at,
        score=one.score,
        band=one.band,
        source=one.instrument,
        touchpoint=one.touchpoint,
        store=one.store,
        product=one.product,
        comment=one.comment,
        erased=one.erased,
    )


def of_review(*, one: ReviewCard, voice_id: int | None = None) -> VoiceCard:
    """A review as a comment."""
    return VoiceCard(
        voice_id=voice_id,
        answer_id=None,
        review_id=one.review_id,
        person_id=one.person_id,
        at=one.posted_at,
        score=one.rating,
        band="high" if one.rating >= 4 else "low" if one.rating < 3 else "middle",
        source=one.site,
        touchpoint="",
        store=one.store,
        product=one.product,
        comment="\n".join(part for part in (one.title, one.comment) if part),
        erased=one.erased,
    )
