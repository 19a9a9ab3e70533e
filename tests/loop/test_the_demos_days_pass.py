"""A fresh demo has people waiting in its practices; when its days pass, what falls due is done, and told."""

import json
import re
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.loop.conftest import ROOT, environment, kizuna

DAYS = timedelta(days=8)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """A demo made today whose clock was then moved; what there was before, and what was told of it."""

    home: Path
    began: datetime
    waiting: int
    messages: int
    coupons: int
    told: str


@pytest.fixture(scope="module")
def passed(tmp_path_factory: pytest.TempPathFactory) -> Passed:
    home = tmp_path_factory.mktemp("days")
    kizuna(home, "demo", "--no-serve", "--size", "1200")
    return Passed(
        home=home,
        began=datetime.now(UTC),
        waiting=_number(home, "SELECT count(*) FROM practices_enrolment WHERE state = 'waiting'"),
        messages=_number(home, "SELECT count(*) FROM outreach_message"),
        coupons=_number(home, "SELECT count(*) FROM offers_coupon"),
        told=kizuna(home, "clock", "advance", f"{DAYS.days}d"),
    )


def test_people_wait_and_a_week_later_they_were_written_to(passed: Passed) -> None:
    assert passed.waiting > 20
    assert passed.messages == 0
    sent = _number(passed.home, "SELECT count(*) FROM outreach_message WHERE sent_at IS NOT NULL")
    assert sent > 10
    assert f"messages sent: {sent}," in passed.told
    assert f"送信した配信: {sent}通" in passed.told
    more = _number(passed.home, "SELECT count(*) FROM offers_coupon") - passed.coupons
    assert more > 0
    assert f"coupons issued: {more}" in passed.told
    assert int(re.findall(r"moved on a step: (\d+)", passed.told)[0]) >= sent
    ahead = json.loads((passed.home / "demo.json").read_text(encoding="utf-8"))["clock_seconds"]
    assert ahead == DAYS.total_seconds()


def test_every_step_was_taken_on_its_own_day(passed: Passed) -> None:
    """Not all at once on the last: nothing was sent as late or given up as stale."""
    sent = "SELECT DISTINCT date(sent_at, '+9 hours') FROM outreach_message WHERE sent_at IS NOT NULL"
    assert len(_ask(passed.home, sent)) > 4
    assert _number(passed.home, "SELECT count(*) FROM outreach_message WHERE reason = 'stale'") == 0
    # Counted from before the clock was moved: what has fallen due since then is nobody's fault.
    now = (passed.began + DAYS).strftime("%Y-%m-%d %H:%M:%S")
    due = f"SELECT count(*) FROM practices_enrolment WHERE state = 'waiting' AND due_at < '{now}'"
    assert _number(passed.home, due) == 0


def test_what_must_always_hold_of_practices_and_coupons_holds(passed: Passed) -> None:
    kizuna(passed.home, "practice", "check")
    asked = [sys.executable, "-c", CHECK]
    done = subprocess.run(asked, env=environment(passed.home), cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    redeemed = _number(passed.home, "SELECT count(*) FROM offers_ledgerentry")
    assert 0 < redeemed == _number(passed.home, "SELECT sum(used) FROM offers_coupon")
