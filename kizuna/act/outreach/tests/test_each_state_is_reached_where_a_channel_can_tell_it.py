"""Planned, sent, delivered, opened, answered, not sent: by which news each comes, and that page and file show it."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from kizuna.act.outreach.models import Message
from kizuna.act.outreach.operations import (
    accepted,
    answered,
    call_off,
    claim,
    delivered,
    describe_sender,
    opened,
    replied,
)
from kizuna.act.outreach.reactions import note_answer
from kizuna.act.outreach.rules import REACHED
from kizuna.act.outreach.rules.links import picture_url
from kizuna.act.outreach.tests.conftest import LINE_ID, NOON, NewPerson, agree, draft, plan
from kizuna.facts.catalogue import SurveyAnswered
from kizuna.facts.outbox.operations import react_due
from kizuna.listen.surveys.operations import answer_invitation, ensure_standard_surveys, invite
from kizuna.listen.surveys.queries import surveys

ADDRESSES = {"mail": "c@example.jp", "line": LINE_ID, "sms": "+819012345678"}
LATER = NOON + timedelta(hours=1)


@pytest.fixture
def person(new_person: NewPerson, templates: None) -> int:
    describe_sender(name="きずな堂", address="京都市1-1", tracks_opens=True, actor="a", now=NOON)
    found = new_person(email=ADDRESSES["mail"], line_id=LINE_ID, phone="090-1234-5678")
    for channel in ADDRESSES:
        for purpose in ("service", "survey"):
            agree(found, channel=channel, purpose=purpose)
    return found


def _send(person: int, *, channel: str, template: str = "thanks", invitation_id: int | None = None) -> int:
    key = f"{channel} {Message.objects.count()}"
    plan(draft(person, key=key, channel=channel, template=template, invitation_id=invitation_id))
    (one,) = claim(channel=channel, limit=5, lease_seconds=60, now=NOON)
    accepted(message_id=one.message_id, provider_id=f"id-{channel}", now=NOON)
    return one.message_id


def _state(message_id: int) -> str:
    return Message.objects.get(pk=message_id).state


@pytest.mark.parametrize("channel", ADDRESSES)
def test_an_answered_survey_answers_the_message_that_asked_whatever_its_way(channel: str, person: int) -> None:
    ensure_standard_surveys(now=NOON)
    survey = surveys(stores=None)[0].survey_id
    issued = invite(survey_id=survey, person_id=person, order_id=None, channel=channel, now=NOON)
    asked = _send(person, channel=channel, template="ask", invitation_id=issued.invitation_id)
    other = _send(person, channel=channel)
    token = re.search(r"/s/([^/?]+)", issued.url)
    assert token
    answer_invitation(token=token[1], score=4, comment="", now=LATER)
    react_due(now=LATER, reactions={SurveyAnswered: (note_answer,)}, limit=50)
    assert (_state(asked), _state(other)) == ("answered", "sent")
    found = Message.objects.get(pk=asked)
    assert (found.answered_at, found.opened_at) == (LATER, LATER)


@pytest.mark.parametrize("channel", ["line", "sms"])
def test_what_is_written_back_answers_the_latest_message_to_that_address(channel: str, person: int) -> None:
    first, second = _send(person, channel=channel), _send(person, channel=channel)
    Message.objects.filter(pk=first).update(sent_at=NOON - timedelta(days=1))
    assert replied(channel=channel, address=ADDRESSES[channel], at=LATER, now=LATER) == second
    assert (_state(first), _state(second)) == ("sent", "answered")
    assert replied(channel=channel, address=ADDRESSES[channel], at=NOON + timedelta(days=8), now=LATER) is None


def test_arrival_is_told_by_texts_and_mail_and_opening_by_mail(person: int) -> None:
    for channel in ("mail", "sms"):
        message = _send(person, channel=channel)
        delivered(message_id=message, now=LATER)
        assert _state(message) == "delivered"
    mail = Message.objects.get(route="mail")
    path = re.sub(r"^https?://[^/]+", "", picture_url(message_id=mail.pk))
    assert Client().get(path).status_code == 200
    assert _state(mail.pk) == "opened"


def test_page_filter_and_file_show_each_state(person: int, desk: Client) -> None:
    plan(draft(person, key="later", due_at=NOON + timedelta(days=400)), draft(person, key="off", channel="line"))
    call_off(message_id=Message.objects.get(key="off").pk, actor="user:1", now=NOON)
    plan(*(draft(person, key=state, channel="mail") for state in REACHED))
    for one in claim(channel="mail", limit=9, lease_seconds=60, now=NOON):
        accepted(message_id=one.message_id, provider_id=one.key, now=NOON)
    for stage, news in (("delivered", delivered), ("opened", opened), ("answered", answered)):
        for message in Message.objects.filter(key__in=REACHED[REACHED.index(stage) :]):
            news(message_id=message.pk, now=LATER)
    figures = {one.show: one.count for one in desk.get("/messages/").context["figures"]}
    assert figures == {
        "waiting": 1, "sent": 4, "delivered": 3, "opened": 2, "answered": 1, "back": 0, "not_sent": 1,
    }  # fmt: skip
    words = {"waiting": "配信予定", "answered": "回答あり", "not_sent": "スタッフが取りやめました。"}
    for show, told in words.items():
        page = desk.get(f"/messages/?show={show}")
        assert page.context["found"].count == figures[show]
        assert told in page.content.decode()
        file = b"".join(desk.get(f"/messages/export/?format=csv&show={show}")).decode("utf-8-sig")
        assert len(file.splitlines()) == 1 + figures[show]
        assert told in file
