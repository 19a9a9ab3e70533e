"""Verbs on consent: record what people said, in one or in thousands; undo; erase."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction

from kizuna.customers.consent.models import Consent
from kizuna.customers.consent.rules import ConsentStatement, Proof, refusal_of
from kizuna.customers.people.operations import recorded_people
from kizuna.customers.people.operations.lock import hold_identity
from kizuna.customers.people.queries import records_of
from kizuna.customers.people.rules import Sighting
from kizuna.customers.stores.queries import among
from kizuna.facts.catalogue import ConsentChanged
from kizuna.facts.outbox.operations import publish_columns
from kizuna.facts.rows.operations import hold, insert_rows, reserve_ids
from kizuna.facts.rows.rules import Outcome

_COLUMNS = (
    *("id", "person_id", "channel", "purpose", "granted", "proof_text", "proof_file", "proof_line", "proof_ip"),
    *("proof_url", "actor", "import_id", "stated_at", "recorded_at"),
)
_Key = tuple[int, str, str]
_CONSENT = 0x6B697A33  # any constant of our own


def hold_consent() -> None:
    """Keep what people have agreed to as it is until this transaction ends; whoever changes it waits.

    A sender that holds this while it reads consent and notes its attempt cannot be overtaken: a refusal commits
    either before the reading or after the attempt, never between them. Take it before any lock on a row.
    """
    hold(lock=_CONSENT)


@transaction.atomic
def record_consent(
    *, person_id: int, channel: str, purpose: str, granted: bool, proof: Proof, actor: str, now: datetime
) -> int:
    """Add one statement and answer its id. Staff and forms say things anew, so it is added even if nothing changes.

    Raises: UnknownConsent, NoSuchPerson.
    """
    refused = refusal_of(channel=channel, purpose=purpose)
    if refused:
        raise refused
    records_of(person_id=person_id)
    statement = ConsentStatement(
        person_id=person_id, channel=channel, purpose=purpose, granted=granted, stated_at=now, proof=proof
    )
    return _add(statements=[statement], actor=actor, import_id=None, now=now, wake=True)[0]


def record_consents(
    *, statements: Sequence[ConsentStatement], actor: str, import_id: int | None, now: datetime, wake: bool
) -> list[Outcome]:
    """Add statements set-wise; one that says what is in force already adds nothing. Call it inside ``atomic()``."""
    hold_identity()
    current = {
        key: (stated_at, granted)
        for key, (_, stated_at, granted) in _in_force(people={one.person_id for one in statements}).items()
    }
    outcomes: list[Outcome] = []
    fresh = []
    for one in statements:
        refused = refusal_of(channel=one.channel, purpose=one.purpose)
        if refused:
            outcomes.append(refused)
            continue
        key = (one.person_id, one.channel, one.purpose)
        known = current.get(key)
        if known and (known[1] == one.granted or known[0] > one.stated_at):
            outcomes.append("unchanged")
            continue
        current[key] = (one.stated_at, one.granted)
        fresh.append(one)
        outcomes.append("amended" if known else "created")
    _add(statements=fresh, actor=actor, import_id=import_id, now=now, wake=wake)
    return outcomes


def record_stated(
    *, sightings: Sequence[Sighting], proofs: Sequence[Proof], actor: str, import_id: int | None, now: datetime
) -> list[Outcome]:
    """Take the answer to «may we mail you?» out of sightings that carry one; call it after ``record_people``.

    One outcome per sighting; a sighting without an answer, of nobody, or of somebody erased is unchanged.
    """
    people = recorded_people(sightings=sightings)
    outcomes: list[Outcome] = ["unchanged"] * len(sightings)
    stated = [
        (at, person, one.accepts_mail)
        for at, (one, person) in enumerate(zip(sightings, people, strict=True))
        if person is not None and one.accepts_mail is not None
    ]
    statements = [
        ConsentStatement(
            person_id=person,
            channel="mail",
            purpose="marketing",
            granted=granted,
            stated_at=sightings[at].observed_at,
            proof=proofs[at],
        )
        for at, person, granted in stated
    ]
    results = record_consents(statements=statements, actor=actor, import_id=import_id, now=now, wake=False)
    for (at, _, _), result in zip(stated, results, strict=True):
        outcomes[at] = result
    return outcomes


def undo_import(*, import_id: int, now: datetime) -> int:
    """Withdraw the statements an import made, as if they had never been made; answers how many.

    The list otherwise only grows, but a statement read from the wrong column is nobody's statement.
    Call it inside ``atomic()`` and before the import's people are undone.
    """
    hold_identity()  # as an import does it, so that the two cannot wait for each other
    hold_consent()
    mine = Consent.objects.filter(import_id=import_id)
    rows = list(mine.values_list("id", "person_id", "channel", "purpose"))
    mine.delete()
    current = _in_force(people={row[1] for row in rows})
    before = [current.get((person, channel, purpose)) for _, person, channel, purpose in rows]
    publish_columns(
        fact=ConsentChanged,
        columns={
            "occurred_at": [now] * len(rows),
            "person_id": [row[1] for row in rows],
            "channel": [row[2] for row in rows],
            "revision": [2] * len(rows),
            "consent_id": [row[0] for row in rows],
            "purpose": [row[3] for row in rows],
            "granted": [bool(known and known[2]) for known in before],
        },
        now=now,
    )
    return len(rows)


@transaction.atomic
def erase_people(*, root_id: int, now: datetime) -> int:
    """Empty the proof of every statement of this customer; the yes or no itself stays. Answers how many."""
    mine = Consent.objects.filter(person_id__in=records_of(person_id=root_id))
    return mine.update(proof_text="", proof_file="", proof_line=None, proof_ip=None, proof_url="")


def _in_force(*, people: Collection[int]) -> dict[_Key, tuple[int, datetime, bool]]:
    found: dict[_Key, tuple[int, datetime, bool]] = {}
    rows = Consent.objects.filter(among(column="person_id", values=people)).order_by("stated_at", "id")
    for id_, person, channel, purpose, stated_at, granted in rows.values_list(
        "id", "person_id", "channel", "purpose", "stated_at", "granted"
    ):
        found[person, channel, purpose] = (id_, stated_at, granted)
    return found


def _add(
    *, statements: Sequence[ConsentStatement], actor: str, import_id: int | None, now: datetime, wake: bool
) -> list[int]:
    if not statements:
        return []
    hold_consent()
    ids = list(reserve_ids(model=Consent, count=len(statements)))
    insert_rows(
        model=Consent,
        columns=_COLUMNS,
        rows=[
            (
                *(id_, one.person_id, one.channel, one.purpose, one.granted, one.proof.text, one.proof.file),
                *(one.proof.line, one.proof.ip, one.proof.url, actor, import_id, one.stated_at, now),
            )
            for id_, one in zip(ids, statements, strict=True)
        ],
    )
    publish_columns(
        fact=ConsentChanged,
        columns={
            "occurred_at": [one.stated_at for one in statements],
            "person_id": [one.person_id for one in statements],
            "channel": [one.channel for one in statements],
            "revision": [1] * len(ids),
            "consent_id": ids,
            "purpose": [one.purpose for one in statements],
            "granted": [one.granted for one in statements],
        },
        now=now,
        wake=wake,
    )
    return ids
