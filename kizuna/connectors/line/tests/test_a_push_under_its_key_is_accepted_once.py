"""LINE's answers against a stand-in that keeps its contract: the same key is one message, whatever goes wrong."""

from datetime import timedelta

import pytest

from kizuna.act.outreach.models import Message
from kizuna.act.outreach.operations import release_expired
from kizuna.connectors.channels.queries import health, is_resting
from kizuna.connectors.channels.tests.cast import LINE_ID, NOON, plan, states
from kizuna.connectors.line.models import LineSettings
from kizuna.connectors.line.operations import send_due
from kizuna.connectors.line.queries import quota
from kizuna.connectors.line.rules import objects_of, retry_key
from kizuna.connectors.line.tests.line_server import LineServer
from kizuna.gates.seal import seal


def _go(*, minutes: float) -> None:
    now = NOON + timedelta(minutes=minutes)
    release_expired(now=now)
    send_due(now=now)


def test_a_message_is_pushed_and_the_quota_counted(person: int, line_server: LineServer) -> None:
    plan(person=person, channel="line", count=2)
    _go(minutes=0)
    assert states() == ["sent", "sent"]
    key, to, objects = line_server.accepted[0]
    first = Message.objects.order_by("id")[0]
    assert (key, to) == (retry_key(key=first.key), LINE_ID)
    assert objects == [{"type": "text", "text": "山田様、いつもありがとうございます。"}]
    assert first.provider_id == "461230966842064897"
    assert (quota().limit, quota().used, quota().left) == (200, 2, 198)
    assert health(channel="line").sent_at == NOON


@pytest.mark.parametrize("trouble", ["cut", "cut after", "503", "503 after"])
def test_no_answer_is_tried_again_under_the_same_key(trouble: str, person: int, line_server: LineServer) -> None:
    plan(person=person, channel="line", count=2)
    LineSettings.objects.update(quota_read_at=NOON)
    line_server.trouble = [trouble]
    _go(minutes=0)
    assert states() == ["attempting", "planned"]  # the second was spared
    assert is_resting(channel="line", now=NOON)
    _go(minutes=3)
    assert states() == ["sent", "sent"]
    keys = [key for key, _, _ in line_server.accepted]
    assert len(keys) == len(set(keys)) == 2
    pushes = [headers["x-line-retry-key"] for method, _, headers, _ in line_server.requests if method == "POST"]
    assert len(pushes) == 3


def test_a_rate_limit_is_waited_for_and_costs_no_try(person: int, line_server: LineServer) -> None:
    plan(person=person, channel="line", count=2)
    line_server.blocked_by_rate = 1
    _go(minutes=0)
    assert (states(), line_server.accepted) == (["planned", "planned"], [])
    assert set(Message.objects.values_list("attempts", flat=True)) == {0}
    _go(minutes=2)
    assert states() == ["sent", "sent"]


def test_at_the_quota_sending_stops_and_nothing_is_lost(person: int, line_server: LineServer) -> None:
    plan(person=person, channel="line", count=3)
    line_server.used = 198
    _go(minutes=0)
    _go(minutes=1)
    assert states() == ["sent", "sent", "planned"]
    assert quota().left == 0
    line_server.used = 0  # the next month
    _go(minutes=12)
    assert states() == ["sent"] * 3


def test_a_limit_that_line_knows_better_stops_the_channel(person: int, line_server: LineServer) -> None:
    plan(person=person, channel="line")
    LineSettings.objects.update(quota_limit=200, quota_used=0, quota_read_at=NOON)
    line_server.used = 200
    _go(minutes=0)
    failure = health(channel="line").failure
    assert failure is not None
    assert "上限" in failure.ja
    assert states() == ["planned"]


def test_what_is_planned_beyond_the_quota_is_told(person: int, line_server: LineServer) -> None:
    plan(person=person, channel="line", count=3)
    LineSettings.objects.update(quota_limit=200, quota_used=199, quota_read_at=NOON)
    Message.objects.update(route="line")
    assert quota().would_exceed
    LineSettings.objects.update(quota_limit=None)
    assert not quota().would_exceed


def test_a_wrong_token_stops_the_channel_and_no_message(person: int, line_server: LineServer) -> None:
    plan(person=person, channel="line")
    LineSettings.objects.update(access_token_sealed=seal(text="wrong"))
    _go(minutes=0)
    failure = health(channel="line").failure
    assert failure is not None
    assert "アクセストークン" in failure.ja
    assert states() == ["planned"]


def test_a_user_whom_line_does_not_know_is_refused_for_good(person: int, line_server: LineServer) -> None:
    plan(person=person, channel="line")
    line_server.strangers = {LINE_ID}
    _go(minutes=0)
    message = Message.objects.get()
    assert (message.state, message.reason) == ("not_sent", "provider")
    assert "Failed to send messages" in message.note


def test_a_long_text_is_cut_between_lines_and_counted_as_line_counts() -> None:
    assert objects_of(text="あ" * 25_001) is None
    assert [len(one["text"]) for one in objects_of(text="𠮷" * 5_000) or []] == [2_500, 2_500]
    parts = objects_of(text="一行目\n" * 1_500) or []
    assert len(parts) == 2
    assert "\n".join(one["text"] for one in parts) == ("一行目\n" * 1_500).strip()


def test_after_a_day_a_key_that_was_never_answered_is_not_used_again(person: int, line_server: LineServer) -> None:
    plan(person=person, channel="line")
    LineSettings.objects.update(quota_read_at=NOON)
    line_server.trouble = ["cut after"]
    _go(minutes=0)
    line_server.now = NOON + timedelta(hours=25)
    _go(minutes=25 * 60)
    assert (states(), len(line_server.accepted)) == (["uncertain"], 1)
    _go(minutes=26 * 60)
    assert (states(), len(line_server.accepted)) == (["uncertain"], 1)


def test_a_clear_no_leaves_the_key_free_also_after_a_day(person: int, line_server: LineServer) -> None:
    plan(person=person, channel="line")
    line_server.blocked_by_rate = 1
    _go(minutes=0)
    line_server.now = NOON + timedelta(hours=25)
    _go(minutes=25 * 60)
    assert (states(), len(line_server.accepted)) == (["sent"], 1)


def test_without_a_token_nothing_is_claimed(person: int) -> None:
    plan(person=person, channel="line")
    assert send_due(now=NOON) == 0
    assert states() == ["planned"]


def test_a_refusal_between_claim_and_call_is_heard(
    person: int, line_server: LineServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan(person=person, channel="line", count=2)
    monkeypatch.setattr("kizuna.connectors.channels.operations.slices.still_wanted", lambda **_: False)
    _go(minutes=0)
    assert line_server.accepted == []
