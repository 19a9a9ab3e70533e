"""The thin path: planned, claimed with the attempt on record, accepted; the same key is one message for ever."""

import pytest

from kizuna.act.outreach.models import Message, SentCopy
from kizuna.act.outreach.operations import accepted, claim
from kizuna.act.outreach.tests.conftest import NOON, NewPerson, draft, plan
from kizuna.errors import Invalid
from kizuna.facts.outbox.models import OutboxEntry


def test_planned_claimed_accepted(new_person: NewPerson, templates: None) -> None:
    person = new_person(family_name="佐藤")
    assert plan(draft(person, key="k1")) == ["created"]
    (sendable,) = claim(channel="mail", limit=10, lease_seconds=60, now=NOON)
    assert (sendable.key, sendable.address, sendable.subject) == ("k1", "c1@example.jp", "佐藤様へのお知らせ")
    assert sendable.text == "佐藤様\n\nいつもありがとうございます。"
    assert Message.objects.get().state == "attempting"
    assert claim(channel="mail", limit=10, lease_seconds=60, now=NOON) == []
    accepted(message_id=sendable.message_id, provider_id="<x@y>", now=NOON)
    accepted(message_id=sendable.message_id, provider_id="<x@y>", now=NOON)
    assert (Message.objects.get().state, Message.objects.get().provider_id) == ("sent", "<x@y>")
    assert SentCopy.objects.get().text == sendable.text
    assert OutboxEntry.objects.filter(fact_type="MessageSent").count() == 1


def test_the_same_key_is_planned_once(new_person: NewPerson, templates: None) -> None:
    person = new_person()
    assert plan(draft(person, key="k1"), draft(person, key="k1")) == ["created", "unchanged"]
    assert plan(draft(person, key="k1"), draft(person, key="k2")) == ["unchanged", "created"]
    assert Message.objects.count() == 2


@pytest.mark.parametrize("wrong", [{"template": "nobody"}, {"channel": "fax"}, {"late": "never"}, {"key": ""}])
def test_a_draft_that_makes_no_sense_is_refused_and_the_others_are_planned(
    wrong: dict[str, str], new_person: NewPerson, templates: None
) -> None:
    person = new_person()
    outcomes = plan(draft(person, **({"key": "k1"} | wrong)), draft(person, key="k2"))
    assert isinstance(outcomes[0], Invalid)
    assert outcomes[1] == "created"
