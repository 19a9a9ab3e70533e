"""What was recorded is what the pages say, with its uncertainty beside it."""

import io

import openpyxl
from django.utils import timezone

from kizuna.customers.people.queries import find_people, profile
from kizuna.customers.staff.rules import Role
from kizuna.understand.metrics.queries import measure
from kizuna.web.figures import show
from kizuna.web.tests.conftest import SignedIn


def test_an_empty_shop_is_told_what_to_do_first(signed_in: SignedIn) -> None:
    assert "まずは注文を取り込みましょう" in signed_in(Role.OWNER).get("/").content.decode()


def test_the_metric_page_says_the_metrics_own_value_and_interval(shop: int, signed_in: SignedIn) -> None:
    page = signed_in(Role.OWNER).get("/metrics/nps/").content.decode()
    shown = show(measure(metric="nps", now=timezone.now())[0].result)
    assert shown.value in page
    assert shown.range_text in page
    assert "SELECT" in page


def test_the_export_carries_the_interval_of_each_group(shop: int, signed_in: SignedIn) -> None:
    answer = signed_in(Role.OWNER).get("/metrics/nps/export/?split=touchpoint&format=xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.getvalue()))["nps"]
    rows = list(sheet.iter_rows(values_only=True))
    assert [row[0] for row in rows[1:]] == ["store", "delivery"]
    for row in rows[1:]:
        value, low, high = (float(str(cell)) for cell in row[1:4])
        assert low < value < high


def test_a_customer_shows_orders_parcels_answers_and_evidence(shop: int, signed_in: SignedIn) -> None:
    page = signed_in(Role.AGENT).get(f"/customers/{shop}/").content.decode()
    for text in ("田中 0", "1,000円", "約束どおり届きました", "声 0", "c0@example.jp", "アカウント"):
        assert text in page


def test_a_note_stands_on_the_timeline(shop: int, signed_in: SignedIn) -> None:
    client = signed_in(Role.AGENT)
    client.post(f"/customers/{shop}/note/", {"text": "薄い煎茶がお好み", "kind": "preference", "store": ""})
    assert "薄い煎茶がお好み" in client.get(f"/customers/{shop}/").content.decode()


def test_two_customers_are_joined_and_parted_again(shop: int, signed_in: SignedIn) -> None:
    client = signed_in(Role.MANAGER)
    (other,) = find_people(text="c1@example.jp")
    client.post(f"/customers/{shop}/merge/", {"other": str(other)})
    joined = profile(person_id=other)
    assert joined.root_id == shop
    manual = next(card for card in joined.evidence if card.kind == "manual" and card.person_id == other)
    client.post(f"/customers/{shop}/evidence/{manual.evidence_id}/retract/")
    assert profile(person_id=other).root_id == other


def test_evidence_of_somebody_else_cannot_be_taken_back_here(shop: int, signed_in: SignedIn) -> None:
    (other,) = find_people(text="c1@example.jp")
    evidence = profile(person_id=other).evidence[0].evidence_id
    assert signed_in(Role.MANAGER).post(f"/customers/{shop}/evidence/{evidence}/retract/").status_code == 422


def test_taking_the_customer_list_is_written_down(shop: int, signed_in: SignedIn) -> None:
    signed_in(Role.OWNER).get("/customers/export/?format=csv")
    assert "customers.export" in signed_in(Role.OWNER).get("/settings/audit/").content.decode()


def test_characters_that_shift_jis_lacks_refuse_the_file_instead_of_losing_them(shop: int, signed_in: SignedIn) -> None:
    client = signed_in(Role.OWNER)
    client.post("/settings/stores/edit/", {"code": "s", "name": "🍵", "kind": "shop"})
    client.post(f"/customers/{shop}/note/", {"text": "x", "kind": "other", "store": "s"})
    assert client.get("/customers/export/?format=cp932").status_code == 200
    assert client.get("/customers/export/?format=pdf").status_code == 422


def test_an_order_number_leads_to_its_customer(shop: int, signed_in: SignedIn) -> None:
    answer = signed_in(Role.AGENT).get("/customers/?q=o0-0")
    assert answer.headers["Location"] == f"/customers/{shop}/"
    # Kyoto has not served this customer, so for its staff the number leads nowhere.
    assert "該当するお客様は見つかりません" in signed_in(Role.STORE_STAFF).get("/customers/?q=o0-0").content.decode()
