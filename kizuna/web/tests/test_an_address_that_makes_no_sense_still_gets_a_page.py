"""Whatever stands behind the question mark, an address answers with a page or a kind refusal, never a crash."""

import pytest

from kizuna.customers.staff.rules import Role
from kizuna.web.tests.conftest import SignedIn

ODD = (
    "²",
    "①",
    "１",
    "-1",
    "9" * 5000,
    "a" * 5000,
    "0001-01-01",
    "9999-12-31",
    "9999-12",
    "NaN",
    "\x00",
    "'\"><script>",
)
ASKED = (
    ("/", "days"),
    ("/journey/", "months"),
    ("/journey/", "metric"),
    ("/metrics/nps/", "months"),
    ("/metrics/nps/", "month"),
    ("/metrics/nps/", "grain"),
    ("/settings/audit/", "before"),
    ("/customers/", "q"),
    ("/imports/", "before"),
    ("/surveys/answers/", "day_from"),
    ("/surveys/answers/", "day_to"),
    ("/surveys/answers/", "page"),
    ("/surveys/links/", "survey"),
    ("/reviews/", "page"),
)


@pytest.mark.parametrize(("path", "key"), ASKED)
def test_no_value_of_a_parameter_crashes_a_page(path: str, key: str, signed_in: SignedIn) -> None:
    client = signed_in(Role.OWNER)
    client.raise_request_exception = False
    found = {value[:12]: client.get(path, {key: value}).status_code for value in ODD}
    assert {value: status for value, status in found.items() if status >= 500} == {}


def test_a_character_that_no_text_holds_is_refused_everywhere(signed_in: SignedIn) -> None:
    client = signed_in(Role.OWNER)
    assert client.get("/metrics/own:%00/").status_code == 400
    assert client.get("/customers/", {"q\0": "x"}).status_code == 400
    assert client.post("/s/any-token", {"score": "9", "comment": "a\0b"}).status_code == 400
