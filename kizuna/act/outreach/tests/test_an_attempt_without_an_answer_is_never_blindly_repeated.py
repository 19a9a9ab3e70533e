"""Leases, retries under the same key, doubt, and what people decide about it."""

from datetime import timedelta

import pytest

from kizuna.act.outreach.models import Message, SentCopy
from kizuna.act.outreach.operations import (
    accepted,
    answered,
    claim,
    delivered,
    expire_stale,
    give_back,
    opened,
    refused,
    release_expired,
    save_template,
    settle,
    uncertain,
)
from kizuna.act.outreach.queries import counts, doubts, message
from kizuna.act.outreach.rules import Body, MessageNotThere, NoSuchMessage
from kizuna.act.outreach.tests.conftest import LINE_ID, NOON, NewPerson, agree, draft, plan
from kizuna.facts.outbox.models import OutboxEntry
from kizuna.words import Words

LATER = NOON + timedelta(hours=1)


def state(key: str = "k") -> tuple[str, str]:
    return Message.objects.values_list("state", "reason").get(key=key)


@pytest.fixture
def mail(new_person: NewPerson, templates: None) -> int:
    """A message by mail that was claimed at noon."""
    plan(draft(new_person(), key="k"))
    return claim(channel="mail", limit=1, lease_seconds=60, now=NOON)[0].message_id


@pytest.fixture
def by_line(new_person: NewPerson, templates: None) -> int:
    """A message by LINE that was claimed at noon."""
    plan(draft(new_person(line_id=LINE_ID), key="k", channel="line"))
    return claim(channel="line", limit=1, lease_seconds=60, now=NOON)[0].message_id


def test_mail_is_parked_for_a_person(mail: int) -> None:
    assert release_expired(now=NOON) == 0
    assert release_expired(now=LATER) == 1
    assert state() == ("uncertain", "unknown_result")
    assert claim(channel="mail", limit=1, lease_seconds=60, now=LATER) == []
    assert [(one.message_id, one.attempt, one.address) for one in doubts(channel="mail", limit=5)] == [
        (mail, 1, "c1@example.jp")
    ]


def test_line_goes_again_under_the_same_key_with_the_same_words(by_line: int) -> None:
    before = SentCopy.objects.get()
    release_expired(now=LATER)
    save_template(
        name="thanks", title=Words(ja="", en=""), purpose="service", bodies=[Body("mail", "ja", "新", "新しい文面")],
        actor="a", now=NOON,
    )  # fmt: skip
    (again,) = claim(channel="line", limit=1, lease_seconds=60, now=LATER)
    assert (again.message_id, again.key, again.attempt) == (by_line, "k", 2)
    assert (again.text, again.address) == (before.text, before.address)


def test_line_is_in_doubt_when_the_customer_refuses_meanwhile(by_line: int) -> None:
    release_expired(now=LATER)
    person = Message.objects.get().person_id
    agree(person, channel="line", purpose="service", granted=False, at=NOON)
    assert claim(channel="line", limit=1, lease_seconds=60, now=LATER) == []
    # It may have gone out before: «not sent» could be untrue.
    assert state() == ("uncertain", "unknown_result")
    assert not OutboxEntry.objects.filter(fact_type="MessageNotSent").exists()


@pytest.mark.parametrize(("outcome", "expected"), [("sent", "sent"), ("not_sent", "not_sent"), ("again", "planned")])
def test_a_person_settles_what_is_in_doubt(outcome: str, expected: str, mail: int) -> None:
    uncertain(message_id=mail, why="timeout after DATA to c1@example.jp", now=NOON)
    assert "c1@example.jp" not in Message.objects.get().note
    settle(message_id=mail, outcome=outcome, actor="a", now=LATER)
    assert state()[0] == expected
    if outcome == "again":
        assert len(claim(channel="mail", limit=1, lease_seconds=60, now=LATER)) == 1
    with pytest.raises(MessageNotThere):
        settle(message_id=mail, outcome=outcome, actor="a", now=LATER)


def test_a_late_acceptance_settles_it_too(mail: int) -> None:
    release_expired(now=LATER)
    accepted(message_id=mail, provider_id="x", now=LATER)
    assert state() == ("sent", "")


def test_a_refusal_for_now_is_tried_again_when_the_provider_says(mail: int) -> None:
    refused(message_id=mail, reason="451 try later", permanent=False, retry_at=LATER, now=NOON)
    assert claim(channel="mail", limit=1, lease_seconds=60, now=NOON) == []
    assert len(claim(channel="mail", limit=1, lease_seconds=60, now=LATER)) == 1


def test_a_refusal_for_good_is_told(mail: int) -> None:
    refused(message_id=mail, reason="554 no", permanent=True, retry_at=None, now=NOON)
    assert state() == ("not_sent", "provider")
    assert OutboxEntry.objects.filter(fact_type="MessageNotSent").count() == 1


def test_what_a_channel_gives_back_is_due_again_and_costs_nothing(mail: int) -> None:
    for _ in range(30):
        give_back(message_id=mail, until=NOON, now=NOON)
        assert len(claim(channel="mail", limit=1, lease_seconds=60, now=NOON)) == 1


def test_news_of_an_earlier_stage_changes_nothing(mail: int) -> None:
    accepted(message_id=mail, provider_id="x", now=NOON)
    opened(message_id=mail, now=LATER)
    delivered(message_id=mail, now=LATER)
    assert state()[0] == "opened"
    answered(message_id=mail, now=LATER)
    opened(message_id=mail, now=LATER)
    assert state()[0] == "answered"
    assert OutboxEntry.objects.filter(fact_type="MessageOpened").count() == 1
    assert counts()["answered"] == 1


def test_a_webhook_may_be_faster_than_the_answer_to_the_call(mail: int) -> None:
    delivered(message_id=mail, now=NOON)
    accepted(message_id=mail, provider_id="x", now=NOON)
    assert state()[0] == "delivered"
    assert OutboxEntry.objects.filter(fact_type="MessageSent").count() == 1


@pytest.mark.django_db
def test_what_there_is_not_is_said_so() -> None:
    with pytest.raises(NoSuchMessage):
        accepted(message_id=1, provider_id="", now=NOON)


def test_a_message_that_was_accepted_is_shown_with_its_text(mail: int) -> None:
    accepted(message_id=mail, provider_id="x", now=NOON)
    found = message(message_id=mail, with_held_out=False)
    assert found is not None
    assert found[1] is not None


def test_a_key_the_provider_may_have_forgotten_is_not_used_again(by_line: int) -> None:
    release_expired(now=LATER)
    assert claim(channel="line", limit=1, lease_seconds=60, now=NOON + timedelta(hours=24)) == []
    assert state() == ("uncertain", "unknown_result")


def test_what_no_channel_collects_is_told_as_too_late(new_person: NewPerson, templates: None) -> None:
    person = new_person()
    plan(
        draft(person, key="k", channel="sms", stale_after_seconds=3600),
        draft(person, key="late", channel="sms", stale_after_seconds=3600, late="send"),
        draft(person, key="shift", channel="sms", stale_after_seconds=3600, late="shift"),
    )
    assert expire_stale(now=NOON + timedelta(minutes=59)) == 0
    assert expire_stale(now=NOON + timedelta(minutes=61)) == 1
    assert state() == ("not_sent", "stale")
    assert (state("late")[0], state("shift")[0]) == ("planned", "planned")
    assert OutboxEntry.objects.filter(fact_type="MessageNotSent").count() == 1
