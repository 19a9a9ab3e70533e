"""Files name stores by code or by name; an unknown one is made."""

import pytest

from kizuna.customers.stores.operations import describe_store, ensure_stores
from kizuna.customers.stores.queries import all_stores, store_names

pytestmark = pytest.mark.django_db


def test_a_code_and_a_name_lead_to_one_store_and_an_empty_one_to_none() -> None:
    ginza = describe_store(code="S01", name="銀座店")
    found = ensure_stores(names=["S01", "銀座店 ", "", "梅田店", "公式オンラインストア"])
    assert found["S01"] == found["銀座店 "] == (ginza, "S01")
    assert "" not in found
    assert ensure_stores(names=["梅田店"])["梅田店"] == found["梅田店"]
    assert store_names()["S01"] == "銀座店"
    assert [(card.code, card.kind) for card in all_stores()] == [
        ("公式オンラインストア", "web"),
        ("S01", "shop"),
        ("梅田店", "shop"),
    ]
    assert [card.code for card in all_stores(stores=frozenset({"S01"}))] == ["S01"]
