"""J3 and J4 under races: a refusal commits either before the attempt, which then is none, or after it."""

import threading
import time

import pytest
from django.db import close_old_connections, connection, transaction

from kizuna.act.outreach.models import Message
from kizuna.act.outreach.operations import claim, still_wanted, unsubscribe
from kizuna.act.outreach.rules.links import unsubscribe_token
from kizuna.act.outreach.tests.conftest import NOON, NewPerson, agree, draft, plan
from kizuna.act.outreach.tests.races import drain, somebody, together
from kizuna.customers.consent.models import Consent
from kizuna.customers.consent.operations import hold_consent


def test_a_refusal_between_plan_and_claim_is_heard(new_person: NewPerson, templates: None, sender: None) -> None:
    person = new_person()
    plan(draft(person, key="k", template="news"))
    agree(person, granted=False, at=NOON)
    assert claim(channel="mail", limit=5, lease_seconds=60, now=NOON) == []


def test_a_refusal_between_claim_and_call_is_heard_by_the_last_look(
    new_person: NewPerson, templates: None, sender: None
) -> None:
    person = new_person()
    plan(draft(person, key="k", template="news"))
    (sendable,) = claim(channel="mail", limit=5, lease_seconds=60, now=NOON)
    assert still_wanted(message_id=sendable.message_id, now=NOON)
    unsubscribe(token=unsubscribe_token(message_id=sendable.message_id), now=NOON)
    assert not still_wanted(message_id=sendable.message_id, now=NOON)
    assert Message.objects.values_list("state", "reason").get() == ("not_sent", "refused")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite admits one writer")
def test_a_refusal_that_has_begun_makes_the_claim_wait_for_it(templates: None, sender: None) -> None:
    person = somebody(0)
    agree(person)
    plan(draft(person, key="k", template="news"))
    begun, taken = threading.Event(), []

    def refuse() -> None:
        with transaction.atomic():
            hold_consent()
            begun.set()
            time.sleep(0.5)
            agree(person, granted=False, at=NOON)

    def send() -> None:
        begun.wait(5)
        taken.extend(claim(channel="mail", limit=5, lease_seconds=60, now=NOON))

    together(refuse, send)
    assert taken == []
    assert Message.objects.get().reason == "refused"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite admits one writer")
def test_no_attempt_commits_after_a_refusal_in_many_races(templates: None, sender: None) -> None:
    people = [somebody(number) for number in range(40)]
    for person in people:
        agree(person)
    plan(*(draft(person, key=f"k{person}", template="news") for person in people))
    refused_at: dict[int, float] = {}
    attempted_at: dict[int, float] = {}

    def refuse() -> None:
        close_old_connections()
        for person in reversed(people):
            agree(person, granted=False, at=NOON)
            refused_at[person] = time.monotonic()

    def send() -> None:
        while Message.objects.filter(state="planned").exists():
            began = time.monotonic()
            for one in claim(channel="mail", limit=3, lease_seconds=60, now=NOON):
                attempted_at[Message.objects.values_list("person_id", flat=True).get(pk=one.message_id)] = began

    together(refuse, send)
    # The claim began before the refusal's commit was reported: nothing was attempted once it stood.
    assert [one for one in attempted_at if attempted_at[one] > refused_at[one]] == []
    assert set(attempted_at) | set(Message.objects.filter(reason="refused").values_list("person_id", flat=True)) == set(
        people
    )
    assert Consent.objects.filter(granted=False).count() == 40


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite admits one writer")
def test_two_channels_at_once_do_not_pass_the_cap(templates: None, sender: None) -> None:
    people = []
    for number in range(20):
        person = somebody(number, phone=f"090-1234-56{number:02}")
        agree(person)
        agree(person, channel="sms")
        people.append(person)
        plan(
            *(draft(person, key=f"m{person}-{n}", template="news", channel="mail") for n in range(2)),
            *(draft(person, key=f"s{person}-{n}", template="news", channel="sms") for n in range(2)),
        )

    together(drain("mail"), drain("sms"))
    for person in people:
        assert Message.objects.filter(person_id=person, state="attempting").count() == 2


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite admits one writer")
def test_many_workers_of_one_channel_never_take_the_same_message(templates: None) -> None:
    person = somebody(1)
    plan(*(draft(person, key=f"k{n}") for n in range(200)))
    taken: list[int] = []

    def work() -> None:
        while found := claim(channel="mail", limit=9, lease_seconds=60, now=NOON):
            taken.extend(one.message_id for one in found)

    together(*[work] * 6)
    assert len(taken) == len(set(taken)) == 200
