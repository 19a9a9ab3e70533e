"""Whatever a practice has planned waits while it is paused, and is called off when its people leave."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import close_old_connections, connection, transaction
from django.test import Client

from kizuna.act.outreach.models import HeldPractice, Message, SentCopy
from kizuna.act.outreach.operations import (
    accepted,
    call_off_all,
    claim,
    expire_stale,
    hold,
    refused,
    release,
    release_expired,
    settle,
    still_wanted,
)
from kizuna.act.outreach.tests.conftest import LINE_ID, NOON, NewPerson, draft, plan, take, told
from kizuna.act.outreach.tests.races import somebody, together
from kizuna.facts.outbox.models import OutboxEntry

pytestmark = pytest.mark.usefixtures("sender")

HOUR = timedelta(hours=1)


def test_while_it_is_paused_only_its_messages_wait(new_person: NewPerson, templates: None) -> None:
    person = new_person()
    plan(draft(person, key="k", practice="p"), draft(person, key="other", practice="q"), draft(person, key="plain"))
    assert hold(practice="p", now=NOON) == 1
    assert told() == ("planned", "paused")
    assert {one.key for one in take()} == {"other", "plain"}
    plan(draft(person, key="in flight", practice="p"))
    for hours in (1, 25, 49):
        assert take(hours=hours) == []
    assert told("in flight") == ("planned", "paused")
    assert hold(practice="p", now=NOON) == 2


def test_pausing_between_claim_and_call_gives_it_back_and_counts_no_try(new_person: NewPerson, templates: None) -> None:
    plan(draft(new_person(), key="k", practice="p", late="send"))
    (sendable,) = take()
    hold(practice="p", now=NOON)
    assert not still_wanted(message_id=sendable.message_id, now=NOON)
    assert told() == ("planned", "paused")
    assert Message.objects.get().attempts == 0
    assert not SentCopy.objects.exists()
    release(practice="p", now=NOON + HOUR)
    (again,) = take(hours=1)
    assert again.attempt == 1
    assert still_wanted(message_id=again.message_id, now=NOON + HOUR)


@pytest.mark.parametrize(
    ("late", "expected"),
    [("send", ("attempting", "")), ("skip", ("not_sent", "stale")), ("shift", ("planned", "shifted"))],
)
def test_when_it_goes_on_lateness_counts_from_the_time_promised(
    late: str, expected: tuple[str, str], new_person: NewPerson, templates: None
) -> None:
    plan(draft(new_person(), key="k", practice="p", late=late, stale_after_seconds=86_400))
    hold(practice="p", now=NOON)
    assert take(hours=24 * 3) == []
    # An hour and a half past the promised hour of the day, so that shifting has something to wait for.
    assert release(practice="p", now=NOON + 73.5 * HOUR) == 1
    take(hours=73.5)
    assert told() == expected
    assert Message.objects.filter(due_at=NOON).exists() == (late != "shift")


def test_a_short_pause_delays_what_is_due_later_by_nothing(new_person: NewPerson, templates: None) -> None:
    plan(draft(new_person(), key="k", practice="p", due_at=NOON + 5 * HOUR))
    hold(practice="p", now=NOON)
    release(practice="p", now=NOON + HOUR)
    assert take(hours=4) == []
    assert [one.key for one in take(hours=5)] == ["k"]


def test_too_late_while_paused_says_so(new_person: NewPerson, templates: None) -> None:
    plan(draft(new_person(), key="k", practice="p", stale_after_seconds=86_400))
    hold(practice="p", now=NOON)
    assert expire_stale(now=NOON + 30 * HOUR) == 1
    assert Message.objects.values_list("reason", "note").get() == ("stale", "paused")


def test_a_line_message_in_doubt_is_not_tried_again_while_paused(new_person: NewPerson, templates: None) -> None:
    plan(
        draft(
            new_person(agrees=(("line", "marketing"),), line_id=LINE_ID),
            key="k",
            template="news",
            practice="p",
            channel="line",
        )
    )
    assert len(take("line")) == 1
    release_expired(now=NOON + HOUR)
    hold(practice="p", now=NOON + HOUR)
    assert take("line", hours=2) == []
    release(practice="p", now=NOON + 3 * HOUR)
    (again,) = take("line", hours=3)
    assert again.attempt == 2


def test_those_who_leave_get_nothing_more_and_others_do(new_person: NewPerson, templates: None) -> None:
    person = new_person()
    keys = [f"k{number}" for number in range(3)]
    plan(*(draft(person, key=key, practice="p") for key in keys), draft(person, key="x", practice="q"))
    assert call_off_all(practice="p", keys=["k0", "k2", "x"], slug="practice_ended", now=NOON) == 2
    assert [told(key) for key in keys] == [
        ("not_sent", "practice_ended"), ("planned", ""), ("not_sent", "practice_ended"),
    ]  # fmt: skip
    assert sum(OutboxEntry.objects.filter(fact_type="MessageNotSent").values_list("fact_count", flat=True)) == 2
    assert {one.key for one in take()} == {"k1", "x"}
    assert call_off_all(practice="p", slug="practice_ended", now=NOON) == 0
    assert Message.objects.get(key="k1").called_off == "practice_ended"


@pytest.mark.parametrize("answer", ["refused", "lease", "again"])
def test_one_under_way_when_its_people_leave_is_tried_no_more(
    answer: str, new_person: NewPerson, templates: None
) -> None:
    plan(draft(new_person(), key="k", practice="p"))
    (sendable,) = take()
    call_off_all(practice="p", slug="practice_ended", now=NOON)
    assert told() == ("attempting", "")
    if answer == "refused":
        refused(message_id=sendable.message_id, reason="busy", permanent=False, retry_at=NOON, now=NOON)
    else:
        release_expired(now=NOON + HOUR)
        assert told() == ("uncertain", "unknown_result")
    if answer == "again":
        settle(message_id=sendable.message_id, outcome="again", actor="test", now=NOON)
    assert take(hours=2) == []
    assert told() == (("uncertain", "unknown_result") if answer == "lease" else ("not_sent", "practice_ended"))


def test_the_last_look_stops_one_whose_people_have_left(new_person: NewPerson, templates: None) -> None:
    person = new_person()
    plan(draft(person, key="k", practice="p"), draft(person, key="taken", practice="p"))
    first, second = take()
    accepted(message_id=second.message_id, provider_id="x", now=NOON)
    call_off_all(practice="p", slug="practice_ended", now=NOON)
    assert not still_wanted(message_id=first.message_id, now=NOON)
    assert told() == ("not_sent", "practice_ended")
    assert told("taken") == ("sent", "")


def test_the_page_says_what_they_wait_for(new_person: NewPerson, templates: None, desk: Client) -> None:
    plan(draft(new_person(), key="k", practice="p"))
    hold(practice="p", now=NOON)
    assert "接客方法が一時停止中のため" in desk.get("/messages/?show=waiting").content.decode()
    found = desk.get("/messages/?show=waiting&reason=paused").context["found"]
    assert [one.at for one in found.messages] == [NOON]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite admits one writer")
def test_nothing_goes_out_after_a_pause_commits_in_many_races(templates: None) -> None:
    plan(*(draft(somebody(number), key=f"k{number}", practice="p") for number in range(60)))
    sent_at: list[float] = []
    paused_at: list[float] = []
    began = threading.Event()

    def send() -> None:
        close_old_connections()
        while found := claim(channel="mail", limit=5, lease_seconds=60, now=NOON):
            for one in found:
                looked = time.monotonic()
                if still_wanted(message_id=one.message_id, now=NOON):
                    sent_at.append(looked)
                    began.set()
                    accepted(message_id=one.message_id, provider_id="x", now=NOON)

    def pause() -> None:
        close_old_connections()
        began.wait(10)
        with transaction.atomic():
            hold(practice="p", now=NOON)
            time.sleep(0.1)
        paused_at.append(time.monotonic())

    together(send, send, pause)
    assert HeldPractice.objects.count() == 1
    assert 0 < len(sent_at) < 60
    assert max(sent_at) < paused_at[0]
    waiting = Message.objects.exclude(state="sent")
    assert set(waiting.values_list("state", "reason", "attempts")) == {("planned", "paused", 0)}
    assert waiting.count() == 60 - len(sent_at)
    release(practice="p", now=NOON)
    together(send, send)
    assert set(Message.objects.values_list("state", flat=True)) == {"sent"}
    assert len(sent_at) == 60
