"""Nouns about staff notes."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import CharField, Q, Value
from django.db.models.functions import Coalesce

from kizuna.customers.notes.models import Note, NoteEdit
from kizuna.customers.stores.queries import among
from kizuna.facts.rows.queries import Part, moments


@dataclass(frozen=True, slots=True, kw_only=True)
class EditCard:
    """An earlier wording."""

    text: str
    kind: str
    editor: str
    replaced_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteCard:
    """One note with its history, the newest earlier wording first."""

    note_id: int
    person_id: int | None
    text: str
    kind: str
    store: str
    store_name: str
    product: str
    author: str
    taken_at: datetime
    edits: tuple[EditCard, ...]


def notes_of(*, person_ids: Collection[int], stores: frozenset[str] | None = None) -> list[NoteCard]:
    """Notes about these records, newest first; with a scope only those of its stores and those of no store."""
    found = Note.objects.filter(person_id__in=list(person_ids)).select_related("store", "product", "author")
    if stores is not None:
        found = found.filter(Q(store=None) | Q(store__code__in=list(stores)))
    notes = list(found.order_by("-taken_at", "-id"))
    edits: dict[int, list[EditCard]] = defaultdict(list)
    edited = [note for note in notes if note.revision > 1]
    history = NoteEdit.objects.filter(note__in=edited).select_related("editor").order_by("-replaced_at", "-id")
    for edit in history if edited else ():
        card = EditCard(
            text=edit.text,
            kind=edit.kind,
            editor=edit.editor.name if edit.editor else "",
            replaced_at=edit.replaced_at,
        )
        edits[edit.note_id].append(card)
    return [
        NoteCard(
            note_id=note.pk,
            person_id=note.person_id,
            text=note.text,
            kind=note.kind,
            store=note.store.code if note.store else "",
            store_name=note.store.name if note.store else "",
            product=note.product.code if note.product else "",
            author=note.author.name if note.author else "",
            taken_at=note.taken_at,
            edits=tuple(edits[note.pk]),
        )
        for note in notes
    ]


def moments_of(*, person_ids: Collection[int], stores: frozenset[str] | None = None) -> list[Part]:
    """The same notes as moments («note»: the name is their kind, the state who wrote it, the place the store)."""
    found = Note.objects.filter(among(column="person_id", values=person_ids))
    if stores is not None:
        found = found.filter(Q(store=None) | Q(store__code__in=list(stores)))
    nobody = Value("", output_field=CharField())
    return [
        moments(
            found=found,
            kind="note",
            at="taken_at",
            name_ja="kind",
            name_en="kind",
            place=Coalesce("store__name", nobody),
            state=Coalesce("author__name", nobody),
            text="text",
        )
    ]


def export_people(*, person_ids: Sequence[int]) -> dict[str, object]:
    """Every note with its earlier wordings, labelled in Japanese."""
    return {
        "スタッフのメモ": [
            {
                "日時": card.taken_at,
                "種類": card.kind,
                "店舗": card.store_name,
                "記入者": card.author,
                "本文": card.text,
                "変更前": [{"本文": edit.text, "変更日時": edit.replaced_at} for edit in card.edits],
            }
            for card in notes_of(person_ids=person_ids)
        ]
    }
