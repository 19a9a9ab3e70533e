"""The menu is grouped in the order of the loop, shows each role only what it may open, and the bar has five at most."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from kizuna.customers.staff.rules import Role
from kizuna.web.access import ACCESS
from kizuna.web.shell import NAVIGATION
from kizuna.web.tests.conftest import SignedIn


def _links(client: Client, *, kind: str, path: str = "/") -> list[str]:
    page = client.get(path).content.decode()
    return re.findall(rf'class="{kind}" href="([^"]+)"', page)


@pytest.mark.parametrize("role", list(Role))
def test_the_menu_holds_what_the_role_may_open_in_order(role: Role, signed_in: SignedIn) -> None:
    entries = [entry for group in NAVIGATION for entry in group.entries]
    wanted = [reverse(entry.view) for entry in entries if role in ACCESS[entry.view]]
    assert _links(signed_in(role), kind="k-nav-link") == wanted


@pytest.mark.parametrize("role", list(Role))
def test_the_bar_has_five_at_most(role: Role, signed_in: SignedIn) -> None:
    bar = _links(signed_in(role), kind="k-bar-link")
    assert bar[0] == "/"
    assert 3 <= len(bar) <= 5


def test_who_serves_has_the_tasks_on_the_bar_and_who_decides_has_what_works(signed_in: SignedIn) -> None:
    assert "/tasks/" in _links(signed_in(Role.STORE_STAFF), kind="k-bar-link")
    assert "/tasks/" in _links(signed_in(Role.AGENT), kind="k-bar-link")
    assert "/evidence/" in _links(signed_in(Role.OWNER), kind="k-bar-link")
    assert "/evidence/" in _links(signed_in(Role.ANALYST), kind="k-bar-link")


@pytest.mark.parametrize(("path", "lit"), [("/messages/settings/", "/settings/"), ("/messages/", "/messages/")])
def test_one_entry_is_lit(path: str, lit: str, signed_in: SignedIn) -> None:
    page = signed_in(Role.OWNER).get(path).content.decode()
    assert re.findall(r'class="k-nav-link" href="([^"]+)" aria-current="page"', page) == [lit]


def test_headings_name_the_groups(signed_in: SignedIn) -> None:
    page = signed_in(Role.OWNER).get("/").content.decode()
    assert re.findall(r'class="k-nav-head" id="menu-\d">([^<]+)<', page) == ["聴く", "知る", "接客", "確かめる", "管理"]
