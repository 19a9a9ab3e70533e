"""Staff join records of one customer, and take evidence back."""

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from django.db import transaction

from kizuna.customers.people.models import Evidence, Person
from kizuna.customers.people.operations.link import join_by_keys, recompute
from kizuna.customers.people.operations.lock import hold_identity
from kizuna.customers.people.queries.records import NoSuchPerson
from kizuna.errors import Invalid, NotFound
from kizuna.facts.audit.operations import record
from kizuna.words import Words


class NoSuchEvidence(NotFound):
    """No evidence has this id."""

    code = "no_such_evidence"

    def __init__(self, *, evidence_id: int) -> None:
        super().__init__(Words(ja="この照合の根拠は見つかりません。", en="There is no such identity evidence."))
        self.evidence_id = evidence_id


class NothingToMerge(Invalid):
    """Merging needs at least two different records that have not been erased."""

    code = "nothing_to_merge"

    def __init__(self) -> None:
        super().__init__(
            Words(
                ja="統合するには、消去されていない顧客を2件以上選んでください。",
                en="Choose at least two customers that have not been erased.",
            )
        )


@transaction.atomic
def merge_people(*, person_ids: Sequence[int], actor: str, now: datetime) -> int:
    """State that these records are one customer; answers the root. Being evidence, it can be retracted.

    Raises: NoSuchPerson, NothingToMerge.
    """
    hold_identity()
    people = list(Person.objects.filter(id__in=person_ids))
    missing = set(person_ids) - {person.pk for person in people}
    if missing:
        raise NoSuchPerson(person_id=min(missing))
    if len(people) < 2 or any(person.erased_at for person in people):
        raise NothingToMerge
    key = uuid4().hex
    Evidence.objects.bulk_create(
        Evidence(person=person, kind="manual", key=key, raw=actor, source="staff", strength="strong", observed_at=now)
        for person in people
    )
    join_by_keys(keys=[("manual", key)], now=now)
    root = Person.objects.values_list("root_id", flat=True).get(pk=people[0].pk) or people[0].pk
    record(
        actor=actor, action="people.merged", target=f"person:{root}", detail={"person_ids": sorted(person_ids)}, now=now
    )
    return root


@transaction.atomic
def retract_evidence(*, evidence_id: int, actor: str, now: datetime) -> None:
    """Take one piece of evidence back and recompute its cluster: the un-merge. It stays retracted on re-import.

    Raises: NoSuchEvidence.
    """
    hold_identity()
    evidence = Evidence.objects.filter(pk=evidence_id).first()
    if evidence is None:
        raise NoSuchEvidence(evidence_id=evidence_id)
    if evidence.retracted_at is not None:
        return
    evidence.retracted_at, evidence.retracted_by = now, actor
    evidence.save(update_fields=["retracted_at", "retracted_by"])
    recompute(people=[evidence.person_id], now=now)
    record(
        actor=actor,
        action="people.evidence_retracted",
        target=f"person:{evidence.person_id}",
        detail={"evidence_id": evidence_id, "kind": evidence.kind},
        now=now,
    )
