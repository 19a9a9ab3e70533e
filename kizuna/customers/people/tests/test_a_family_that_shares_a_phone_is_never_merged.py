"""A phone is evidence, but a weak one: it is shown and searched, and joins nobody."""

import pytest
from msgspec.structs import replace

from kizuna.customers.people.models import Evidence, Person
from kizuna.customers.people.queries import search
from kizuna.customers.people.rules import Sighting
from kizuna.customers.people.tests.cast import CAST, NOON, record

pytestmark = pytest.mark.django_db


def test_two_people_with_one_phone_stay_two_customers_that_the_phone_finds() -> None:
    record(CAST.taro_suzuki, CAST.hanako_suzuki)
    assert Person.objects.filter(root=None).count() == 2
    assert [hit.name for hit in search(text="03-5555-1212", stores=None, limit=9)] == ["鈴木 花子", "鈴木 太郎"]


def test_guests_with_one_phone_are_told_apart_by_name() -> None:
    taro = Sighting(source="tel", observed_at=NOON, phone="03-5555-1212", display_name="鈴木 太郎")
    assert record(taro, replace(taro, display_name="鈴木 花子"), replace(taro, display_name="鈴木太郎 様")) == [
        "created",
        "created",
        "amended",
    ]


def test_a_placeholder_address_of_the_till_joins_nobody() -> None:
    record(
        replace(CAST.taro_suzuki, email="none@example.jp"),
        replace(CAST.hanako_suzuki, email="none@example.jp"),
    )
    assert Person.objects.filter(root=None).count() == 2
    assert set(Evidence.objects.filter(kind="mail").values_list("strength", flat=True)) == {"weak"}


def test_a_name_alone_identifies_nobody() -> None:
    (outcome,) = record(Sighting(source="tel", observed_at=NOON, display_name="田中 太郎"))
    assert getattr(outcome, "code", outcome) == "nobody_to_recognise"
    assert not Person.objects.exists()
