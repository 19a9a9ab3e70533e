"""A message that a lot stopped: told to those who compare, and nowhere to those who would make up for it."""

import re

import pytest
from django.db import transaction

from kizuna.act.outreach.models import Message
from kizuna.act.outreach.operations import claim, ensure_template, plan_messages
from kizuna.act.outreach.rules import Body, Draft, reason_words
from kizuna.customers.people.queries import find_people
from kizuna.customers.staff.rules import COMPARING, Role
from kizuna.web.tests.conftest import SignedIn
from kizuna.web.tests.kindness import yesterday_noon
from kizuna.words import Words

DESK = (Role.OWNER, Role.MANAGER, Role.AGENT)
"""Who opens the pages of messages at all."""
REASON = str(reason_words(slug="held_out"))


@pytest.fixture
def stopped(shop: int) -> Message:
    """A planned message whose customer, one of the Kyoto store, the lot leaves untouched when it is due."""
    noon, (person,) = yesterday_noon(), find_people(text="c1@example.jp")
    body = Body("mail", "ja", "お知らせ", "{{顧客.姓}}様\n\nいつもありがとうございます。")
    ensure_template(
        name="apart",
        title=Words(ja="くじで外れた便り", en="Left out by lot"),
        purpose="service",
        bodies=[body],
        now=noon,
    )
    with transaction.atomic():
        draft = Draft(
            key="k", person_id=person, channel="mail", template="apart", practice="p", salt="s", holdout_share=1.0,
            due_at=noon,
        )  # fmt: skip
        plan_messages(drafts=[draft], now=noon)
    assert claim(channel="mail", limit=1, lease_seconds=60, now=noon) == []
    return Message.objects.get(state="not_sent", reason="held_out")


def _places(message: Message) -> tuple[str, ...]:
    return (
        "/messages/?show=not_sent",
        "/messages/?reason=held_out",
        f"/messages/customers/{message.person_id}/",
        f"/customers/{message.person_id}/",
    )


@pytest.mark.parametrize("role", DESK)
def test_every_page_keeps_to_the_one_rule(role: Role, stopped: Message, signed_in: SignedIn) -> None:
    client = signed_in(role)
    for place in _places(stopped):
        # The filter offers every template there is.
        page = re.sub(r"<option.*?</option>", "", client.get(place).content.decode())
        assert ("くじで外れた便り" in page) is (role in COMPARING), (place, role)
        assert (REASON in page) is (role in COMPARING), (place, role)
    found = client.get("/messages/").context
    figures = {figure.show: figure.count for figure in found["figures"]}
    assert figures["not_sent"] == (1 if role in COMPARING else 0)
    assert client.get(f"/messages/{stopped.pk}/").status_code == (200 if role in COMPARING else 404)


@pytest.mark.parametrize(("role", "status"), [(Role.STORE_STAFF, 200), (Role.ANALYST, 403)])
def test_the_others_do_not_open_messages(role: Role, status: int, stopped: Message, signed_in: SignedIn) -> None:
    client = signed_in(role)
    assert client.get(f"/messages/{stopped.pk}/").status_code == 403
    page = client.get(f"/customers/{stopped.person_id}/")
    assert page.status_code == status
    assert REASON not in page.content.decode()


def test_those_who_compare_are_those_who_decide_and_those_who_only_read() -> None:
    assert {Role.OWNER, Role.MANAGER, Role.ANALYST} == COMPARING
