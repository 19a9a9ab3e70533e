"""Notes at the till and on the phone (L12): text for staff, kind and place as facts, edits kept."""

import pytest

from kizuna.customers.notes.models import NoteEdit
from kizuna.customers.notes.operations import NoSuchNote, edit_note, erase_people, take_note
from kizuna.customers.notes.queries import notes_of
from kizuna.customers.notes.rules import NoteNotAccepted
from kizuna.customers.orders.tests.cast import facts
from kizuna.customers.people.queries import served_by
from kizuna.customers.people.tests.cast import CAST, NOON, at, resolve
from kizuna.customers.staff.operations import create_user
from kizuna.customers.stores.operations import describe_store

pytestmark = pytest.mark.django_db


def take(person: int | None, *, text: str = "玉露をお探し。次回の入荷をお知らせする。", store: str = "ginza") -> int:
    author = create_user(email=f"{len(text)}@shop.example", name="佐々木", role="store_staff", now=NOON)
    return take_note(person_id=person, text=text, kind="preference", store=store, author_id=author, now=NOON)


def test_a_note_keeps_its_words_for_staff_and_tells_the_lake_only_kind_and_place() -> None:
    describe_store(code="ginza", name="銀座店")
    (web,) = resolve(CAST.misaki_web)
    note = take(web)
    (card,) = notes_of(person_ids=[web])
    assert (card.note_id, card.author, card.store_name, card.kind) == (note, "佐々木", "銀座店", "preference")
    (fact,) = facts("NoteTaken")
    assert (fact.kind, fact.store, fact.touchpoint, fact.channel) == ("preference", "ginza", "store", "store")
    assert served_by(person_ids=[web], stores=frozenset({"ginza"}))


def test_an_edit_keeps_the_earlier_wording_and_its_editor() -> None:
    (web,) = resolve(CAST.misaki_web)
    note = take(web)
    editor = create_user(email="m@shop.example", name="松本", role="manager", now=NOON)
    edit_note(note_id=note, text="玉露をお探し。入荷済み。", kind="complaint", editor_id=editor, now=at(days=1))
    edit_note(note_id=note, text="玉露をお探し。入荷済み。", kind="complaint", editor_id=editor, now=at(days=2))
    (card,) = notes_of(person_ids=[web])
    assert [(edit.editor, edit.kind) for edit in card.edits] == [("松本", "preference")]
    assert [(fact.revision, fact.kind) for fact in facts("NoteTaken")] == [(1, "preference"), (2, "complaint")]


def test_a_scope_hides_other_stores_notes() -> None:
    (web,) = resolve(CAST.misaki_web)
    take(web, text="銀座の話", store="ginza")
    take(web, text="電話でのお話でした", store="")
    take(web, text="梅田店での話", store="umeda")
    seen = notes_of(person_ids=[web], stores=frozenset({"ginza"}))
    assert {card.text for card in seen} == {"銀座の話", "電話でのお話でした"}


def test_an_empty_note_or_an_unknown_kind_is_refused() -> None:
    with pytest.raises(NoteNotAccepted):
        take_note(person_id=None, text="  ", kind="other", store="", author_id=None, now=NOON)
    with pytest.raises(NoteNotAccepted):
        take_note(person_id=None, text="a", kind="gossip", store="", author_id=None, now=NOON)
    with pytest.raises(NoSuchNote):
        edit_note(note_id=999, text="a", kind="other", editor_id=None, now=NOON)


def test_erasing_empties_the_note_and_its_history() -> None:
    (web,) = resolve(CAST.misaki_web)
    note = take(web)
    edit_note(note_id=note, text="別の文面", kind="other", editor_id=None, now=at(days=1))
    assert erase_people(root_id=web, now=at(days=2)) == 1
    (card,) = notes_of(person_ids=[web])
    assert (card.text, card.edits, NoteEdit.objects.count()) == ("", (), 0)
