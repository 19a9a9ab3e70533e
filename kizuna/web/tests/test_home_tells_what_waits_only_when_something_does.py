"""Overdue tasks, stuck customers and doubtful messages are told above; an empty shop has no clutter."""

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from kizuna.customers.staff.rules import Role
from kizuna.web.tests.conftest import SignedIn
from kizuna.web.tests.kindness import ask


def test_nothing_waits_and_nothing_is_said(shop: int, signed_in: SignedIn) -> None:
    client = signed_in(Role.OWNER)
    assert "k-waiting" not in client.get("/").content.decode()
    assert client.get("/effects/").content.strip() == b""


def test_an_overdue_task_is_told_to_those_who_serve(shop: int, signed_in: SignedIn) -> None:
    ask(person=shop, now=timezone.now(), overdue=True)
    for role in (Role.OWNER, Role.AGENT, Role.STORE_STAFF):
        assert "期限を過ぎたタスクが1件あります" in signed_in(role).get("/").content.decode()
    assert "k-waiting" not in signed_in(Role.ANALYST).get("/").content.decode()


def test_a_task_that_is_not_due_yet_raises_no_alarm(shop: int, signed_in: SignedIn) -> None:
    ask(person=shop, now=timezone.now())
    assert "k-waiting" not in signed_in(Role.STORE_STAFF).get("/").content.decode()


@pytest.mark.parametrize("role", list(Role))
def test_home_with_what_waits_keeps_to_twelve_statements(
    role: Role, shop: int, signed_in: SignedIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    ask(person=shop, now=timezone.now(), overdue=True)
    client = signed_in(role)
    client.get("/")
    client.get("/effects/")
    with django_assert_max_num_queries(12):
        client.get("/")
    with django_assert_max_num_queries(12):
        client.get("/effects/")
