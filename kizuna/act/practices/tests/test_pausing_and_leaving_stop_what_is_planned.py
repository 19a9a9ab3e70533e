"""A message that a step has planned, and that waits for the morning, obeys the practice's state."""

from datetime import timedelta

import pytest

from kizuna.act.outreach.models import HeldPractice, Message
from kizuna.act.practices.models import Enrolment
from kizuna.act.practices.operations import edit_practice, end, pause, resume
from kizuna.act.practices.rules.flow import End, Node, Send, Wait
from kizuna.act.practices.tests.shop import DAY, Shop, begin, sent, thanks
from kizuna.facts.audit.queries import entries

AT_ONCE: dict[str, Node] = {"thank": Send(template="thanks", next="end"), "end": End()}
THEN_REST: dict[str, Node] = {
    **AT_ONCE,
    "thank": Send(template="thanks", next="rest"),
    "rest": Wait(days=5, next="end"),
}


def by_night(shop: Shop, nodes: dict[str, Node], *, people: int = 1) -> None:
    """It is ten in the evening, and the letters wait for the morning."""
    begin(shop, thanks(nodes=nodes, first="thank"))
    shop.wait(timedelta(hours=10))
    for number in range(people):
        shop.order(str(number), f"customer{number}", delivered_at=shop.now)
    shop.react()
    shop.step()
    assert sent(shop) == []
    assert set(Message.objects.values_list("state", "reason")) == {("planned", "quiet_hours")}


def told() -> list[tuple[str, str]]:
    return list(Message.objects.order_by("id").values_list("state", "reason"))


def test_a_paused_practice_sends_nothing_until_it_goes_on(shop: Shop) -> None:
    by_night(shop, AT_ONCE)
    pause(practice="thank-you", actor="test", now=shop.now)
    shop.wait(timedelta(hours=13))
    assert sent(shop) == []
    assert told() == [("planned", "paused")]
    resume(practice="thank-you", actor="test", now=shop.now)
    assert sent(shop) == ["thanks"]


@pytest.mark.parametrize("nodes", [AT_ONCE, THEN_REST])
def test_ending_it_for_everybody_inside_calls_off_what_is_planned(shop: Shop, nodes: dict[str, Node]) -> None:
    by_night(shop, nodes, people=2)
    end(practice="thank-you", actor="test", now=shop.now, people="leave")
    shop.wait(timedelta(hours=13))
    assert sent(shop) == []
    assert told() == [("not_sent", "practice_ended")] * 2
    assert entries()[0].detail["called_off"] == 2


@pytest.mark.parametrize("paused", [False, True])
def test_ending_it_lets_those_inside_have_what_was_promised(shop: Shop, paused: bool) -> None:
    by_night(shop, THEN_REST)
    if paused:
        pause(practice="thank-you", actor="test", now=shop.now)
    end(practice="thank-you", actor="test", now=shop.now)
    assert not HeldPractice.objects.exists()
    shop.wait(timedelta(hours=13))
    assert sent(shop) == ["thanks"]


def test_an_edit_that_lets_people_leave_calls_off_theirs_and_nobody_elses(shop: Shop) -> None:
    by_night(shop, THEN_REST, people=3)
    stays = Enrolment.objects.order_by("id")[1]
    Enrolment.objects.filter(pk=stays.pk).update(node="end", state="done", due_at=None)
    flow = thanks(nodes={"later": Wait(days=5, next="end"), "end": End()}, first="later")
    edit_practice(practice="thank-you", flow=flow, actor="test", now=shop.now, choices={"rest": "leave"})
    shop.wait(timedelta(hours=13))
    assert sent(shop) == ["thanks"]
    assert told() == [("not_sent", "practice_ended"), ("sent", ""), ("not_sent", "practice_ended")]


def test_an_edit_calls_off_what_earlier_versions_and_repeated_steps_have_planned(shop: Shop) -> None:
    by_night(shop, THEN_REST)
    flow = thanks(
        nodes={**AT_ONCE, "thank": Send(template="thanks", next="pause"), "pause": Wait(days=2, next="end")},
        first="thank",
    )
    edit_practice(practice="thank-you", flow=flow, actor="test", now=shop.now, choices={"rest": "move:thank"})
    shop.step()
    assert Message.objects.count() == 2
    bare = thanks(nodes={"later": Wait(days=5, next="end"), "end": End()}, first="later")
    edit_practice(practice="thank-you", flow=bare, actor="test", now=shop.now, choices={"pause": "leave"})
    shop.wait(DAY)
    assert sent(shop) == []
    # The first letter is of the version they were moved from.
    assert told() == [("not_sent", "practice_ended")] * 2
