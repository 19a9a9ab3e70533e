"""J6, and that editing a running practice asks what becomes of the people inside."""

import pytest

from kizuna.act.outreach.models import Message
from kizuna.act.practices.models import Enrolment
from kizuna.act.practices.operations import (
    ArmInUse,
    ChoiceUnknown,
    PeopleWaiting,
    WrongState,
    edit_practice,
    end,
    pause,
    resume,
    start,
)
from kizuna.act.practices.queries import edit_dry_run, practice
from kizuna.act.practices.rules.flow import Arm, End, Flow, Node, Send, Wait
from kizuna.act.practices.tests.shop import DAY, Shop, begin, thanks
from kizuna.facts.audit.queries import entries

LONG: dict[str, Node] = {
    "rest": Wait(days=3, next="thank"),
    "thank": Send(template="thanks", next="rest2"),
    "rest2": Wait(days=3, next="again"),
    "again": Send(template="thanks", next="end"),
    "end": End(),
}


def _three_inside(shop: Shop, flow: Flow) -> None:
    begin(shop, flow)
    for number in range(3):
        shop.order(str(number), f"customer{number}", delivered_at=shop.now)
    shop.react()


def test_paused_people_keep_their_times_and_go_on_one_step_at_a_time(shop: Shop) -> None:
    _three_inside(shop, thanks(nodes=LONG))
    due = list(Enrolment.objects.values_list("due_at", flat=True))
    pause(practice="thank-you", actor="test", now=shop.now)
    shop.order("9", "late", delivered_at=shop.now)
    shop.react()
    shop.wait(20 * DAY)
    assert shop.step() == 0
    assert list(Enrolment.objects.values_list("due_at", flat=True)) == due
    resume(practice="thank-you", actor="test", now=shop.now)
    assert shop.step() == 3
    # The message knows when it was due, so the gate can obey its lateness; the next rest counts from now.
    assert set(Message.objects.values_list("due_at", "late")) == {(due[0], "shift")}
    assert set(Enrolment.objects.values_list("node", "due_at")) == {("rest2", shop.now + 3 * DAY)}
    shop.wait(3 * DAY)
    assert shop.step() == 3
    assert shop.standing() == [("end", "done")] * 3
    assert [entry.action for entry in entries()][:3] == ["practices.resumed", "practices.paused", "practices.started"]


def test_a_practice_only_does_what_its_state_allows(shop: Shop) -> None:
    begin(shop, thanks())
    with pytest.raises(WrongState):
        start(practice="thank-you", actor="test", now=shop.now)
    with pytest.raises(WrongState):
        resume(practice="thank-you", actor="test", now=shop.now)
    end(practice="thank-you", actor="test", now=shop.now)
    with pytest.raises(WrongState):
        pause(practice="thank-you", actor="test", now=shop.now)


@pytest.mark.parametrize(("people", "after"), [("finish", ("end", "done")), ("leave", ("rest", "left"))])
def test_ending_lets_people_finish_or_leave_as_chosen(shop: Shop, people: str, after: tuple[str, str]) -> None:
    _three_inside(shop, thanks())
    left = end(practice="thank-you", actor="test", now=shop.now, people=people)  # type: ignore[arg-type]
    assert left == (3 if people == "leave" else 0)
    shop.order("9", "late", delivered_at=shop.now)
    shop.react()
    shop.wait(3 * DAY)
    shop.step()
    assert shop.standing() == [after] * 3


def test_a_step_with_people_is_only_taken_away_once_it_is_said_what_becomes_of_them(shop: Shop) -> None:
    _three_inside(shop, thanks())
    shop.template("other")
    nodes: dict[str, Node] = {"pause": Wait(days=1, next="tell"), "tell": Send(template="other", next="e"), "e": End()}
    flow = thanks(nodes=nodes, first="pause")
    plan = edit_dry_run(practice="thank-you", flow=flow)
    assert plan.removed == ("rest", "thank", "end")
    assert [(one.node, one.count) for one in plan.undecided] == [("rest", 3)]
    with pytest.raises(PeopleWaiting) as refused:
        edit_practice(practice="thank-you", flow=flow, actor="test", now=shop.now)
    assert "3人" in refused.value.words.ja
    with pytest.raises(ChoiceUnknown):
        edit_practice(practice="thank-you", flow=flow, choices={"rest": "move:nowhere"}, actor="test", now=shop.now)
    assert practice(name="thank-you").card.version == 1


@pytest.mark.parametrize(
    ("choice", "template", "state"),
    [("finish", "thanks", "done"), ("move:pause", "other", "done"), ("leave", None, "left")],
)
def test_people_finish_move_or_leave_and_new_ones_take_the_new_version(
    shop: Shop, choice: str, template: str | None, state: str
) -> None:
    _three_inside(shop, thanks())
    shop.template("other")
    nodes: dict[str, Node] = {"pause": Wait(days=1, next="tell"), "tell": Send(template="other", next="e"), "e": End()}
    flow = thanks(nodes=nodes, first="pause")
    edit_practice(practice="thank-you", flow=flow, choices={"rest": choice}, actor="test", now=shop.now)
    shop.order("9", "new", delivered_at=shop.now)
    shop.react()
    newest = Enrolment.objects.order_by("-id")[0]
    assert (newest.version.number, newest.node) == (2, "pause")
    newest.delete()
    shop.wait(4 * DAY)
    shop.step()
    assert {row[1] for row in shop.standing()} == {state}
    assert [row[0] for row in shop.messages()] == ([template] * 3 if template else [])


def test_a_step_done_again_by_hand_is_a_message_of_its_own(shop: Shop) -> None:
    _three_inside(shop, thanks(nodes=LONG))
    shop.wait(3 * DAY)
    shop.step()
    shorter = {name: node for name, node in LONG.items() if name not in {"rest2", "again"}}
    flow = thanks(nodes={**shorter, "thank": Send(template="thanks", next="end")})
    edit_practice(practice="thank-you", flow=flow, choices={"rest2": "move:thank"}, actor="test", now=shop.now)
    shop.step()
    assert len(set(Message.objects.values_list("key", flat=True))) == 6


def test_an_arm_with_people_stays(shop: Shop) -> None:
    _three_inside(shop, thanks())
    flow = thanks()
    other = Flow(trigger=flow.trigger, arms=(Arm(name="letter", first="rest"),), nodes=flow.nodes, goal=flow.goal)
    with pytest.raises(ArmInUse):
        edit_practice(practice="thank-you", flow=other, actor="test", now=shop.now)
