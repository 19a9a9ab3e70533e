"""Every address × every role, and a stranger, against the running application."""

import pytest
from django.test import Client

from kizuna.customers.staff.models import User
from kizuna.customers.staff.rules import Role
from kizuna.web.access import ACCESS, PUBLIC
from kizuna.web.tests.addresses import Address, addresses
from kizuna.web.tests.conftest import SignedIn


def _code(client: Client, address: Address) -> tuple[int, str]:
    answer = client.get(address.path, HTTP_ACCEPT="application/json")
    json = answer.headers.get("Content-Type", "").startswith("application/json")
    return answer.status_code, answer.json().get("code", "") if json else ""


@pytest.mark.parametrize("role", list(Role))
def test_a_role_opens_what_it_may_and_nothing_else(role: Role, signed_in: SignedIn) -> None:
    wrong = []
    for address in addresses():
        if address.name == "account_logout":
            continue
        status, code = _code(signed_in(role), address)
        rule = ACCESS[address.name]
        allowed = rule == PUBLIC or role in rule
        refused = (status, code) == (403, "role_too_narrow")
        if status >= 500 or refused == allowed:
            wrong.append((address.name, role, status, code))
    assert wrong == []


def test_a_stranger_opens_only_what_is_public(db: None, client: Client) -> None:
    wrong = []
    for address in addresses():
        status, code = _code(client, address)
        refused = (status, code) == (401, "sign_in_first")
        if status >= 500 or refused == (ACCESS[address.name] == PUBLIC):
            wrong.append((address.name, status, code))
    assert wrong == []


def test_a_stranger_is_sent_to_sign_in_and_back(db: None, client: Client) -> None:
    answer = client.get("/journey/?metric=csat")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/accounts/login/?next=/journey/%3Fmetric%3Dcsat"


def test_somebody_who_was_let_go_opens_nothing(signed_in: SignedIn) -> None:
    client = signed_in(Role.MANAGER)
    assert client.get("/metrics/").status_code == 200
    User.objects.filter(pk=client.session["_auth_user_id"]).update(is_active=False)
    assert client.get("/metrics/").status_code == 302
