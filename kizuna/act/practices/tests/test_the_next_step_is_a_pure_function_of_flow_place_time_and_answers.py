from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kizuna.act.practices.rules.flow import Branch, Condition, End, Flow, Node, Send, Tag, Wait
from kizuna.act.practices.rules.step import (
    PUNCTUAL,
    conditions_ahead,
    dates_kept_on,
    due_after,
    enter,
    kept_on,
    local_day,
    midnight,
    step,
)
from kizuna.act.practices.tests.shop import thanks
from kizuna.clock import JST

AGAIN, CHANNEL = Condition(asked="ordered_since"), Condition(asked="has_channel", channel="line")
NODES: dict[str, Node] = {
    "rest": Wait(days=3, next="again"),
    "again": Branch(condition=AGAIN, yes="end", no="line"),
    "line": Branch(condition=CHANNEL, yes="send", no="tag"),
    "send": Send(template="thanks", next="later"),
    "tag": Tag(tag="x", next="later"),
    "later": Wait(days=1, until_local_hour=10, next="last"),
    "last": Send(template="thanks", next="end"),
    "end": End(),
}
FLOW: Flow = thanks(nodes=NODES)
TIMES = st.datetimes(datetime(2024, 1, 1), datetime(2032, 12, 31), timezones=st.just(UTC))


def _jst(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=JST)


@pytest.mark.parametrize(
    ("wait", "since", "due"),
    [
        (Wait(days=3, next="end"), "2026-02-26 12:00", "2026-03-01 12:00"),
        (Wait(days=3, next="end"), "2028-02-26 12:00", "2028-02-29 12:00"),
        (Wait(days=1, next="end"), "2026-12-31 23:59", "2027-01-01 23:59"),
        (Wait(hours=1, next="end"), "2026-04-01 23:30", "2026-04-02 00:30"),
        (Wait(days=1, until_local_hour=10, next="end"), "2026-04-01 09:00", "2026-04-02 10:00"),
        (Wait(days=1, until_local_hour=10, next="end"), "2026-04-01 10:00", "2026-04-02 10:00"),
        (Wait(days=1, until_local_hour=10, next="end"), "2026-04-01 10:01", "2026-04-03 10:00"),
        (Wait(until_local_hour=0, next="end"), "2026-04-30 00:01", "2026-05-01 00:00"),
        (Wait(until_local_hour=8, next="end"), "2026-04-01 08:59", "2026-04-02 08:00"),
        (Wait(until_fact="ordered", timeout_days=14, next="end"), "2026-02-20 08:59", "2026-03-06 08:59"),
    ],
)
def test_waits_end_by_the_japanese_calendar(wait: Wait, since: str, due: str) -> None:
    assert due_after(wait=wait, since=_jst(since)) == _jst(due)


@given(since=TIMES, days=st.integers(0, 400), hour=st.integers(0, 23))
def test_until_an_hour_is_that_hour_in_japan_and_less_than_a_day_on(since: datetime, days: int, hour: int) -> None:
    due = due_after(wait=Wait(days=days, until_local_hour=hour, next="end"), since=since)
    local = due.astimezone(JST)
    assert (local.hour, local.minute, local.second, local.microsecond) == (hour, 0, 0, 0)
    assert timedelta(0) <= due - since - timedelta(days=days) < timedelta(days=1)


@pytest.mark.parametrize(
    ("answers", "effects", "node"),
    [
        ({AGAIN: True, CHANNEL: True}, [], "end"),
        ({AGAIN: False, CHANNEL: True}, ["send"], "later"),
        ({AGAIN: False, CHANNEL: False}, ["tag"], "later"),
    ],
)
def test_branches_lead_where_their_answers_say(answers: dict[Condition, bool], effects: list[str], node: str) -> None:
    now = _jst("2026-04-04 12:00")
    moved = step(flow=FLOW, node="rest", due_at=now, now=now, answers=answers)
    assert [effect.node for effect in moved.effects] == effects
    assert moved.node == node
    assert (moved.due_at is None) == (node == "end")


def test_all_questions_before_the_next_rest_are_known_beforehand() -> None:
    assert set(conditions_ahead(flow=FLOW, node="rest")) == {AGAIN, CHANNEL}
    assert conditions_ahead(flow=FLOW, node="later") == ()
    assert conditions_ahead(flow=FLOW, node="line") == (CHANNEL,)


@given(due=TIMES, late=st.timedeltas(timedelta(0), timedelta(days=60)), again=st.booleans(), line=st.booleans())
def test_replaying_a_step_gives_the_same_and_a_late_one_gets_its_full_rest(
    due: datetime, late: timedelta, again: bool, line: bool
) -> None:
    answers = {AGAIN: again, CHANNEL: line}
    first = step(flow=FLOW, node="rest", due_at=due, now=due + late, answers=answers)
    assert first == step(flow=FLOW, node="rest", due_at=due, now=due + late, answers=answers)
    punctual = step(flow=FLOW, node="rest", due_at=due, now=due, answers=answers)
    assert (first.effects, first.node) == (punctual.effects, punctual.node)
    if late <= PUNCTUAL:
        assert first == punctual
    elif first.due_at is not None:
        assert first.due_at - (due + late) >= timedelta(days=1)


def test_a_first_rest_counts_from_what_began_it_and_anything_else_is_due_now() -> None:
    at, now = _jst("2026-04-01 12:00"), _jst("2026-04-02 18:00")
    assert enter(flow=FLOW, arm="mail", at=at, now=now).due_at == _jst("2026-04-04 12:00")
    direct = thanks(nodes={"thank": Send(template="thanks", next="end"), "end": End()}, first="thank")
    assert enter(flow=direct, arm="mail", at=at, now=now).due_at == now


@given(day=st.dates(date(2000, 1, 1), date(2100, 12, 31)))
def test_every_date_is_kept_on_exactly_one_day_of_every_year(day: date) -> None:
    pairs = dates_kept_on(on=day)
    assert all(kept_on(month=month, day=on, year=day.year) == day for month, on in pairs)
    assert ((2, 29) in pairs) == (kept_on(month=2, day=29, year=day.year) == day)
    assert local_day(at=midnight(on=day)) == day
    assert local_day(at=midnight(on=day) - timedelta(microseconds=1)) == day - timedelta(days=1)
