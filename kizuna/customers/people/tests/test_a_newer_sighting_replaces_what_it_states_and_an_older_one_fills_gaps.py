"""The record says what was seen last; imports may come in any order of time."""

import pytest
from msgspec.structs import replace

from kizuna.customers.people.models import Person
from kizuna.customers.people.rules import Sighting
from kizuna.customers.people.tests.cast import CAST, at, record

pytestmark = pytest.mark.django_db


def test_newer_text_wins_and_silence_forgets_nothing() -> None:
    record(CAST.misaki_web)
    moved = replace(CAST.misaki_web, observed_at=at(days=5), city="目黒区", address="中目黒1-1", phone="", postcode="")
    assert record(moved) == ["amended"]
    person = Person.objects.get()
    assert (person.city, person.phone) == ("目黒区", "090-1234-5678")
    assert person.observed_at == at(days=5)


def test_an_older_sighting_fills_gaps_only() -> None:
    record(replace(CAST.misaki_web, observed_at=at(days=5), company=""))
    old = replace(CAST.misaki_web, observed_at=at(days=1), company="絆商店", city="港区")
    assert record(old) == ["amended"]
    person = Person.objects.get()
    assert (person.company, person.city, person.observed_at) == ("絆商店", "渋谷区", at(days=5))


def test_the_original_text_stands_untouched_beside_its_key() -> None:
    record(CAST.misaki_web)
    person = Person.objects.get()
    assert (person.family_name, person.family_kana, person.email) == ("髙橋", "たかはし", "Misaki.Takahashi@example.jp")
    assert (person.name_key, person.kana_key) == ("高橋美咲", "タカハシミサキ")


def test_the_same_file_again_changes_nothing_even_when_it_holds_a_customer_twice() -> None:
    moved = replace(CAST.misaki_web, observed_at=at(days=5), city="目黒区")
    assert record(CAST.misaki_web, moved) == ["created", "amended"]
    before = Person.objects.values().get()
    assert record(CAST.misaki_web, moved, import_id=1) == ["unchanged", "unchanged"]
    assert Person.objects.values().get() == before


def test_a_no_to_mail_is_a_statement_and_not_a_gap() -> None:
    record(replace(CAST.misaki_web, accepts_mail=True))
    record(replace(CAST.misaki_web, accepts_mail=False, observed_at=at(days=1)))
    assert Person.objects.get().accepts_mail is False


def test_a_row_that_only_names_its_customer_confirms_nothing_that_is_known() -> None:
    record(CAST.misaki_web)
    before = Person.objects.values().get()
    assert record(_only_named(days=9)) == ["unchanged"]
    assert Person.objects.values().get() == before
    assert record(replace(CAST.misaki_web, observed_at=at(days=5), city="目黒区")) == ["amended"]
    person = Person.objects.get()
    assert (person.city, person.observed_at) == ("目黒区", at(days=5))


def test_who_was_only_named_so_far_is_as_old_as_the_first_that_is_said_of_them() -> None:
    assert record(_only_named(days=9)) == ["created"]
    assert record(CAST.misaki_web) == ["amended"]
    assert Person.objects.get().observed_at == at()
    assert record(replace(CAST.misaki_web, observed_at=at(days=5), city="目黒区")) == ["amended"]
    assert Person.objects.get().city == "目黒区"


def _only_named(*, days: float) -> Sighting:
    return Sighting(source=CAST.misaki_web.source, observed_at=at(days=days), account_id=CAST.misaki_web.account_id)
