"""The store scope reaches customers, voices and figures."""

from kizuna.customers.people.queries import find_people
from kizuna.customers.staff.rules import Role
from kizuna.web.tests.conftest import SignedIn


def test_a_customer_of_another_store_does_not_exist_for_them(shop: int, signed_in: SignedIn) -> None:
    store_staff = signed_in(Role.STORE_STAFF)
    (own,) = find_people(text="c1@example.jp")
    assert store_staff.get(f"/customers/{own}/").status_code == 200
    assert store_staff.get(f"/customers/{shop}/").status_code == 404
    assert store_staff.post(f"/customers/{shop}/note/", {"text": "x", "kind": "other"}).status_code == 404


def test_the_list_shows_only_their_customers(shop: int, signed_in: SignedIn) -> None:
    page = signed_in(Role.STORE_STAFF).get("/customers/").content.decode()
    assert "田中 1<" in page
    assert "田中 0<" not in page


def test_the_figures_are_those_of_their_store_whatever_the_address_says(shop: int, signed_in: SignedIn) -> None:
    page = signed_in(Role.STORE_STAFF).get("/metrics/nps/?store=web").content.decode()
    assert "n=15" in page
    assert "n=30" not in page
    assert "n=30" in signed_in(Role.MANAGER).get("/metrics/nps/").content.decode()


def test_voices_from_another_store_are_not_read_out(shop: int, signed_in: SignedIn) -> None:
    page = signed_in(Role.STORE_STAFF).get("/voices/").content.decode()
    assert "声 1 " in page
    assert "声 0 " not in page


def test_an_analyst_reads_voices_without_contact_data_or_names(shop: int, signed_in: SignedIn) -> None:
    page = signed_in(Role.ANALYST).get("/voices/").content.decode()
    assert "声 0" in page
    assert "090-1234-5678" not in page
    assert "田中" not in page
