"""Take in customers as sources saw them, set-wise."""

from collections.abc import Sequence
from datetime import datetime

from kizuna.customers.people.models import Person
from kizuna.customers.people.operations.chunk import Chunk, keys_among
from kizuna.customers.people.operations.link import join_by_keys
from kizuna.customers.people.operations.lock import hold_identity
from kizuna.customers.people.rules import Sighting
from kizuna.customers.stores.queries import among
from kizuna.errors import Invalid
from kizuna.facts.rows.rules import Outcome, Recorded
from kizuna.words import Words


class NobodyToRecognise(Invalid):
    """The row names nobody who could be recognised again."""

    code = "nobody_to_recognise"

    def __init__(self) -> None:
        super().__init__(
            Words(
                ja="顧客を識別できる情報（会員番号・メール・電話・氏名と住所のいずれか）がありません。",
                en="Nothing here identifies a customer (account number, mail, phone, or name with address).",
            )
        )


def record_people(*, sightings: Sequence[Sighting], import_id: int | None, now: datetime) -> list[Outcome]:
    """Record each sighting in its person record and join records that share strong evidence.

    Idempotent: the same sightings again change nothing. A newer sighting replaces what it states, an
    older one fills gaps only. Somebody who was erased is not made anew by a list, however new it is: only
    what they do afterwards brings them back. One outcome per sighting, in order. Call it inside ``atomic()``.
    """
    taken = _take(sightings=sightings, is_list=True, import_id=import_id, now=now)
    return [NobodyToRecognise() if outcome is None else outcome for _, outcome in taken]


def resolve_people(*, sightings: Sequence[Sighting | None], import_id: int | None, now: datetime) -> list[int | None]:
    """The person record ids of these sightings, made where unseen; None where nobody can be recognised."""
    present = [(at, sighting) for at, sighting in enumerate(sightings) if sighting is not None]
    found: list[int | None] = [None] * len(sightings)
    if present:
        seen = [sighting for _, sighting in present]
        taken = _take(sightings=seen, is_list=False, import_id=import_id, now=now)
        for (at, _), (person, _) in zip(present, taken, strict=True):
            found[at] = person
    return found


def recorded_people(*, sightings: Sequence[Sighting]) -> list[int | None]:
    """The person record ids that these sightings have already; None for nobody, the unseen and the erased.

    For what else a row says of its customer: asking again with ``resolve_people`` would make an erased person anew.
    """
    keys = keys_among(sightings=sightings)
    found: dict[tuple[str, str], int] = {}
    known = Person.objects.filter(among(column="record_key", values={key for _, key in keys if key}))
    for id_, source, key in known.values_list("id", "source", "record_key"):
        found[source, key] = id_
    return [found.get(key) for key in keys]


def _take(
    *, sightings: Sequence[Sighting], is_list: bool, import_id: int | None, now: datetime
) -> list[tuple[int | None, Recorded | None]]:
    hold_identity()
    chunk = Chunk(sightings=sightings, is_list=is_list, import_id=import_id, now=now)
    taken = chunk.fold()
    fresh = chunk.write()
    join_by_keys(keys=fresh, now=now)
    return [(record.id if record else None, outcome) for record, outcome in taken]
