"""The switch changes the pages at once, and comes back with the user on another device."""

from django.test import Client

from kizuna.customers.staff.rules import Role
from kizuna.web.tests.conftest import PASSWORD, SignedIn, Staff


def test_the_switch_turns_the_pages_to_english_and_back(signed_in: SignedIn) -> None:
    client = signed_in(Role.OWNER)
    assert "CXの今" in client.get("/").content.decode()
    answer = client.post("/language/", {"language": "en", "next": "/metrics/"})
    assert answer.headers["Location"] == "/metrics/"
    page = client.get("/").content.decode()
    assert "CX today" in page
    assert '<html lang="en"' in page
    client.post("/language/", {"language": "ja"})
    assert "CXの今" in client.get("/").content.decode()


def test_the_choice_follows_the_user_to_another_browser(signed_in: SignedIn, staff: Staff) -> None:
    signed_in(Role.MANAGER).post("/language/", {"language": "en"})
    signed_in(Role.MANAGER).post("/theme/", {"theme": "dark"})
    elsewhere = Client()
    elsewhere.post("/accounts/login/", {"login": "manager@example.jp", "password": PASSWORD})
    page = elsewhere.get("/").content.decode()
    assert "CX today" in page
    assert 'data-bs-theme="dark"' in page


def test_the_switch_leads_back_only_to_pages_of_ours(signed_in: SignedIn) -> None:
    answer = signed_in(Role.OWNER).post("/language/", {"language": "en", "next": "https://evil.example/"})
    assert answer.headers["Location"] == "/"


def test_an_unknown_language_is_refused(signed_in: SignedIn) -> None:
    assert signed_in(Role.OWNER).post("/language/", {"language": "xx"}).status_code == 422
