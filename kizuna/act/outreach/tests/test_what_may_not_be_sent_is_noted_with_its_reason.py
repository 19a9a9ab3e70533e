"""Through the database: consent, stops, hours, cap, lot, orders. Every non-send has a reason and a fact."""

from datetime import timedelta

import pytest
from django.db import transaction

from kizuna.act.outreach.models import Message
from kizuna.act.outreach.operations import (
    accepted,
    bounced,
    complained,
    lift_suppression,
    release_expired,
)
from kizuna.act.outreach.queries import messages_of, reach_of
from kizuna.act.outreach.tests.conftest import LINE_ID, NOON, NewPerson, agree, draft, plan, take, told
from kizuna.customers.orders.models import Order
from kizuna.customers.orders.operations import record_orders
from kizuna.customers.orders.rules import OrderRecord
from kizuna.customers.people.operations import merge_people
from kizuna.customers.people.rules import Sighting
from kizuna.facts.outbox.models import OutboxEntry
from kizuna.stats.randomisation import is_held_out

pytestmark = pytest.mark.usefixtures("sender")


def test_without_consent_nothing_but_service_goes(new_person: NewPerson, templates: None) -> None:
    person = new_person(agrees=())
    plan(draft(person, key="k", template="news"), draft(person, key="s", template="thanks"))
    assert [one.key for one in take()] == ["s"]
    assert told() == ("not_sent", "no_consent")
    assert OutboxEntry.objects.filter(fact_type="MessageNotSent").count() == 1


def test_the_latest_word_over_all_records_of_the_customer_counts(new_person: NewPerson, templates: None) -> None:
    person, twin = new_person(), new_person(agrees=())
    agree(twin, granted=False, at=NOON - timedelta(days=1))
    merge_people(person_ids=[person, twin], actor="test", now=NOON)
    plan(draft(person, key="k", template="news"))
    assert take() == []
    assert told() == ("not_sent", "refused")


def test_a_marketplaces_relay_takes_service_only(new_person: NewPerson, templates: None) -> None:
    person = new_person(email="abc@fw.rakuten.ne.jp")
    plan(draft(person, key="k", template="news"), draft(person, key="s"))
    assert [one.address for one in take()] == ["abc@fw.rakuten.ne.jp"]
    assert told() == ("not_sent", "relay")


def test_at_night_it_waits_and_in_the_morning_it_goes(new_person: NewPerson, templates: None) -> None:
    person = new_person()
    plan(draft(person, key="k", template="news", due_at=NOON + timedelta(hours=10)))
    assert take(hours=10) == []
    assert told() == ("planned", "quiet_hours")
    assert take(hours=20) == []
    assert [one.key for one in take(hours=21)] == ["k"]


def test_the_cap_counts_over_all_channels(new_person: NewPerson, templates: None) -> None:
    person = new_person(agrees=(("mail", "marketing"), ("sms", "marketing")), phone="090-1234-5678")
    plan(*(draft(person, key=f"k{n}", template="news", channel="mail") for n in range(2)))
    plan(draft(person, key="k", template="news", channel="sms"))
    assert len(take()) == 2
    assert take("sms") == []
    assert told() == ("planned", "cap")


def test_of_several_that_are_due_the_higher_priority_goes(new_person: NewPerson, templates: None) -> None:
    person = new_person(agrees=(("mail", "marketing"), ("sms", "marketing")), phone="090-1234-5678")
    for n, priority in enumerate((1, 5, 3)):
        plan(draft(person, key=f"k{n}", template="news", channel="sms" if n == 1 else "mail", priority=priority))
    # The mail worker comes first, but the room for two belongs to priorities 5 and 3.
    assert [one.key for one in take()] == ["k2"]
    assert told("k0") == ("planned", "priority")
    assert [one.key for one in take("sms")] == ["k1"]
    assert take(hours=1) == []
    assert told("k0") == ("planned", "cap")


def test_what_waits_too_long_goes_stale_and_says_what_it_waited_for(new_person: NewPerson, templates: None) -> None:
    person = new_person()
    plan(*(draft(person, key=f"k{n}", template="news", stale_after_seconds=86_400) for n in range(3)))
    assert len(take()) == 2
    assert take(hours=24 * 8) == []
    (stale,) = [one for one in messages_of(person_ids=[person], with_held_out=True) if one.state == "not_sent"]
    assert stale.reason == "stale"
    assert "上限" in str(stale.reason_words)


def test_the_held_out_get_nothing(new_person: NewPerson, templates: None) -> None:
    people = [new_person() for _ in range(12)]
    plan(*(draft(one, key=f"p{one}", template="news", practice="p", salt="s", holdout_share=0.5) for one in people))
    sent = {one.message_id for one in take()}
    held = {one for one in people if is_held_out(salt="s", unit=one, share=0.5)}
    assert {one.person_id for one in Message.objects.exclude(pk__in=sent)} == held
    assert held
    assert set(Message.objects.filter(person_id__in=held).values_list("reason", flat=True)) == {"held_out"}


