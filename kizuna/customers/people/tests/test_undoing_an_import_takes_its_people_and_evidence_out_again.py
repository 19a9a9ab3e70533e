"""After an undo the records say what they said before, and people whom something points at stay."""

from collections.abc import Mapping
from datetime import datetime

import pytest
from django.db import transaction
from msgspec.structs import replace

from kizuna.customers.people.models import Evidence, Person, PersonImage
from kizuna.customers.people.operations import undo_import
from kizuna.customers.people.queries import records_of
from kizuna.customers.people.rules.images import Image, unwound
from kizuna.customers.people.tests.cast import CAST, NOON, at, linked, record, resolve

pytestmark = pytest.mark.django_db


def undo(import_id: int, now: datetime = NOON) -> int:
    with transaction.atomic():
        return undo_import(import_id=import_id, now=now)


def content() -> Mapping[str, object]:
    return Person.objects.values("id", "city", "email", "phone", "name_key", "observed_at").get(source="webshop")


def test_what_the_import_created_is_gone_and_what_it_amended_is_back() -> None:
    record(CAST.misaki_web, import_id=1)
    before = content()
    moved = replace(CAST.misaki_web, observed_at=at(days=2), city="目黒区", email="new@example.jp")
    record(moved, CAST.taro_suzuki, CAST.misaki_till, import_id=2)
    assert undo(2) == 3
    assert content() == before
    assert Person.objects.count() == 1
    assert set(Evidence.objects.filter(kind="mail").values_list("raw", flat=True)) == {CAST.misaki_web.email}
    assert not PersonImage.objects.exists()


def test_a_cluster_that_only_the_import_had_joined_falls_apart_again() -> None:
    web, taro = resolve(CAST.misaki_web, CAST.taro_suzuki, import_id=1)
    record(replace(CAST.taro_suzuki, email=CAST.misaki_web.email), import_id=2)
    assert records_of(person_id=taro) == (web, taro)
    undo(2)
    assert records_of(person_id=taro) == (taro,)
    assert linked()[-1] == (taro, taro, 2)


def test_evidence_and_people_that_another_import_states_too_stay() -> None:
    record(CAST.misaki_web, import_id=1)
    record(CAST.misaki_web, CAST.misaki_till, import_id=2)
    undo(1)
    assert Person.objects.count() == 2
    assert Person.objects.filter(root=None).count() == 1
    undo(2)
    assert not Person.objects.exists()


def test_a_later_import_keeps_its_word_when_an_earlier_one_is_undone() -> None:
    record(CAST.misaki_web, import_id=1)
    record(replace(CAST.misaki_web, observed_at=at(days=1), city="港区"), import_id=2)
    record(replace(CAST.misaki_web, observed_at=at(days=2), city="目黒区"), import_id=3)
    undo(2)
    assert Person.objects.get().city == "目黒区"
    undo(3)
    assert Person.objects.get().city == "渋谷区"


def test_the_rule_takes_an_import_out_wherever_it_stands_in_the_history() -> None:
    history = [Image(id=1, import_id=7, content="a"), Image(id=2, import_id=8, content="b")]
    assert unwound(images=history, import_id=8, created=False).restore == "b"
    middle = unwound(images=history, import_id=7, created=False)
    assert (middle.restore, middle.rewrite, middle.drop) == (None, ((2, "a"),), (1,))
    first = unwound(images=history[1:], import_id=7, created=True)
    assert (first.delete_row, first.creator_changes, first.created_by, first.drop) == (False, True, 8, (2,))
    assert unwound(images=[], import_id=7, created=True).delete_row
