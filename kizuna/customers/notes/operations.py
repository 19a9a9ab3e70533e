"""Verbs on staff notes: take, edit, erase."""

from datetime import datetime

from django.db import transaction

from kizuna.customers.notes.models import Note, NoteEdit
from kizuna.customers.notes.rules import check_note
from kizuna.customers.people.operations import tie_to_stores
from kizuna.customers.people.queries import records_of
from kizuna.customers.products.models import Product
from kizuna.customers.stores.operations import ensure_stores
from kizuna.errors import NotFound
from kizuna.facts.catalogue import NoteTaken
from kizuna.facts.outbox.operations import publish
from kizuna.words import Words


class NoSuchNote(NotFound):
    """No note has this id, or not for this member of staff."""

    code = "no_such_note"

    def __init__(self, *, note_id: int) -> None:
        super().__init__(Words(ja="このメモは見つかりません。", en="There is no such note."))
        self.note_id = note_id


@transaction.atomic
def take_note(
    *,
    person_id: int | None,
    text: str,
    kind: str,
    store: str,
    author_id: int | None,
    now: datetime,
    product: str = "",
    wake: bool = True,
) -> int:
    """Keep a note about a customer (or, without one, about a visit) and answer its id.

    Raises: NoteNotAccepted, NoSuchPerson.
    """
    kept = check_note(text=text, kind=kind)
    if person_id is not None:
        records_of(person_id=person_id)
    place = ensure_stores(names=[store]).get(store)
    note = Note.objects.create(
        person_id=person_id,
        text=kept,
        kind=kind,
        store_id=place[0] if place else None,
        product=Product.objects.filter(code=product).first() if product else None,
        author_id=author_id,
        taken_at=now,
        revision=1,
    )
    if person_id is not None and place:
        tie_to_stores(pairs={(person_id, place[0])})
    _publish(note=note, now=now, wake=wake)
    return note.pk


@transaction.atomic
def edit_note(*, note_id: int, text: str, kind: str, editor_id: int | None, now: datetime) -> None:
    """Replace a note's wording; the earlier wording is kept with the editor's name.

    Raises: NoSuchNote, NoteNotAccepted.
    """
    kept = check_note(text=text, kind=kind)
    note = Note.objects.select_for_update().filter(pk=note_id).first()
    if note is None:
        raise NoSuchNote(note_id=note_id)
    if (note.text, note.kind) == (kept, kind):
        return
    NoteEdit.objects.create(note=note, text=note.text, kind=note.kind, editor_id=editor_id, replaced_at=now)
    note.text, note.kind, note.revision = kept, kind, note.revision + 1
    note.save(update_fields=["text", "kind", "revision"])
    _publish(note=note, now=now, wake=True)


@transaction.atomic
def erase_people(*, root_id: int, now: datetime) -> int:
    """Empty the notes about this customer and their earlier wordings; kind, store and day stay. Answers how many."""
    mine = Note.objects.filter(person_id__in=records_of(person_id=root_id))
    NoteEdit.objects.filter(note__in=mine).delete()
    return mine.update(text="")


def _publish(*, note: Note, now: datetime, wake: bool) -> None:
    fact = NoteTaken(
        occurred_at=note.taken_at,
        person_id=note.person_id,
        touchpoint="store" if note.store_id else "support",
        channel="store" if note.store_id else "staff",
        revision=note.revision,
        note_id=note.pk,
        kind=note.kind,
        store=note.store.code if note.store else "",
        product=note.product.code if note.product else "",
    )
    publish(facts=[fact], now=now, wake=wake)
