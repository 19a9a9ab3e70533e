"""The worker says that it lives; the page believes it for a minute."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from kizuna.customers.staff.rules import Role
from kizuna.facts.outbox.operations import beat, end_beat
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
