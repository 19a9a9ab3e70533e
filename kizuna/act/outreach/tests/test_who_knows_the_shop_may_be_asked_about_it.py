"""A question about one's own purchase is no advertising: it needs no consent, a refusal ends it (decision 0009)."""

from datetime import timedelta

import pytest
from django.db import transaction

from kizuna.act.outreach.queries import reach_of
from kizuna.act.outreach.rules import Body
from kizuna.act.outreach.rules.law import check_law
from kizuna.act.outreach.rules.wording import SenderLines
from kizuna.act.outreach.tests.conftest import NOON, NewPerson, agree, draft, plan, take, told
from kizuna.customers.consent.models import Consent
from kizuna.customers.orders.operations import record_orders
from kizuna.customers.orders.rules import OrderRecord
from kizuna.customers.people.operations import merge_people, resolve_people
from kizuna.customers.people.rules import Sighting
from kizuna.listen.surveys.operations import ensure_standard_surveys, record_answers
from kizuna.listen.surveys.rules import AnswerRecord

pytestmark = pytest.mark.usefixtures("sender")

SENDER = SenderLines(name="きずな堂", address="京都市1-1")
GUEST = Sighting(source="list", observed_at=NOON, email="guest@example.jp", family_name="山田", phone="090-1234-5678")


@pytest.fixture
def stranger(templates: None) -> int:
    """An address on a list, and nothing else."""
    with transaction.atomic():
        person = resolve_people(sightings=[GUEST], import_id=None, now=NOON)[0]
    assert person is not None
    return person


def order(*, cancelled: bool = False) -> None:
    record = OrderRecord(
        source="list", external_id="A-1", ordered_at=NOON, customer=GUEST, channel="web", lines=(),
        subtotal_yen=1000, total_yen=1000, cancelled=cancelled,
    )  # fmt: skip
    with transaction.atomic():
        record_orders(orders=[record], import_id=None, now=NOON, wake=False)


def answer() -> None:
    ensure_standard_surveys(now=NOON)
    record = AnswerRecord(
        source="form", external_id="1", customer=GUEST, instrument="nps", score=9, answered_at=NOON,
        touchpoint="delivery", channel="web",
    )  # fmt: skip
    with transaction.atomic():
        record_answers(answers=[record], import_id=None, now=NOON, wake=False)


def test_an_address_on_a_list_is_asked_nothing(stranger: int) -> None:
    plan(draft(stranger, key="k", template="ask"))
    assert take() == []
    assert told() == ("not_sent", "no_consent")


@pytest.mark.parametrize("known_by", ["order", "cancelled order", "answer", "account"])
def test_who_has_ordered_answered_or_registered_is_asked_and_gets_no_advertising(
    known_by: str, stranger: int, new_person: NewPerson
) -> None:
    person = stranger
    if known_by == "answer":
        answer()
    elif known_by == "account":
        person = new_person(agrees=())
    else:
        order(cancelled=known_by != "order")
    plan(draft(person, key="k", template="ask", practice="p"), draft(person, key="news", template="news"))
    (sendable,) = take()
    assert sendable.key == "k"
    assert sendable.unsubscribe_url in sendable.text
    assert told("news") == ("not_sent", "no_consent")
    assert not Consent.objects.exists()


def test_an_order_of_any_record_of_the_customer_counts(stranger: int, new_person: NewPerson) -> None:
    merge_people(person_ids=[stranger, new_person(agrees=())], actor="test", now=NOON)
    plan(draft(stranger, key="k", template="ask"))
    assert [one.key for one in take()] == ["k"]


@pytest.mark.parametrize("channel", ["mail", "sms"])
def test_any_refusal_of_surveys_ends_them(channel: str, stranger: int) -> None:
    order()
    agree(stranger, channel=channel, purpose="survey", granted=True, at=NOON - timedelta(days=2))
    agree(stranger, channel=channel, purpose="survey", granted=False, at=NOON - timedelta(days=1))
    plan(draft(stranger, key="k", template="ask", channel=channel))
    assert take(channel) == []
    assert told() == ("not_sent", "refused")


def test_the_customers_page_tells_what_the_gate_would_do(stranger: int) -> None:
    def state() -> dict[str, bool]:
        found = reach_of(person_id=stranger, now=NOON)
        assert found is not None
        return {way.purpose: way.reason is None for way in dict(found.ways)["mail"]}

    assert state() == {"service": True, "follow_up": True, "marketing": False, "survey": False}
    order()
    assert state() == {"service": True, "follow_up": True, "marketing": False, "survey": True}
    agree(stranger, purpose="survey", granted=False, at=NOON)
    assert state() == {"service": True, "follow_up": True, "marketing": False, "survey": False}


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("次回使えるクーポンを差し上げます。", "sales_in_service"),
        ("お店のページもご覧ください https://shop.example.jp/", "link_in_survey"),
        ("ｗｗｗ．ｓｈｏｐ．ｅｘａｍｐｌｅ", "link_in_survey"),
    ],
)
def test_a_question_that_advertises_is_advertising(text: str, slug: str) -> None:
    body = Body("mail", "ja", "お伺い", f"使い心地はいかがでしょうか。\n{{{{アンケート.リンク}}}}\n{text}")

    def stops(purpose: str) -> list[str]:
        return [one.slug for one in check_law(purpose=purpose, bodies=[body], sender=SENDER) if one.level == "stop"]

    assert stops("survey") == [slug]
    assert stops("marketing") == []


def test_a_plain_question_passes_the_law() -> None:
    body = Body(
        "mail",
        "ja",
        "お伺い",
        "使い心地はいかがでしょうか。\n{{アンケート.リンク}}\nお問い合わせ：info@shop.example.jp",
    )
    assert check_law(purpose="survey", bodies=[body], sender=SENDER) == ()
