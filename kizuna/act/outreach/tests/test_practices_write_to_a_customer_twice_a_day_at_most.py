"""Practices of any purpose share one cap over all channels: what is beyond it waits its turn, the important first."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection

from kizuna.act.outreach.models import Message
from kizuna.act.outreach.operations import accepted, refused
from kizuna.act.outreach.rules import Cap, Wait, decide
from kizuna.act.outreach.tests.conftest import NOON, NewPerson, agree, draft, plan, take, told
from kizuna.act.outreach.tests.races import drain, somebody, together
from kizuna.act.outreach.tests.situation import SITUATION, slug
from kizuna.customers.people.operations import merge_people

pytestmark = pytest.mark.usefixtures("sender")
PHONE = "090-1234-5678"


@pytest.mark.parametrize("purpose", ["service", "survey", "marketing"])
def test_the_third_within_a_day_waits_until_the_first_is_a_day_old(purpose: str) -> None:
    lately = [NOON - timedelta(hours=5), NOON - timedelta(hours=20), NOON - timedelta(hours=25)]
    decision = decide(situation=replace(SITUATION, purpose=purpose, recent_by_practices=lately))
    assert isinstance(decision, Wait)
    assert (decision.slug, decision.until) == ("practices_cap", NOON + timedelta(hours=4))
    assert decision.reason.ja
    assert slug(purpose=purpose, recent_by_practices=lately[:1]) == "send"
    assert slug(purpose="service", by_practice=False, recent_by_practices=lately) == "send"


def test_what_is_ahead_is_reckoned_in_and_the_advertising_cap_is_told_first() -> None:
    one = [NOON - timedelta(hours=5)]
    assert slug(purpose="service", recent_by_practices=one, ahead_by_practices=1) == "priority"
    assert slug(purpose="service", recent_by_practices=[], ahead_by_practices=1) == "send"
    assert slug(recent=one * 2, recent_by_practices=one * 2) == "cap"
    assert slug(recent=one * 2, recent_by_practices=one * 2, cap=Cap(count=9)) == "practices_cap"


def test_six_practices_with_something_to_say_write_two_letters_a_day_the_important_first(
    new_person: NewPerson, templates: None
) -> None:
    person = new_person(agrees=(), phone=PHONE)
    for number, template in enumerate(("thanks", "ask", "thanks", "ask", "thanks", "thanks")):
        more = {"practice": f"p{number}", "priority": number, "late": "send"}
        plan(draft(person, key=f"k{number}", template=template, channel="sms" if number == 5 else "mail", **more))
    plan(draft(person, key="order"))
    # The mail worker comes first, but one of the two places belongs to the text message of the highest priority.
    assert [one.key for one in take()] == ["k4", "order"]
    assert [one.key for one in take("sms")] == ["k5"]
    assert told("k3") == ("planned", "priority")
    assert take(hours=1) == []
    assert told("k3") == ("planned", "practices_cap")
    assert [one.key for one in take(hours=24)] == ["k3", "k2"]
    assert [one.key for one in take(hours=48)] == ["k1", "k0"]
    assert not Message.objects.filter(state="not_sent").exists()


def test_records_of_one_customer_share_it(new_person: NewPerson, templates: None) -> None:
    first, second = new_person(), new_person()
    merge_people(person_ids=[first, second], actor="test", now=NOON)
    plan(*(draft(one, key=f"k{one}{n}", practice="p") for one in (first, second) for n in range(2)))
    assert len(take()) == 2


def test_only_what_may_have_reached_the_customer_counts(new_person: NewPerson, templates: None) -> None:
    person = new_person()
    plan(*(draft(person, key=f"k{number}", practice="p") for number in range(2)))
    first, second = take()
    accepted(message_id=first.message_id, provider_id="x", now=NOON)
    refused(message_id=second.message_id, reason="no such mailbox", permanent=True, retry_at=None, now=NOON)
    plan(*(draft(person, key=key, practice="q") for key in ("next", "after")))
    assert [one.key for one in take(hours=1)] == ["next"]
    assert told("after") == ("planned", "practices_cap")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite admits one writer")
def test_two_channels_at_once_do_not_pass_it(templates: None) -> None:
    people = []
    for number in range(20):
        person = somebody(number, phone=f"090-1234-56{number:02}")
        agree(person, purpose="survey")
        people.append(person)
        for channel in ("mail", "sms"):
            for template in ("thanks", "ask"):
                plan(
                    draft(person, key=f"{channel}{person}{template}", template=template, channel=channel, practice="p")
                )

    together(drain("mail"), drain("sms"), drain("mail"))
    for person in people:
        assert Message.objects.filter(person_id=person, state="attempting").count() == 2
        assert Message.objects.filter(person_id=person, reason="practices_cap").count() == 2
