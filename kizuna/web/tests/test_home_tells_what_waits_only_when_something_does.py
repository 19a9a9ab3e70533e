"""Overdue tasks, stuck customers and doubtful messages are told above; an empty shop has no clutter."""

from datetime import datetime, timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from kizuna.customers.staff.rules import Role
from kizuna.facts.lake.operations import write_due
from kizuna.facts.outbox.operations import check_now
from kizuna.facts.outbox.rules import Violation
from kizuna.facts.state.operations import advance
from kizuna.listen.reviews.operations import record_reviews
from kizuna.listen.reviews.rules import ReviewRecord
from kizuna.understand.metrics.operations import refresh
from kizuna.understand.metrics.queries import forget_answers
from kizuna.web.tests.conftest import SignedIn
from kizuna.web.tests.kindness import ask
from kizuna.words import Words


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


def test_a_broken_promise_is_told_to_those_who_may_look_into_it(shop: int, signed_in: SignedIn) -> None:
    leader = signed_in(Role.MANAGER)
    check_now(now=timezone.now(), checks=())
    assert "k-waiting" not in leader.get("/").content.decode()
    check_now(now=timezone.now(), checks=(_broken,))
    page = leader.get("/").content.decode()
    assert '<a href="/settings/status/#checkup">いつも守られているはずのことが1項目守られていません</a>' in page
    assert "k-waiting" not in signed_in(Role.AGENT).get("/").content.decode()


def _broken(*, now: datetime) -> list[Violation]:
    return [Violation(rule="J3", words=Words(ja="停止後の配信", en="sent after a refusal"), count=4, examples=("7",))]


def _soured(*, now: datetime) -> None:
    """The product's reviews were good a quarter ago and are bad today."""
    reviews = [
        ReviewRecord(
            site="shop",
            external_id=f"r{number}",
            customer=None,
            rating=1 if number % 2 else 5,
            posted_at=now - timedelta(days=5 + number // 2 if number % 2 else 100 + number // 2),
            store="kyoto",
            product="TEA",
        )
        for number in range(120)
    ]
    with transaction.atomic():
        record_reviews(reviews=reviews, import_id=None, now=now, wake=False)
    write_due(now=now, limit=10_000)
    advance(now=now)
    refresh(now=now)
    forget_answers()


@pytest.mark.parametrize("role", list(Role))
def test_home_with_what_waits_keeps_to_twelve_statements(
    role: Role, shop: int, signed_in: SignedIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    ask(person=shop, now=timezone.now(), overdue=True)
    check_now(now=timezone.now(), checks=(_broken,))
    _soured(now=timezone.now())
    client = signed_in(role)
    assert "煎茶" in client.get("/").content.decode()
    client.get("/effects/")
    for page in ("/", "/effects/"):
        with django_assert_max_num_queries(12):
            assert client.get(page).status_code == 200
