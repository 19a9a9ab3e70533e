"""Whatever stands behind the question mark of the two comparisons, they answer with a page or a kind refusal."""

import pytest
from django.test import Client

from kizuna.customers.stores.operations import describe_store
from kizuna.prove.trials.tests.world import answer, order, signed_in, tell

pytestmark = pytest.mark.django_db
ODD = ("²", "１", "-1", "9" * 4000, "0001-01-01", "9999-12-31", "2026-02-30", "NaN", "'\"><script>", "own:{x}", "")
FIELDS = {
    "/trials/stores/": {"metric": "nps", "since": "2026-02-04", "stores": "a", "touchpoint": ""},
    "/trials/compare/": {
        "group": "survey:nps",
        "metric": "repeat_rate",
        "days": "30",
        "date_from": "2025-12-25",
        "date_to": "2026-01-05",
    },
}


@pytest.fixture
def client() -> Client:
    for code in ("a", "b"):
        describe_store(code=code, name=code)
    tell(order(1, -5), order(2, 1), order(3, 59), answer(1, 2, 9))
    browser = signed_in()
    browser.raise_request_exception = False  # a crash is to be seen as status 500
    return browser


@pytest.mark.parametrize(("path", "field"), [(path, field) for path, fields in FIELDS.items() for field in fields])
def test_no_value_of_a_field_crashes_it(path: str, field: str, client: Client) -> None:
    found = {odd[:12]: client.get(path, {**FIELDS[path], field: odd}).status_code for odd in ODD}
    assert set(found.values()) <= {200, 400}, found
    files = {odd[:12]: client.get(f"{path}export/", {**FIELDS[path], field: odd}).status_code for odd in ODD}
    assert set(files.values()) <= {200, 400, 422}, files


@pytest.mark.parametrize("path", FIELDS)
def test_what_the_form_offers_can_be_asked(path: str, client: Client) -> None:
    assert client.get(path, FIELDS[path]).status_code == 200
    assert client.get(f"{path}export/", FIELDS[path]).status_code == 200
