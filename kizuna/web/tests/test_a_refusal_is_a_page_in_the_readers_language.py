"""Refusals get their status in one place, as a page for people and as JSON for programs."""

import pytest
from django.test import Client

from kizuna.customers.staff.rules import Role
from kizuna.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal
from kizuna.web.refusals import status_of
from kizuna.web.tests.conftest import SignedIn
from kizuna.words import Words


@pytest.mark.parametrize(("kind", "status"), [(NotFound, 404), (NotAllowed, 403), (Invalid, 422), (Conflict, 409)])
def test_each_refusal_has_its_status(kind: type[Refusal], status: int) -> None:
    class Special(kind):  # type: ignore[misc, valid-type]
        pass

    assert status_of(refusal=Special(Words(ja="だめ", en="no"))) == status


def test_a_missing_customer_is_told_in_japanese_and_in_english(signed_in: SignedIn) -> None:
    client = signed_in(Role.AGENT)
    page = client.get("/customers/999/")
    assert page.status_code == 404
    assert "該当する顧客は見つかりません。" in page.content.decode()
    client.cookies["django_language"] = "en"
    assert "There is no such customer." in client.get("/customers/999/").content.decode()


def test_a_program_gets_json_with_a_stable_code(signed_in: SignedIn) -> None:
    answer = signed_in(Role.AGENT).get("/metrics/nope/", HTTP_ACCEPT="application/json")
    assert answer.status_code == 404
    assert answer.json()["code"] == "unknown_metric"


def test_an_address_that_does_not_exist_is_a_page_too(db: None, client: Client) -> None:
    page = client.get("/no/such/page/")
    assert page.status_code == 404
    assert "お探しのページはありません" in page.content.decode()


def test_a_form_without_its_token_is_refused_with_a_way_on(signed_in: SignedIn) -> None:
    client = Client(enforce_csrf_checks=True)
    page = client.post("/language/", {"language": "en"})
    assert page.status_code == 403
    assert "フォームの有効期限が切れています" in page.content.decode()


def test_a_crash_shows_a_page_that_needs_no_database(signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in(Role.OWNER)
    client.raise_request_exception = False

    def crash(**asked: object) -> object:
        raise ZeroDivisionError

    monkeypatch.setattr("kizuna.web.pages.metrics.card", crash)
    page = client.get("/metrics/nps/")
    assert page.status_code == 500
    assert "エラーが発生しました" in page.content.decode()
    assert "ZeroDivisionError" not in page.content.decode()
