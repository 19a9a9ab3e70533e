"""A customer, an order, templates and drafts for the tests of this room."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.test import Client

from kizuna.act.outreach.models import Message
from kizuna.act.outreach.operations import claim, describe_sender, ensure_template, plan_messages
from kizuna.act.outreach.rules import Body, Draft, Sendable
from kizuna.customers.consent.operations import record_consent
from kizuna.customers.consent.rules import Proof
from kizuna.customers.people.operations import resolve_people
from kizuna.customers.people.rules import Sighting
from kizuna.customers.staff.models import User
from kizuna.customers.staff.operations import create_user
from kizuna.words import Words

NOON = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
"""Friday 12:00 in Japan."""
LINE_ID = "U" + "0123456789abcdef" * 2

NewPerson = Callable[..., int]
Plan = Callable[..., int]


@pytest.fixture
def new_person(db: None) -> NewPerson:
    """Make a customer; ``agrees`` are (channel, purpose) pairs."""
    made = iter(range(1, 100_000))

    def make(*, agrees: tuple[tuple[str, str], ...] = (("mail", "marketing"),), **fields: str) -> int:
        number = next(made)
        said = {"account_id": f"c{number}", "email": f"c{number}@example.jp", "family_name": "山田"} | fields
        who = Sighting(source="shop", observed_at=NOON - timedelta(days=90), **said)  # type: ignore[arg-type]
        with transaction.atomic():
            person = resolve_people(sightings=[who], import_id=None, now=NOON - timedelta(days=90))[0]
        assert person is not None
        for channel, purpose in agrees:
            agree(person, channel=channel, purpose=purpose)
        return person

    return make


def agree(
    person: int, *, channel: str = "mail", purpose: str = "marketing", granted: bool = True, at: datetime | None = None
) -> None:
    """The customer says yes or no."""
    record_consent(
        person_id=person,
        channel=channel,
        purpose=purpose,
        granted=granted,
        proof=Proof(text="会員登録"),
        actor="customer",
        now=at or NOON - timedelta(days=60),
    )


@pytest.fixture
def templates(db: None) -> None:
    """One template of each purpose."""
    for name, purpose in (("thanks", "service"), ("news", "marketing"), ("ask", "survey")):
        ensure_template(
            name=name,
            title=Words(ja=name, en=name),
            purpose=purpose,
            bodies=[
                Body("mail", "ja", "{{顧客.姓}}様へのお知らせ", "{{顧客.姓}}様\n\nいつもありがとうございます。"),
                Body("mail", "en", "News for you", "Dear {{顧客.名}},\n\nThank you."),
                Body("sms", "ja", "", "いつもありがとうございます。"),
            ],
            now=NOON,
        )


def draft(person: int, *, key: str, template: str = "thanks", **more: object) -> Draft:
    """A draft due at noon."""
    return Draft(**({"key": key, "person_id": person, "template": template, "due_at": NOON} | more))  # type: ignore[arg-type]


def plan(*drafts: Draft, now: datetime = NOON) -> list[object]:
    """Plan in a transaction of its own."""
    with transaction.atomic():
        return list(plan_messages(drafts=drafts, now=now))


def take(channel: str = "mail", *, days: float = 0, hours: float = 0) -> list[Sendable]:
    """What a worker of the channel may send so long after noon."""
    return claim(channel=channel, limit=100, lease_seconds=60, now=NOON + timedelta(days=days, hours=hours))


def told(key: str = "k") -> tuple[str, str]:
    """What became of a message, and why."""
    return Message.objects.values_list("state", "reason").get(key=key)


@pytest.fixture
def sender(db: None) -> None:
    """Who writes and where they are: advertising does not go without."""
    describe_sender(name="きずな堂", address="京都市中京区1-1", actor="test", now=NOON)


@pytest.fixture
def desk(db: None) -> Client:
    """A manager's browser."""
    number = create_user(email="m@example.jp", name="店長", role="manager", stores=[], password="x" * 12, now=NOON)
    client = Client()
    client.force_login(User.objects.get(pk=number))
    return client


@pytest.fixture
def coupon(db: None) -> None:
    """A template that needs a coupon."""
    ensure_template(
        name="coupon",
        title=Words(ja="クーポン", en="Coupon"),
        purpose="marketing",
        bodies=[Body("mail", "ja", "クーポン", "{{顧客.姓}}様\n{{クーポン.コード}}")],
        now=NOON,
    )
