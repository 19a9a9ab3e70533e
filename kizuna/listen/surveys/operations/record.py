"""Taking in answers from files and other systems, set-wise."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from msgspec.structs import replace

from kizuna.customers.people.operations import resolve_people, tie_to_stores
from kizuna.customers.products.queries import ProductCard, product_cards
from kizuna.customers.stores.operations import ensure_stores
from kizuna.customers.stores.queries import among
from kizuna.errors import Invalid
from kizuna.facts.rows.rules import Outcome
from kizuna.facts.touchpoints import touchpoint_slug
from kizuna.listen.surveys.models import Answer
from kizuna.listen.surveys.operations.scales import scales_for
from kizuna.listen.surveys.operations.write import Content, NewAnswer, amend, create, hold_answers, standing
from kizuna.listen.surveys.rules import (
    LIMITS,
    AnswerIdMissing,
    AnswerRecord,
    InstrumentUnknown,
    Scale,
    code_refusal,
    content_digest,
    instrument_slug,
    printable,
    score_refusal,
)


class _Known(NamedTuple):
    id: int
    digest: str
    erased: bool


class _Candidate(NamedTuple):
    place: int
    answer: AnswerRecord
    digest: str


def record_answers(
    *, answers: Sequence[AnswerRecord], import_id: int | None, now: datetime, wake: bool
) -> list[Outcome]:
    """Record these answers once each, whatever number of times they come; one outcome per answer, in order.

    The same (source, external_id) with the same content is «unchanged», with another content «amended».
    A score its instrument does not have is refused as a value in the list, with the scale's numbers. The
    answer of an erased customer stays as erasure left it. Must run inside the caller's transaction.
    """
    hold_answers()
    prepared = [_prepared(answer=answer) for answer in answers]
    scales = scales_for(answers=prepared)
    outcomes: dict[int, Outcome] = {}
    pending: list[_Candidate] = []
    passed: set[tuple[str, ...]] = set()
    for index, answer in enumerate(prepared):
        refusal = _refusal(answer=answer, scale=scales.get(answer.instrument), passed=passed)
        if refusal is None:
            pending.append(_Candidate(index, answer, content_digest(answer=answer)))
        else:
            outcomes[index] = refusal
    while pending:
        # A second line about the same answer waits for the next round, where it finds the first one's row.
        first: dict[tuple[str, str], _Candidate] = {}
        later = [
            one for one in pending if first.setdefault((one.answer.source, one.answer.external_id), one) is not one
        ]
        outcomes |= _record_round(round_=list(first.values()), import_id=import_id, now=now, wake=wake)
        pending = later
    return [outcomes[index] for index in range(len(answers))]


def _prepared(*, answer: AnswerRecord) -> AnswerRecord:
    instrument = instrument_slug(text=answer.instrument)
    touchpoint = touchpoint_slug(text=answer.touchpoint)
    comment = printable(text=answer.comment)
    if (instrument, touchpoint, comment) == (answer.instrument, answer.touchpoint, answer.comment):
        return answer
    return replace(answer, instrument=instrument, touchpoint=touchpoint, comment=comment)


def _refusal(*, answer: AnswerRecord, scale: Scale | None, passed: set[tuple[str, ...]]) -> Invalid | None:
    if not answer.external_id:
        return AnswerIdMissing()
    if scale is None:
        return InstrumentUnknown(instrument=answer.instrument)
    refusal = score_refusal(scale=scale, score=answer.score)
    if refusal is not None:
        return refusal
    # A file repeats few combinations of codes; only the id is new on every line.
    codes = (answer.source, answer.touchpoint, answer.channel, answer.store, answer.product, answer.category)
    if codes in passed and answer.external_id.isascii() and answer.external_id.isprintable():
        return code_refusal(answer=answer) if len(answer.external_id) > LIMITS["external_id"] else None
    refusal = code_refusal(answer=answer)
    if refusal is None:
        passed.add(codes)
    return refusal


def _record_round(
    *, round_: Sequence[_Candidate], import_id: int | None, now: datetime, wake: bool
) -> dict[int, Outcome]:
    outcomes: dict[int, Outcome] = {}
    fresh: list[_Candidate] = []
    changed: dict[int, _Candidate] = {}
    known = _known(round_=round_)
    for one in round_:
        found = known.get((one.answer.source, one.answer.external_id))
        if found is None:
            outcomes[one.place] = "created"
            fresh.append(one)
        elif found.erased or found.digest == one.digest:
            outcomes[one.place] = "unchanged"
        else:
            outcomes[one.place] = "amended"
            changed[found.id] = one
    olds = standing(answer_ids=list(changed))
    touched = [*fresh, *(changed[old.id] for old in olds)]
    contents = _contents(touched=touched, import_id=import_id, now=now)
    new = [
        NewAnswer(one.answer.source, one.answer.external_id, content)
        for one, content in zip(fresh, contents[: len(fresh)], strict=True)
    ]
    create(new=new, now=now, wake=wake)
    amend(changed=list(zip(olds, contents[len(fresh) :], strict=True)), now=now, wake=wake)
    return outcomes


def _known(*, round_: Sequence[_Candidate]) -> dict[tuple[str, str], _Known]:
    by_source: dict[str, list[str]] = {}
    for one in round_:
        by_source.setdefault(one.answer.source, []).append(one.answer.external_id)
    known: dict[tuple[str, str], _Known] = {}
    for source, external_ids in by_source.items():
        found = Answer.objects.filter(among(column="external_id", values=external_ids), source=source)
        for external_id, pk, digest, erased_at in found.values_list("external_id", "id", "digest", "erased_at"):
            known[(source, external_id)] = _Known(pk, digest, erased_at is not None)
    return known


def _contents(*, touched: Sequence[_Candidate], import_id: int | None, now: datetime) -> list[Content]:
    people = resolve_people(sightings=[one.answer.customer for one in touched], import_id=import_id, now=now)
    stores = ensure_stores(names={one.answer.store for one in touched if one.answer.store})
    products = product_cards(codes={one.answer.product for one in touched if one.answer.product})
    ties: set[tuple[int, int]] = set()
    contents = []
    for one, person_id in zip(touched, people, strict=True):
        store_id, store = stores.get(one.answer.store, (None, ""))
        if person_id is not None and store_id is not None:
            ties.add((person_id, store_id))
        contents.append(
            _content(
                one=one,
                person_id=person_id,
                store=store,
                category=one.answer.category or _category(of=products.get(one.answer.product)),
                import_id=import_id,
            )
        )
    tie_to_stores(pairs=ties)
    return contents


def _category(*, of: ProductCard | None) -> str:
    return of.category if of else ""


def _content(*, one: _Candidate, person_id: int | None, store: str, category: str, import_id: int | None) -> Content:
    answer = one.answer
    return Content(
        person_id=person_id,
        instrument=answer.instrument,
        score=float(answer.score),
        answered_at=answer.answered_at,
        touchpoint=answer.touchpoint,
        channel=answer.channel,
        store=store,
        product=answer.product,
        category=category,
        comment=answer.comment,
        digest=one.digest,
        import_id=import_id,
    )
