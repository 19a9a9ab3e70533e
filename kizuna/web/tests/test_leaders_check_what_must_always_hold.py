"""One button asks the records whether every promise is kept; the answer stands on the status page with its time."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from kizuna.customers.staff.rules import Role
from kizuna.facts.outbox.models import Checkup
from kizuna.facts.outbox.operations import check_now
from kizuna.loop import CHECKS, PROMISES
from kizuna.web.tests.conftest import SignedIn
from kizuna.web.tests.kindness import give, practise


def test_all_is_well_and_says_so_with_the_time(shop: int, signed_in: SignedIn) -> None:
    client = signed_in(Role.MANAGER)
    assert "すべて守られています" not in client.get("/settings/status/").content.decode()
    assert client.post("/settings/status/check/").status_code == 302
    page = client.get("/settings/status/").content.decode()
    assert "すべて守られています" in page
    assert [words.ja for words in PROMISES.values() if words.ja not in page] == []
    checked_at = Checkup.objects.get().checked_at
    assert checked_at is not None
    assert timezone.now() - checked_at < timedelta(minutes=1)


def test_a_broken_promise_is_told_in_words(shop: int, signed_in: SignedIn) -> None:
    now = timezone.now()
    practise(person=shop, name="tea-tag", title="お茶のご案内", held_out=False, now=now)
    give(person=shop, now=now)
    client = signed_in(Role.OWNER)
    # Ten days on, the first step is long overdue: nobody runs a worker here.
    check_now(now=now + timedelta(days=10), checks=CHECKS)
    page = client.get("/settings/status/").content.decode()
    assert "1項目が守られていません" in page
    assert "いつも守られているはずのことが、1項目守られていません。" in page
    assert "期限を過ぎて動かないお客様" in page


def test_who_does_not_lead_may_not_ask(shop: int, signed_in: SignedIn) -> None:
    assert signed_in(Role.AGENT).post("/settings/status/check/").status_code == 403
    assert not Checkup.objects.exists()


@pytest.mark.parametrize("times", [1, 2])
def test_the_page_keeps_to_the_budget(
    times: int, shop: int, signed_in: SignedIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(Role.OWNER)
    for _ in range(times):
        client.post("/settings/status/check/")
    with django_assert_max_num_queries(12):
        assert client.get("/settings/status/").status_code == 200
