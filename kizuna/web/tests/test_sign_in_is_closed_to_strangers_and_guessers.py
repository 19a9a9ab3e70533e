"""Password and second factor, no sign-up, and a pause after wrong guesses."""

import re

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client

from kizuna.customers.staff.models import User
from kizuna.customers.staff.rules import Role
from kizuna.web.tests.conftest import PASSWORD, SignedIn, Staff

LOGIN = "/accounts/login/"


def test_the_right_password_opens_home_whatever_the_case_of_the_address(staff: Staff, client: Client) -> None:
    answer = client.post(LOGIN, {"login": "Owner@Example.jp", "password": PASSWORD})
    assert answer.headers["Location"] == "/"
    assert client.get("/").status_code == 200


def test_before_the_first_user_the_page_says_how_to_make_one(db: None, client: Client) -> None:
    assert "kizuna user create" in client.get(LOGIN).content.decode()


def test_with_users_it_does_not(staff: Staff, client: Client) -> None:
    assert "kizuna user create" not in client.get(LOGIN).content.decode()


def test_nobody_can_sign_up(staff: Staff, client: Client) -> None:
    before = User.objects.count()
    client.post("/accounts/signup/", {"email": "x@example.jp", "password1": PASSWORD})
    assert User.objects.count() == before


def test_eight_wrong_passwords_pause_sign_in_even_for_the_right_one(staff: Staff, client: Client) -> None:
    for _ in range(8):
        answer = client.post(LOGIN, {"login": "owner@example.jp", "password": "wrong"})
    assert answer.status_code == 429
    assert "ログインを一時停止しています" in answer.content.decode()
    client.post(LOGIN, {"login": "owner@example.jp", "password": PASSWORD})
    assert client.get("/").status_code == 302
    # Another person at the same shop is not shut out with them.
    client.post(LOGIN, {"login": "agent@example.jp", "password": PASSWORD})
    assert client.get("/").status_code == 200


def _code(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return str(format_hotp_value(hotp_value(secret, counter)))


def test_with_an_authenticator_the_password_alone_opens_nothing(staff: Staff) -> None:
    client = Client()
    client.post(LOGIN, {"login": "owner@example.jp", "password": PASSWORD})
    # Whoever finds the screen unlocked cannot set a second factor of their own.
    assert client.get("/accounts/2fa/totp/activate/").headers["Location"].startswith("/accounts/reauthenticate/")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    found = re.search(r'id="authenticator_secret"[^>]*value="([A-Z2-7]+)"', page)
    assert found
    client.post("/accounts/2fa/totp/activate/", {"code": _code(found.group(1))})

    other = Client()
    answer = other.post(LOGIN, {"login": "owner@example.jp", "password": PASSWORD})
    assert answer.headers["Location"].startswith("/accounts/2fa/authenticate/")
    assert other.get("/").status_code == 302
    other.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert other.get("/").status_code == 302


def test_the_sign_in_page_offers_a_passkey(staff: Staff, client: Client) -> None:
    assert "passkey_login" in client.get(LOGIN).content.decode()


def test_a_new_colleague_signs_in_with_the_password_shown_once(signed_in: SignedIn) -> None:
    form = {"email": "new@example.jp", "name": "新人", "role": "agent"}
    page = signed_in(Role.OWNER).post("/settings/staff/new/", form).content.decode()
    found = re.search(r'<code class="fs-3">([^<]+)</code>', page)
    assert found
    newcomer = Client()
    newcomer.post(LOGIN, {"login": "new@example.jp", "password": found.group(1)})
    assert newcomer.get("/").status_code == 200
