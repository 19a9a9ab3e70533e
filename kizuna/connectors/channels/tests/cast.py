"""A customer with three addresses, a template for every channel, messages to them: for the tests of all channels."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from socketserver import BaseServer

from django.db import transaction

from kizuna.act.outreach.models import Message
from kizuna.act.outreach.operations import ensure_template, plan_messages
from kizuna.act.outreach.rules import Body, Draft
from kizuna.customers.consent.operations import record_consent
from kizuna.customers.consent.rules import Proof
from kizuna.customers.people.operations import resolve_people
from kizuna.customers.people.rules import Sighting
from kizuna.words import Words

NOON = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
"""Friday 12:00 in Japan."""
LINE_ID = "U" + "0123456789abcdef" * 2
MAIL = "hanako@example.jp"
PHONE = "090-1234-5678"


def make_person(*, number: int = 1, mail: str = MAIL, line_id: str = LINE_ID, phone: str = PHONE) -> int:
    """A customer who has agreed to service messages on every channel."""
    before = NOON - timedelta(days=90)
    who = Sighting(
        source="shop",
        observed_at=before,
        account_id=f"c{number}",
        email=mail,
        line_id=line_id,
        phone=phone,
        family_name="山田",
        given_name="花子",
    )
    with transaction.atomic():
        person = resolve_people(sightings=[who], import_id=None, now=before)[0]
    assert person is not None
    for channel in ("mail", "line", "sms"):
        for purpose in ("service", "marketing"):
            record_consent(
                person_id=person,
                channel=channel,
                purpose=purpose,
                granted=True,
                proof=Proof(text="会員登録"),
                actor="customer",
                now=NOON - timedelta(days=60),
            )
    return person


def make_templates() -> None:
    """``thanks`` can go every way."""
    ensure_template(
        name="thanks",
        title=Words(ja="お礼", en="Thanks"),
        purpose="service",
        bodies=[
            Body(
                "mail",
                "ja",
                "{{顧客.姓}}様、ご注文ありがとうございます",
                "{{顧客.姓}}様\n\nいつもありがとうございます。",
            ),
            Body("line", "ja", "", "{{顧客.姓}}様、いつもありがとうございます。"),
            Body("sms", "ja", "", "いつもありがとうございます。"),
        ],
        now=NOON,
    )


def plan(*, person: int, channel: str, count: int = 1, practice: str = "") -> list[int]:
    """Plan so many messages on a channel; answers their ids."""
    drafts = [
        Draft(
            key=f"{channel}-{person}-{number}",
            person_id=person,
            channel=channel,  # type: ignore[arg-type]
            template="thanks",
            due_at=NOON,
            practice=practice,
            late="send",
        )
        for number in range(count)
    ]
    with transaction.atomic():
        assert plan_messages(drafts=drafts, now=NOON) == ["created"] * count
    keys = [draft.key for draft in drafts]
    return list(Message.objects.filter(key__in=keys).order_by("id").values_list("pk", flat=True))


def states() -> list[str]:
    """The states of all messages, in order."""
    return list(Message.objects.order_by("id").values_list("state", flat=True))


@contextmanager
def served(server: BaseServer) -> Iterator[None]:
    """The server runs in a thread for as long as the block does."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