@pytest.mark.parametrize(
    ("changes", "reason"), [({"cancelled": True}, "order_cancelled"), ({"refunded_yen": 1000}, "order_refunded")]
)
def test_an_order_that_no_longer_stands_sends_nothing(
    changes: dict[str, int], reason: str, new_person: NewPerson, templates: None
) -> None:
    person = new_person()
    who = Sighting(source="shop", observed_at=NOON, account_id="c1")
    order = OrderRecord(
        source="shop", external_id="A-1", ordered_at=NOON, customer=who, channel="web", lines=(),
        subtotal_yen=1000, total_yen=1000, **changes,  # type: ignore[arg-type]
    )  # fmt: skip
    with transaction.atomic():
        record_orders(orders=[order], import_id=None, now=NOON, wake=False)
    plan(draft(person, key="k", order_id=Order.objects.get().pk))
    assert take() == []
    assert told() == ("not_sent", reason)


def test_a_hole_in_the_wording_stops_the_message(new_person: NewPerson, templates: None, coupon: None) -> None:
    person = new_person()
    plan(draft(person, key="k", template="coupon"))
    plan(draft(person, key="ok", template="coupon", values={"クーポン.コード": "ABC"}))
    assert [one.key for one in take()] == ["ok"]
    assert told() == ("not_sent", "missing_value")


def test_auto_takes_the_first_way_that_is_open(new_person: NewPerson, templates: None) -> None:
    person = new_person(agrees=(("line", "marketing"),), line_id=LINE_ID, phone="090-1234-5678")
    plan(draft(person, key="k", template="news"))
    assert take("sms") == []
    assert take("mail") == []
    (sendable,) = take("line")
    assert (sendable.channel, sendable.address) == ("line", LINE_ID)


def test_auto_without_any_way_says_so(new_person: NewPerson, templates: None) -> None:
    person = new_person(agrees=(), email="", phone="03-1234-5678")
    plan(draft(person, key="k", template="news"))
    assert take() == []
    assert told() == ("not_sent", "unreachable")


def test_a_permanent_bounce_ends_all_messages_to_the_address(new_person: NewPerson, templates: None) -> None:
    person = new_person()
    plan(draft(person, key="a"))
    (sendable,) = take()
    accepted(message_id=sendable.message_id, provider_id="1", now=NOON)
    bounced(message_id=sendable.message_id, permanent=True, why="550 c1@example.jp unknown", now=NOON)
    assert "c1@example.jp" not in Message.objects.get(key="a").note
    plan(draft(person, key="k"))
    assert take() == []
    assert told() == ("not_sent", "suppressed_bounce")
    found = reach_of(person_id=person, now=NOON)
    assert found is not None
    lift_suppression(suppression_id=found.stops[0].suppression_id, actor="test", now=NOON)
    plan(draft(person, key="again"))
    assert [one.key for one in take()] == ["again"]


def test_three_soft_bounces_in_a_row_end_them_too(new_person: NewPerson, templates: None) -> None:
    person = new_person()
    for n in range(3):
        plan(draft(person, key=f"a{n}"))
        (sendable,) = take(hours=n)
        bounced(message_id=sendable.message_id, permanent=False, why="mailbox full", now=NOON + timedelta(hours=n))
    plan(draft(person, key="k"))
    assert take(hours=3) == []
    assert told() == ("not_sent", "suppressed_bounce")


def test_a_complaint_is_a_refusal_on_every_address(new_person: NewPerson, templates: None) -> None:
    person = new_person(agrees=(("mail", "marketing"), ("mail", "survey")))
    plan(draft(person, key="a", template="news"))
    (sendable,) = take()
    accepted(message_id=sendable.message_id, provider_id="1", now=NOON)
    complained(message_id=sendable.message_id, now=NOON)
    plan(draft(person, key="k", template="ask"), draft(person, key="s"))
    assert take(hours=1) == []
    assert told() == ("not_sent", "refused")
    assert told("s") == ("not_sent", "suppressed_complaint")


def test_an_attempt_that_may_have_arrived_counts_towards_the_cap(new_person: NewPerson, templates: None) -> None:
    person = new_person(agrees=(("mail", "marketing"), ("line", "marketing")), line_id=LINE_ID)
    plan(*(draft(person, key=f"k{n}", template="news", channel="line") for n in range(2)))
    assert len(take("line")) == 2
    assert release_expired(now=NOON + timedelta(hours=1)) == 2
    plan(draft(person, key="k", template="news", channel="mail"))
    assert take(hours=1) == []
    assert told() == ("planned", "cap")
    # They themselves are not held back by having been tried.
    assert len(take("line", hours=1)) == 2
