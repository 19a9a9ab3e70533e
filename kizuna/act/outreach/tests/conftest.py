"""A customer, an order, templates and drafts for the tests of this room."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from kizuna.act.outreach.operations import ensure_template, plan_messages
from kizuna.act.outreach.rules import Body, Draft
from kizuna.customers.consent.operations import record_consent
from kizuna.customers.consent.rules import Proof
from kizuna.customers.people.operations import resolve_people
from kizuna.customers.people.rules import Sighting
from kizuna.words import Words

NOON = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
"""Friday 12:00 in Japan."""

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
