"""One customer as all their records together tell."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from kizuna.customers.people.models import Evidence, Person
from kizuna.customers.people.queries.records import NoSuchPerson, cluster_of, served_by
from kizuna.customers.people.rules import mail_key, phone_shown, postcode_key, shown_name


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceCard:
    """One piece of identity evidence; ``joins`` are the other records that hold the same live key."""

    evidence_id: int
    person_id: int
    kind: str
    raw: str
    source: str
    strength: str
    observed_at: datetime
    retracted_at: datetime | None
    retracted_by: str
    joins: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRecord:
    """One record of the customer in one source."""

    person_id: int
    source: str
    name: str
    observed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A customer: the newest stated value of each field over all records."""

    root_id: int
    person_ids: tuple[int, ...]
    name: str
    family_name: str
    given_name: str
    kana: str
    company: str
    mails: tuple[str, ...]
    phones: tuple[str, ...]
    postcode: str
    address: str
    sex: str
    birth_date: date | None
    notes: tuple[str, ...]
    marketing_mail_allowed: bool
    """False when every known address was lent by a marketplace."""
    records: tuple[SourceRecord, ...]
    evidence: tuple[EvidenceCard, ...]
    first_seen_at: datetime
    erased_at: datetime | None


def profile(*, person_id: int, stores: frozenset[str] | None = None) -> Profile:
    """The customer this record belongs to.

    Raises: NoSuchPerson, also when none of ``stores`` has served the customer.
    """
    found = Person.objects.filter(cluster_of(person_id=person_id))
    people = sorted(found, key=lambda one: (one.observed_at, one.pk), reverse=True)
    ids = tuple(sorted(person.pk for person in people))
    if not ids or not served_by(person_ids=ids, stores=stores):
        raise NoSuchPerson(person_id=person_id)
    evidence = _evidence(ids=ids)
    mails = _distinct(person.email for person in people)
    place = next((person for person in people if person.address or person.city or person.prefecture), people[0])
    named = next((person for person in people if _name(person)), people[0])
    read = next((person for person in people if person.family_kana or person.given_kana), people[0])
    return Profile(
        root_id=ids[0],
        person_ids=ids,
        name=_name(named),
        family_name=named.family_name,
        given_name=named.given_name,
        kana=" ".join(part for part in (read.family_kana, read.given_kana) if part),
        company=_first(person.company for person in people),
        mails=mails,
        phones=_distinct(phone_shown(text=person.phone) for person in people),
        postcode=_postcode(place.postcode or _first(person.postcode for person in people)),
        address=" ".join(part for part in (place.prefecture, place.city, place.address) if part),
        sex=_first(person.sex for person in people),
        birth_date=next((person.birth_date for person in people if person.birth_date), None),
        notes=_distinct(person.note for person in people),
        marketing_mail_allowed=not mails or any(mail_key(text=mail).marketing_allowed for mail in mails),
        records=tuple(
            SourceRecord(person_id=one.pk, source=one.source, name=_name(one), observed_at=one.observed_at)
            for one in sorted(people, key=lambda one: one.pk)
        ),
        evidence=evidence,
        first_seen_at=min(person.recorded_at for person in people),
        erased_at=max((person.erased_at for person in people if person.erased_at), default=None),
    )


def _evidence(*, ids: Sequence[int]) -> tuple[EvidenceCard, ...]:
    rows = list(Evidence.objects.filter(person_id__in=ids).order_by("kind", "key", "person_id"))
    holders: dict[tuple[str, str], set[int]] = {}
    for row in rows:
        if row.retracted_at is None:
            holders.setdefault((row.kind, row.key), set()).add(row.person_id)
    return tuple(
        EvidenceCard(
            evidence_id=row.pk,
            person_id=row.person_id,
            kind=row.kind,
            raw=row.raw,
            source=row.source,
            strength=row.strength,
            observed_at=row.observed_at,
            retracted_at=row.retracted_at,
            retracted_by=row.retracted_by,
            joins=tuple(sorted(holders.get((row.kind, row.key), set()) - {row.person_id})),
        )
        for row in rows
    )


def _name(person: Person) -> str:
    return shown_name(
        display_name=person.display_name,
        family_name=person.family_name,
        given_name=person.given_name,
        company=person.company,
    )


def _postcode(text: str) -> str:
    key = postcode_key(text=text)
    return f"{key[:3]}-{key[3:]}" if key else text


def _first(texts: Iterable[str]) -> str:
    return next((text for text in texts if text), "")


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))
