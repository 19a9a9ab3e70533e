from datetime import timedelta

import pytest

from kizuna.act.practices.operations.lifecycle import end, rename
from kizuna.prove.evidence import queries
from kizuna.prove.evidence.queries import league_table
from kizuna.prove.evidence.rules.league import Column, Row
from kizuna.prove.trials.operations import plan_trial, take_looks
from kizuna.prove.trials.queries import Verdict
from kizuna.prove.trials.tests.world import NOW, PRACTICE, day, practice, shop, tell
from kizuna.words import Words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _forget() -> None:
    queries._reports.cache_clear()


def _row() -> Row:
    (row,) = league_table(by=Column.RETURNS, now=NOW).rows
    return row


def _tried() -> None:
    practice()
    tell(*shop(treated=200, held_out=200, treated_buy=100, held_out_buy=55))


def test_while_nothing_changes_it_is_computed_once() -> None:
    _tried()
    assert _row() == _row()
    assert queries._reports.cache_info().misses == 1


def test_an_end_that_is_planned_changes_the_verdict_at_once() -> None:
    _tried()
    assert _row().verdict is Verdict.WORKS
    plan_trial(practice=PRACTICE, ends_at=day(400), people_planned=40_000, actor="test", now=NOW)
    row = _row()
    assert row.primary.ends_at == day(400)
    assert row.verdict is Verdict.UNCLEAR  # one in a hundred of the planned customers is far too early a look
    plan_trial(practice=PRACTICE, ends_at=None, people_planned=None, actor="test", now=NOW)
    assert _row().verdict is Verdict.WORKS


def test_a_look_that_decided_is_told_at_once() -> None:
    _tried()
    plan_trial(practice=PRACTICE, ends_at=day(400), people_planned=500, actor="test", now=NOW)
    assert _row().primary.decided_on is None
    take_looks(practice=PRACTICE, now=NOW + timedelta(minutes=5))
    assert _row().primary.decided_on is not None


def test_a_practice_that_ends_or_is_renamed_is_told_at_once() -> None:
    practice()
    tell(*shop(treated=100, held_out=100, treated_buy=30, held_out_buy=28))
    assert _row().primary.days_needed is not None
    end(practice=PRACTICE, actor="test", now=NOW)
    assert _row().primary.days_needed is None  # nobody comes any more
    rename(practice=PRACTICE, title=Words(ja="新しい名前", en="Thank-you letter"), priority=0, actor="test", now=NOW)
    assert _row().title.ja == "新しい名前"


def test_a_new_hour_is_computed_anew() -> None:
    _tried()
    _row()
    league_table(by=Column.RETURNS, now=NOW + timedelta(hours=1))
    assert queries._reports.cache_info().misses == 2
