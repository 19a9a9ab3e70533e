"""The worker says that it lives; the page believes it for a minute."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from kizuna.customers.staff.rules import Role
from kizuna.facts.outbox.operations import beat, end_beat, end_trouble, note_trouble
from kizuna.facts.outbox.queries import worker_seen_at

pytestmark = pytest.mark.django_db

SignedIn = Callable[..., Client]


def _page(signed_in: SignedIn) -> str:
    return str(signed_in(Role.OWNER).get("/settings/status/").content.decode())


def test_no_worker_has_ever_run(signed_in: SignedIn) -> None:
    page = _page(signed_in)
    assert "停止中" in page
    assert "最後の応答" not in page


def test_a_worker_that_was_seen_just_now_runs_and_one_that_fell_silent_has_stopped(signed_in: SignedIn) -> None:
    now = timezone.now()
    beat(worker="web1:42", started_at=now, now=now - timedelta(seconds=90))
    page = _page(signed_in)
    assert "停止中" in page
    assert "最後の応答" in page
    beat(worker="web2:43", started_at=now, now=now - timedelta(seconds=11))
    assert "動作中" in _page(signed_in)


def test_a_worker_that_ended_or_was_killed_long_ago_leaves_no_row() -> None:
    now = timezone.now()
    beat(worker="web1:42", started_at=now, now=now - timedelta(days=2))
    beat(worker="web2:43", started_at=now, now=now)
    end_beat(worker="web2:43")
    assert worker_seen_at() is None


def test_a_step_that_keeps_failing_is_named_in_both_languages_until_it_works(signed_in: SignedIn) -> None:
    now = timezone.now()
    note_trouble(
        worker="w:1",
        step="tables.run_due",
        failure=OSError(28),
        failed_count=3,
        due_at=now + timedelta(seconds=4),
        now=now,
    )
    client = signed_in(Role.OWNER)
    assert "「ファイルの取り込み」が続けて3回失敗しています。" in client.get("/settings/status/").content.decode()
    client.cookies["django_language"] = "en"
    page = client.get("/settings/status/").content.decode()
    assert "“Importing files” has failed 3 times in a row." in page
    end_trouble(worker="w:1", step="tables.run_due")
    assert "Importing files" not in client.get("/settings/status/").content.decode()
