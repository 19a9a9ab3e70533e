"""The one send gate, as the pure function it is."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kizuna.act.outreach.rules import Cap, Hours, Never, Send, Wait, decide, next_allowed
from kizuna.act.outreach.tests.conftest import NOON
from kizuna.act.outreach.tests.situation import SITUATION, slug
from kizuna.clock import JST
from kizuna.stats.randomisation import is_held_out


def jst(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=JST).astimezone(UTC)


def test_what_is_due_and_allowed_is_sent() -> None:
    assert isinstance(decide(situation=SITUATION), Send)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"erased": True}, "erased"),
        ({"refusal": "refused"}, "refused"),
        ({"refusal": "relay"}, "relay"),
        ({"left_out": True}, "held_out"),
        ({"called_off": "practice_ended"}, "practice_ended"),
        ({"order": "cancelled"}, "order_cancelled"),
        ({"order": "refunded"}, "order_refunded"),
        ({"due_at": NOON - timedelta(hours=2)}, "stale"),
    ],
)
def test_for_good_and_with_the_reason(changes: dict[str, object], expected: str) -> None:
    decision = decide(situation=replace(SITUATION, **changes))  # type: ignore[arg-type]
    assert isinstance(decision, Never)
    assert decision.slug == expected
    assert decision.reason.ja
    assert decision.reason.en


def test_a_refusal_is_told_before_the_night() -> None:
    assert slug(refusal="refused", now=jst(20, 23), due_at=jst(20, 23)) == "refused"


def test_of_a_paused_practice_it_waits_before_lateness_is_judged_but_a_refusal_is_told() -> None:
    assert slug(paused=True, due_at=NOON - timedelta(days=9)) == "paused"
    assert slug(paused=True, refusal="refused") == "refused"


@pytest.mark.parametrize(("hour", "until"), [(21, 21), (23, 21), (0, 20), (8, 20)])
def test_at_night_it_waits_for_nine_in_the_morning(hour: int, until: int) -> None:
    now = jst(20, hour)
    decision = decide(situation=replace(SITUATION, now=now, due_at=now))
    assert isinstance(decision, Wait)
    assert (decision.slug, decision.until) == ("quiet_hours", jst(until, 9))


@pytest.mark.parametrize("hour", [9, 12, 20])
def test_by_day_it_goes(hour: int) -> None:
    assert slug(now=jst(20, hour), due_at=jst(20, hour)) == "send"


def test_an_answer_to_an_order_knows_no_night_but_a_journey_does() -> None:
    night = {"now": jst(20, 23), "due_at": jst(20, 23), "purpose": "service"}
    assert slug(**night, by_practice=False) == "send"
    assert slug(**night, by_practice=True) == "quiet_hours"


def test_on_a_day_of_rest_it_waits_for_the_next_working_morning() -> None:
    hours = Hours(rests_on_holidays=True)
    # Saturday 21, Sunday 22, Monday 23 is 勤労感謝の日.
    assert next_allowed(hours=hours, now=jst(20, 22)) == jst(24, 9)
    assert next_allowed(hours=hours, now=jst(21, 12)) == jst(24, 9)


def test_the_cap_frees_itself_when_the_oldest_leaves_the_window() -> None:
    recent = [NOON - timedelta(days=6), NOON - timedelta(days=1), NOON - timedelta(days=8)]
    decision = decide(situation=replace(SITUATION, recent=recent))
    assert isinstance(decision, Wait)
    assert (decision.slug, decision.until) == ("cap", NOON + timedelta(days=1))
    assert slug(recent=recent[1:]) == "send"
    assert slug(recent=recent, purpose="service") == "send"


def test_a_cap_of_nothing_sends_nothing() -> None:
    assert slug(cap=Cap(count=0, days=7)) == "cap"


def test_higher_priority_goes_first_when_there_is_room_for_one() -> None:
    assert slug(recent=[NOON - timedelta(days=1)], ahead=1) == "priority"
    assert slug(recent=[], ahead=1) == "send"


def test_advertising_waits_for_the_senders_address_and_nothing_else_does() -> None:
    assert slug(sender_complete=False) == "sender_missing"
    assert slug(sender_complete=False, purpose="survey") == "send"


def test_late_and_shifting_it_goes_at_the_same_hour_of_the_next_day() -> None:
    late = {"due_at": jst(18, 10), "late": "shift"}
    decision = decide(situation=replace(SITUATION, **late))  # type: ignore[arg-type]
    assert isinstance(decision, Wait)
    assert (decision.until, decision.shifts) == (jst(21, 10), True)
    # At that hour it goes, even though its first time is long past.
    assert slug(**late, now=jst(21, 10)) == "send"
    assert slug(due_at=jst(18, 10), late="send") == "send"


@given(salt=st.text(min_size=1, max_size=8), unit=st.integers(1, 10**9), share=st.floats(0, 1))
def test_the_lot_drawn_here_is_the_lot_of_the_assignment(salt: str, unit: int, share: float) -> None:
    held = is_held_out(salt=salt, unit=unit, share=share)
    assert slug(salt=salt, unit=unit, holdout_share=share) == ("held_out" if held else "send")


@given(
    minutes=st.integers(0, 60 * 24 * 20),
    start=st.integers(0, 23),
    end=st.integers(0, 23),
    rests=st.booleans(),
)
def test_the_next_allowed_moment_is_allowed_and_not_before_now(minutes: int, start: int, end: int, rests: bool) -> None:
    hours = Hours(quiet_from=time(start), quiet_until=time(end), rests_on_holidays=rests)
    now = jst(1, 0) + timedelta(minutes=minutes)
    at = next_allowed(hours=hours, now=now)
    assert at >= now
    assert next_allowed(hours=hours, now=at) == at
    clock = at.astimezone(JST).time()
    quiet = start != end and (start <= clock.hour < end if start < end else clock.hour >= start or clock.hour < end)
    assert not quiet
