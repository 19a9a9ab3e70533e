"""Take an import's people out again."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import F, ForeignObjectRel, Model, Q, QuerySet

from kizuna.customers.people.models import Evidence, Person, PersonImage, StoreTie
from kizuna.customers.people.operations.images import read_image
from kizuna.customers.people.operations.link import recompute
from kizuna.customers.people.operations.lock import hold_identity
from kizuna.customers.people.rules import FIELDS, KEYS, keys_of, unwound
from kizuna.customers.people.rules.images import Image
from kizuna.customers.stores.rules import slices
from kizuna.facts.rows.operations import update_rows


def undo_import(*, import_id: int, now: datetime) -> int:
    """Remove the records and evidence that only this import stated and restore what it amended; answers how many.

    Undo orders, answers and reviews of the import first: a record that anything still points at is kept.
    Call it inside ``atomic()``.
    """
    hold_identity()
    touched = _forget_evidence(import_id=import_id)
    restored = _restore(import_id=import_id)
    Person.objects.filter(~Q(first_import_id=import_id), last_import_id=import_id).update(
        last_import_id=F("first_import_id")
    )
    Person.objects.filter(~Q(last_import_id=import_id), first_import_id=import_id).update(
        first_import_id=F("last_import_id")
    )
    removed = _remove_created(import_id=import_id, now=now)
    recompute(people=touched - removed, now=now)
    return len(restored | removed)


def _forget_evidence(*, import_id: int) -> set[int]:
    alone = Evidence.objects.filter(first_import_id=import_id, last_import_id=import_id, retracted_at=None)
    touched = set(alone.values_list("person_id", flat=True))
    alone.delete()
    # Retracted evidence stays, belonging to no import: a later import must find the refusal.
    Evidence.objects.filter(first_import_id=import_id, last_import_id=import_id).update(
        first_import_id=None, last_import_id=None
    )
    Evidence.objects.filter(first_import_id=import_id).update(first_import_id=F("last_import_id"))
    Evidence.objects.filter(last_import_id=import_id).update(last_import_id=F("first_import_id"))
    return touched


def _restore(*, import_id: int) -> set[int]:
    people = sorted(set(PersonImage.objects.filter(import_id=import_id).values_list("person_id", flat=True)))
    rows = []
    for part in slices(items=people):
        histories: dict[int, list[Image]] = defaultdict(list)
        found = PersonImage.objects.filter(person_id__in=part).order_by("id")
        for id_, person, by, content in found.values_list("id", "person_id", "import_id", "content"):
            histories[person].append(Image(id=id_, import_id=by, content=content))
        for person, images in histories.items():
            undone = unwound(images=images, import_id=import_id, created=False)
            PersonImage.objects.filter(id__in=undone.drop).delete()
            for image, content in undone.rewrite:
                PersonImage.objects.filter(id=image).update(content=content)
            if undone.restore is not None:
                values, observed_at = read_image(content=undone.restore)
                rows.append((person, observed_at, *values, *keys_of(values=values)))
    if rows:
        update_rows(model=Person, columns=("id", "observed_at", *FIELDS, *KEYS), rows=rows)
    return set(people)


def _remove_created(*, import_id: int, now: datetime) -> set[int]:
    created = list(
        Person.objects.filter(first_import_id=import_id, last_import_id=import_id).values_list("id", flat=True)
    )
    gone = set(created) - set(_in_use(people=created))
    for part in slices(items=sorted(gone)):
        # Without evidence each becomes a cluster of its own, so nobody stays rooted in a record that goes.
        Evidence.objects.filter(person_id__in=part).delete()
        recompute(people=part, now=now)
        Person.objects.filter(id__in=part).delete()
    return gone


def _in_use(*, people: Sequence[int]) -> Iterable[int]:
    """The records that rows of any room point at. The rooms above are unknown here; the database knows them."""
    own = {Evidence, PersonImage, StoreTie, Person}
    relations = Person._meta.get_fields(include_hidden=True)  # noqa: SLF001 (Django's documented name)
    for relation in relations:
        if not isinstance(relation, ForeignObjectRel) or relation.related_model in own:
            continue
        name = f"{relation.field.name}_id"
        rows: QuerySet[Model] = QuerySet(relation.related_model)
        for part in slices(items=people):
            yield from rows.filter(**{f"{name}__in": part}).values_list(name, flat=True)
