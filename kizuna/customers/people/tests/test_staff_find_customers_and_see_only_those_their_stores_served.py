"""Search answers to name, reading, mail, phone, card and number; a store's staff see the store's customers."""

import pytest
from django.db import transaction

from kizuna.customers.people.operations import merge_people, tie_to_stores
from kizuna.customers.people.queries import NoSuchPerson, find_people, profile, search
from kizuna.customers.people.tests.cast import CAST, NOON, resolve
from kizuna.customers.stores.operations import describe_store

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "text",
    [
        "髙橋",
        "高橋 美咲",
        "タカハシ",
        "たかはし",
        "misaki.takahashi@EXAMPLE.jp",
        "misaki.t",
        "090 1234 5678",
        "2900000000777",
        "W-1001",
    ],
)
def test_one_hit_for_one_customer_whatever_staff_are_told(text: str) -> None:
    web, *_ = resolve(CAST.misaki_web, CAST.misaki_till, CAST.taro_suzuki)
    hits = search(text=text, stores=None, limit=10)
    assert [hit.root_id for hit in hits] == [web]
    assert hits[0].sources == ("webshop", "smaregi")


def test_a_scope_shows_whom_the_store_has_served_through_any_record() -> None:
    web, till, taro, hanako = resolve(CAST.misaki_web, CAST.misaki_till, CAST.taro_suzuki, CAST.hanako_suzuki)
    ginza = describe_store(code="ginza", name="銀座店")
    with transaction.atomic():
        tie_to_stores(pairs={(till, ginza)})
        tie_to_stores(pairs={(till, ginza)})
    assert [hit.root_id for hit in search(text="", stores=frozenset({"ginza"}), limit=10)] == [web]
    assert profile(person_id=web, stores=frozenset({"ginza"})).root_id == web
    with pytest.raises(NoSuchPerson):
        profile(person_id=taro, stores=frozenset({"ginza"}))
    assert search(text="", stores=frozenset(), limit=10) == []
    merge_people(person_ids=[taro, hanako], actor="user:1", now=NOON)
    assert [hit.root_id for hit in search(text="", stores=None, limit=10)] == [taro, web]


def test_the_command_line_finds_by_number_and_by_mail() -> None:
    web, till = resolve(CAST.misaki_web, CAST.misaki_till)
    assert find_people(text=str(till)) == (web,)
    assert find_people(text="misaki.takahashi@example.jp") == (web,)
    for text in ("999999", "nobody@example.jp", "高橋"):
        with pytest.raises(NoSuchPerson):
            find_people(text=text)
