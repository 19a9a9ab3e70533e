"""A fresh demo has people waiting in its practices; when its days pass, what falls due is done, and told."""

import json
import re
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.loop.conftest import ROOT, environment, kizuna

CHECK = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "kizuna.web.settings"
django.setup()
from kizuna.act.offers.queries import check_invariants
print(check_invariants())
"""


def _ask(home: Path, sql: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(home / "kizuna.sqlite3") as database:
        return database.execute(sql).fetchall()


def _number(home: Path, sql: str) -> int:
    return int(str(_ask(home, sql)[0][0]))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo made today."""
    made = tmp_path_factory.mktemp("days")
    kizuna(made, "demo", "--no-serve", "--size", "1200")
    return made


def test_people_wait_and_a_week_later_they_were_written_to(home: Path) -> None:
    waiting = _number(home, "SELECT count(*) FROM practices_enrolment WHERE state = 'waiting'")
    assert waiting > 20
    assert _number(home, "SELECT count(*) FROM outreach_message") == 0
    coupons = _number(home, "SELECT count(*) FROM offers_coupon")

    told = kizuna(home, "clock", "advance", "8d")
    sent = _number(home, "SELECT count(*) FROM outreach_message WHERE sent_at IS NOT NULL")
    assert sent > 10
    assert f"messages sent: {sent}," in told
    assert f"送信した配信: {sent}通" in told
    more = _number(home, "SELECT count(*) FROM offers_coupon") - coupons
    assert more > 0
    assert f"coupons issued: {more}" in told
    assert int(re.findall(r"moved on a step: (\d+)", told)[0]) >= sent
    ahead = json.loads((home / "demo.json").read_text(encoding="utf-8"))["clock_seconds"]
    assert ahead == timedelta(days=8).total_seconds()


def test_every_step_was_taken_on_its_own_day(home: Path) -> None:
    """Not all at once on the last: nothing was sent as late or given up as stale."""
    days = _ask(home, "SELECT DISTINCT date(sent_at, '+9 hours') FROM outreach_message WHERE sent_at IS NOT NULL")
    assert len(days) > 4
    assert _number(home, "SELECT count(*) FROM outreach_message WHERE reason = 'stale'") == 0
    now = (datetime.now(UTC) + timedelta(days=8)).strftime("%Y-%m-%d %H:%M:%S")
    due = f"SELECT count(*) FROM practices_enrolment WHERE state = 'waiting' AND due_at < '{now}'"
    assert _number(home, due) == 0


def test_what_must_always_hold_of_practices_and_coupons_holds(home: Path) -> None:
    kizuna(home, "practice", "check")
    asked = [sys.executable, "-c", CHECK]
    done = subprocess.run(asked, env=environment(home), cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    redeemed = _number(home, "SELECT count(*) FROM offers_ledgerentry")
    assert 0 < redeemed == _number(home, "SELECT sum(used) FROM offers_coupon")
