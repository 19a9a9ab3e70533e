"""Sign-in over OpenID Connect against a provider that really issues, signs and checks."""

import http.client
import time
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import LazySettings
from django.test import Client

from kizuna.customers.staff.models import User
from kizuna.customers.staff.rules import Role
from kizuna.web import settings as written
from kizuna.web.tests.conftest import PASSWORD, Staff
from kizuna.web.tests.openid_provider import CLIENT, SECRET, Provider, running

LOGIN = "/accounts/oidc/company/login/"


@pytest.fixture
def provider(staff: Staff, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    with running() as company:
        company.person = {"sub": "u-7", "email": "Owner@Example.jp", "email_verified": True, "name": "山田 花子"}
        monkeypatch.setenv("KIZUNA_OIDC_URL", company.issuer)
        monkeypatch.setenv("KIZUNA_OIDC_CLIENT_ID", CLIENT)
        monkeypatch.setenv("KIZUNA_OIDC_SECRET", SECRET)
        monkeypatch.setenv("KIZUNA_OIDC_NAME", "社内アカウント")
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": written._oidc_apps()}}
        yield company


def _visit(address: str) -> str:
    """What a browser does with the address it is sent to: where the provider sends it on."""
    parts = urlsplit(address)
    door = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=10)
    door.request("GET", f"{parts.path}?{parts.query}")
    answer = door.getresponse()
    door.close()
    return answer.headers["Location"] or f"refused: {answer.status}"


def _come_back(client: Client) -> str:
    """From our sign-in page to the provider and to the address it sends the browser back to."""
    return _visit(client.post(LOGIN).headers["Location"])


def _answer(client: Client, address: str) -> str:
    """The text of the page that refuses; it must be ours and must open nothing."""
    response = client.get(address)
    assert response.status_code == 401, (response.status_code, response.headers)
    assert client.get("/").status_code == 302
    return str(response.content.decode())


def _is_home(client: Client, role: Role) -> None:
    assert client.get("/").status_code == 200
    assert User.objects.get(pk=client.session["_auth_user_id"]).role == role


def test_a_known_verified_address_opens_home_and_keeps_its_password(provider: Provider, client: Client) -> None:
    assert "社内アカウント でログイン" in client.get("/accounts/login/").content.decode()
    response = client.get(_come_back(client))
    assert response.headers["Location"] == "/"
    _is_home(client, Role.OWNER)
    assert User.objects.get(email="owner@example.jp").check_password(PASSWORD)
    assert provider.refused == []


def test_the_second_time_the_same_account_is_known_even_by_another_address(provider: Provider) -> None:
    first, second = Client(), Client()
    first.get(_come_back(first))
    provider.person |= {"email": "hanako@elsewhere.jp"}
    second.get(_come_back(second))
    _is_home(second, Role.OWNER)


def test_an_address_nobody_invited_is_refused_with_what_to_do(provider: Provider, client: Client) -> None:
    before = User.objects.count()
    provider.person |= {"email": "stranger@example.jp"}
    page = _answer(client, _come_back(client))
    assert "stranger@example.jp" in page
    assert "オーナー" in page
    assert User.objects.count() == before


@pytest.mark.parametrize("stated", [False, "false", None, 0, "yes"])
def test_an_address_the_provider_does_not_vouch_for_is_refused(
    provider: Provider, client: Client, stated: object
) -> None:
    provider.person["email_verified"] = stated
    assert "メールアドレスが確認済みではない" in _answer(client, _come_back(client))


def test_no_address_at_all_is_refused(provider: Provider, client: Client) -> None:
    del provider.person["email"]
    assert "メールアドレスが確認済みではない" in _answer(client, _come_back(client))


def test_a_silent_provider_can_be_trusted_but_not_against_its_own_word(
    provider: Provider, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KIZUNA_OIDC_TRUST_MAIL", "1")
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": written._oidc_apps()}}
    doubted, silent = Client(), Client()
    provider.person["email_verified"] = False
    _answer(doubted, _come_back(doubted))
    del provider.person["email_verified"]
    silent.get(_come_back(silent))
    _is_home(silent, Role.OWNER)


def test_somebody_who_left_is_not_let_in(provider: Provider, client: Client) -> None:
    User.objects.filter(email="owner@example.jp").update(is_active=False)
    assert client.get(_come_back(client)).headers["Location"] == "/accounts/inactive/"
    assert client.get("/").status_code == 302


@pytest.mark.parametrize(
    "lie",
    [
        {"nonce": "of-another-sign-in"},
        {"nonce": None},
        {"sub": "u-8"},
        {"aud": "another-client"},
        {"iss": "http://127.0.0.1:1"},
        {"exp": int(time.time()) - 5},
    ],
)
def test_a_token_for_another_sign_in_is_refused(provider: Provider, client: Client, lie: dict[str, object]) -> None:
    provider.claims = lie
    assert "会社アカウントでのログインを確認できませんでした" in _answer(client, _come_back(client))


def test_a_token_signed_by_somebody_else_is_refused(provider: Provider, client: Client) -> None:
    provider.signing_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    assert "確認できませんでした" in _answer(client, _come_back(client))


def test_a_wrong_state_or_anothers_state_is_refused(provider: Provider, client: Client) -> None:
    address = urlsplit(_come_back(client))
    sent = dict(parse_qsl(address.query))
    wrong = address._replace(query=urlencode(sent | {"state": "guessed"})).geturl()
    assert "確認できませんでした" in _answer(client, wrong)
    # The address of one browser's sign-in, opened in another: how a victim is signed in as somebody else.
    assert "確認できませんでした" in _answer(Client(), address.geturl())


def test_a_code_opens_once_and_only_with_its_own_pkce_verifier(provider: Provider, client: Client) -> None:
    mine, theirs = urlsplit(_come_back(client)), urlsplit(_come_back(Client()))
    stolen = dict(parse_qsl(mine.query)) | {"code": dict(parse_qsl(theirs.query))["code"]}
    assert "確認できませんでした" in _answer(client, mine._replace(query=urlencode(stolen)).geturl())
    assert provider.refused == ["client, address or PKCE verifier do not fit the code"]

    again = _come_back(client)
    client.get(again)
    client.logout()
    assert "確認できませんでした" in _answer(client, again)


def test_a_cancelled_sign_in_and_a_silent_server_are_told_apart(
    provider: Provider, client: Client, settings: LazySettings
) -> None:
    address = urlsplit(_come_back(client))
    state = dict(parse_qsl(address.query))["state"]
    cancelled = address._replace(query=urlencode({"error": "access_denied", "state": state})).geturl()
    assert "取り消されました" in _answer(client, cancelled)

    apps = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
    apps[0]["settings"]["server_url"] = "http://127.0.0.1:9"
    response = client.post(LOGIN)
    assert response.status_code == 401
    assert "接続できません" in response.content.decode()


def test_an_unknown_provider_is_a_page_that_does_not_exist(provider: Provider, client: Client) -> None:
    assert client.get("/accounts/oidc/other/login/").status_code == 404
    assert client.post("/accounts/oidc/other/login/").status_code == 404
