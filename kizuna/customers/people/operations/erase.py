"""Empty a customer's records. What they bought and answered stays, as nobody's in particular."""

from datetime import datetime

from django.db import transaction

from kizuna.customers.people.models import Evidence, Person, PersonImage
from kizuna.customers.people.operations.lock import hold_identity
from kizuna.customers.people.operations.tombstones import tombstone_of
from kizuna.customers.people.queries.records import records_of
from kizuna.customers.people.rules import FIELDS

_EMPTIED: dict[str, object] = dict.fromkeys(FIELDS, "") | {"birth_date": None, "accepts_mail": None}


@transaction.atomic
def erase_people(*, root_id: int, now: datetime) -> int:
    """Erase names, contact, notes and earlier versions of every record of this customer; answers how many records.

    Keys become keyed hashes: the records stay joined as they were, so every number keeps its value, and an
    old file that is imported again finds the emptied record instead of making the person anew.
    """
    hold_identity()
    records = records_of(person_id=root_id)
    PersonImage.objects.filter(person_id__in=records).delete()
    for person in Person.objects.filter(id__in=records, erased_at=None):
        stone = tombstone_of(key=person.record_key)
        if Person.objects.filter(source=person.source, record_key=stone).exists():
            # The same key was erased before and came back: only the latest record needs to be found again.
            old = Person.objects.filter(source=person.source, record_key=stone)
            old.update(record_key=f"{stone}:{old.values_list('id', flat=True)[0]}")
        Person.objects.filter(pk=person.pk).update(
            **_EMPTIED, name_key="", kana_key="", mail_flags="", record_key=stone, erased_at=now
        )
    for evidence in Evidence.objects.filter(person_id__in=records).exclude(key__startswith="erased:"):
        raw = evidence.raw if evidence.kind == "manual" else ""
        Evidence.objects.filter(pk=evidence.pk).update(key=tombstone_of(key=evidence.key), raw=raw)
    return len(records)
