from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from kizuna.connectors.tables.operations import import_file, undo
from kizuna.connectors.tables.tests.reading import GOLDEN
from kizuna.customers.consent.models import Consent
from kizuna.customers.consent.queries import permission
from kizuna.customers.people.models import Person
from kizuna.customers.people.operations import erase_people

pytestmark = pytest.mark.django_db


def take(path: Path, *, hours: int = 0) -> int:
    now = timezone.now() + timedelta(hours=hours)
    return import_file(path=path, layout=None, mapping=None, actor="user:7", now=now).import_id


def statements() -> list[tuple[str, str, bool, str, str, int | None, str]]:
    rows = Consent.objects.order_by("id")
    columns = ("channel", "purpose", "granted", "proof_text", "proof_file", "proof_line", "actor")
    return list(rows.values_list(*columns))


def test_accepting_mail_is_kept_with_the_column_file_and_line() -> None:
    take(GOLDEN / "shopify_customers.csv")
    name = "shopify_customers.csv"
    assert statements() == [
        ("mail", "marketing", True, "Accepts Email Marketing", name, 2, "user:7"),
        ("mail", "marketing", False, "Accepts Email Marketing", name, 3, "user:7"),
    ]
    take(GOLDEN / "shopify_customers.csv", hours=1)
    assert Consent.objects.count() == 2


def test_a_marketplaces_customers_take_no_advertising() -> None:
    take(GOLDEN / "rakuten_rms_orders.csv")
    assert Consent.objects.exists()
    assert {(granted, text) for _, _, granted, text, *_ in statements()} == {(False, "楽天RMS 受注（楽天ペイ）")}


def test_a_table_that_does_not_say_states_nothing() -> None:
    take(GOLDEN / "generic_orders.csv")
    assert Person.objects.exists()
    assert not Consent.objects.exists()


def test_a_hub_of_shops_and_malls_takes_nothing_back_and_its_relay_addresses_stay_closed(tmp_path: Path) -> None:
    text = (GOLDEN / "nextengine_orders.csv").read_bytes().decode("cp932")
    head, row = text.splitlines()
    relayed = row.replace("yahoo-10023", "rakuten-1").replace("rin.m@example.jp", "0123abcd@pc.fw.rakuten.ne.jp")
    (tmp_path / "hub.csv").write_bytes(
        "\r\n".join([head, row, relayed.replace("0921112222", "0921113333")]).encode("cp932")
    )
    (tmp_path / "own.csv").write_text("customer,email,accepts_mail\nC1,rin.m@example.jp,1\n", encoding="utf-8")
    take(tmp_path / "own.csv")
    take(tmp_path / "hub.csv", hours=1)
    assert [row[2] for row in statements()] == [True]
    (own,) = Person.objects.filter(email="rin.m@example.jp", source="nextengine")
    (relay,) = Person.objects.filter(email__contains="rakuten")
    assert permission(person_id=own.pk, channel="mail", purpose="marketing").allowed
    assert not permission(person_id=relay.pk, channel="mail", purpose="marketing").allowed


def test_undo_takes_the_consent_back_with_its_people(tmp_path: Path) -> None:
    first = take(GOLDEN / "shopify_customers.csv")
    text = (GOLDEN / "shopify_customers.csv").read_text(encoding="utf-8").replace(",yes,", ",no,", 1)
    (tmp_path / "later.csv").write_text(text, encoding="utf-8")
    second = take(tmp_path / "later.csv", hours=1)
    assert [row[2] for row in statements()] == [True, False, False]
    undo(import_id=second, actor="user:7", now=timezone.now() + timedelta(hours=2))
    assert [row[2] for row in statements()] == [True, False]
    undo(import_id=first, actor="user:7", now=timezone.now() + timedelta(hours=2))
    assert not Consent.objects.exists()
    assert not Person.objects.exists()


def test_a_list_brings_no_erased_person_back_by_their_consent() -> None:
    take(GOLDEN / "shopify_customers.csv")
    sakura = Person.objects.get(email="sakura.mori@example.jp")
    erase_people(root_id=sakura.pk, now=timezone.now())
    before = Person.objects.count(), Consent.objects.count()
    take(GOLDEN / "shopify_customers.csv", hours=1)
    assert (Person.objects.count(), Consent.objects.count()) == before
