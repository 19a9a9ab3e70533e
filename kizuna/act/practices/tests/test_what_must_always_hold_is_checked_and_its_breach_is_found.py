"""J1–J7: silent on a shop in order, and each found when somebody breaks it behind the code's back."""

from datetime import timedelta

import pytest
from django.db import connection, transaction

from kizuna.act.outreach.models import Message
from kizuna.act.outreach.operations import accepted, claim
from kizuna.act.practices.models import Assignment, Enrolment, PracticeVersion
from kizuna.act.practices.queries import check_invariants
from kizuna.act.practices.tests.shop import DAY, Shop, begin, thanks
from kizuna.customers.consent.operations import record_consent
from kizuna.customers.consent.rules import Proof
from kizuna.facts.catalogue import MessageSent, PracticeAssigned
from kizuna.facts.outbox.operations import publish


@pytest.fixture
def busy(shop: Shop) -> Shop:
    """Twenty customers, some held out, all messages sent at noon."""
    begin(shop, thanks(holdout_share=0.5))
    for number in range(20):
        shop.order(str(number), f"customer{number}", delivered_at=shop.now)
    shop.react()
    shop.wait(3 * DAY)
    shop.step()
    _send(shop)
    shop.fold()
    return shop


def _send(shop: Shop) -> None:
    for one in claim(channel="mail", limit=100, lease_seconds=600, now=shop.now):
        accepted(message_id=one.message_id, provider_id=str(one.message_id), now=shop.now)


def _broken(shop: Shop) -> dict[str, tuple[str, ...]]:
    return {one.rule: one.examples for one in check_invariants(now=shop.now)}


def test_a_shop_in_order_breaks_none(busy: Shop) -> None:
    assert Message.objects.filter(state="sent").count() == Enrolment.objects.count() > 5
    assert _broken(busy) == {}


def test_j1_a_second_acceptance(busy: Shop) -> None:
    message = Message.objects.filter(state="sent").first()
    assert message is not None
    again = MessageSent(occurred_at=busy.now, person_id=message.person_id, message_id=message.pk, revision=9)
    with transaction.atomic():
        publish(facts=[again], now=busy.now)
    busy.fold()
    assert _broken(busy) == {"J1": (f"message:{message.pk}",)}


def test_j2_somebody_overdue_or_in_a_step_that_is_not_there(busy: Shop) -> None:
    first, second = Enrolment.objects.order_by("id")[:2]
    Enrolment.objects.filter(pk=first.pk).update(state="waiting", due_at=busy.now - DAY, moved_at=busy.now - DAY)
    Enrolment.objects.filter(pk=second.pk).update(state="waiting", due_at=busy.now + DAY, node="nowhere")
    found = _broken(busy)
    assert found == {"J2": (f"enrolment:{first.pk} overdue", f"enrolment:{second.pk} nowhere")}


def test_j2_nobody_is_stuck_without_a_name() -> None:
    constraints = {constraint.name for constraint in Enrolment._meta.constraints}
    assert {"waiting_is_due", "stuck_is_named"} <= constraints


def test_j3_advertising_after_a_refusal(busy: Shop) -> None:
    message = Message.objects.filter(state="sent").first()
    assert message is not None
    Message.objects.filter(pk=message.pk).update(purpose="marketing", attempted_at=busy.now + timedelta(hours=1))
    assert _broken(busy) == {}
    record_consent(
        person_id=message.person_id,
        channel="mail",
        purpose="marketing",
        granted=False,
        proof=Proof(text="配信停止"),
        actor="customer",
        now=busy.now,
    )
    assert _broken(busy) == {"J3": (f"message:{message.pk}",)}


@pytest.mark.parametrize("breach", ["quiet hours", "held out", "over the cap"])
def test_j4_what_the_gate_forbids(busy: Shop, breach: str) -> None:
    messages = list(Message.objects.filter(state="sent")[:3])
    last = messages[-1].pk
    if breach == "quiet hours":
        Message.objects.filter(pk=last).update(attempted_at=busy.now + timedelta(hours=10))
    elif breach == "held out":
        held = Assignment.objects.filter(held_out=True).values_list("person_id", flat=True)[0]
        Message.objects.filter(pk=last).update(person_id=held)
    else:
        ids = [message.pk for message in messages]
        Message.objects.filter(pk__in=ids).update(purpose="marketing", person_id=messages[0].person_id)
    assert _broken(busy) == {"J4": (f"message:{last} {breach}",)}


def test_j5_a_lot_that_is_not_the_one_drawn(busy: Shop) -> None:
    lot = Assignment.objects.filter(held_out=True)[0]
    Assignment.objects.filter(pk=lot.pk).update(share=0.0)
    assert _broken(busy) == {"J5": (f"assignment:{lot.pk}",)}


def test_j6_somebody_who_was_to_be_served_and_is_gone(busy: Shop) -> None:
    lost = Enrolment.objects.order_by("id")[0]
    Message.objects.filter(person_id=lost.person_id).delete()
    Enrolment.objects.filter(pk=lost.pk).delete()
    assert _broken(busy) == {"J6": (f"assignment:{lost.assignment_id}",)}


def test_j7_a_message_nobody_planned_and_one_that_is_missing(busy: Shop) -> None:
    first, second = Message.objects.order_by("id")[:2]
    enrolment = Enrolment.objects.get(person_id=first.person_id)
    Message.objects.filter(pk=first.pk).update(key="f" * 32)
    assert _broken(busy) == {
        "J7": (f"enrolment:{enrolment.pk} without its message", f"message:{first.pk} without its step")
    }
    assert second.key != first.key


def test_j7_a_lot_told_otherwise_or_twice(busy: Shop) -> None:
    lot = Assignment.objects.order_by("id")[0]
    again = PracticeAssigned(
        occurred_at=busy.now,
        person_id=lot.person_id,
        assignment_id=lot.pk,
        practice="thank-you",
        version=1,
        arm=lot.arm,
        held_out=lot.held_out,
        revision=1,
    )
    with transaction.atomic():
        publish(facts=[again], now=busy.now)
    busy.fold()
    assert _broken(busy) == {"J7": (f"assignment:{lot.pk} differs from its fact",)}


def test_the_checks_read_and_write_nothing(busy: Shop) -> None:
    with connection.execute_wrapper(_only_reads):
        check_invariants(now=busy.now)
    assert PracticeVersion.objects.count() == 1


def _only_reads(execute: object, sql: str, params: object, many: object, context: object) -> object:
    assert sql.lstrip().upper().startswith(("SELECT", "DECLARE", "FETCH", "CLOSE")), sql
    return execute(sql, params, many, context)  # type: ignore[operator]
