"""Each kind of step does its own thing, through the rooms it belongs to."""

from datetime import timedelta

import msgspec
import pytest

from kizuna.act.offers.models import Coupon as CouponRow
from kizuna.act.outreach.models import Message, Task, Template
from kizuna.act.practices.models import Enrolment, PersonTag
from kizuna.act.practices.operations import retry_stuck, sweep
from kizuna.act.practices.rules.check import FlowRefused
from kizuna.act.practices.rules.flow import (
    Branch,
    Condition,
    Coupon,
    End,
    FactTrigger,
    Node,
    Note,
    Send,
    Survey,
    Tag,
    TaskStep,
    Wait,
)
from kizuna.act.practices.rules.reasons import reason_of
from kizuna.act.practices.tests.shop import DAY, Shop, begin, offered, thanks
from kizuna.customers.notes.queries import notes_of
from kizuna.listen.surveys.models import Invitation

ANSWERED = FactTrigger(fact="answered", instrument="nps", score_max=6)


def _offer(shop: Shop) -> None:
    offered(shop)


def test_a_detractor_gets_a_task_a_note_a_tag_and_is_asked_again(shop: Shop) -> None:
    nodes: dict[str, Node] = {
        "call": TaskStep(kind="call", title="お電話", body="{{顧客.姓}}様", due_hours=1, next="note"),
        "note": Note(text="ご不満の声をいただきました。", next="tag"),
        "tag": Tag(tag="要フォロー", next="ask"),
        "ask": Survey(survey="nps", template="thanks", next="end"),
        "end": End(),
    }
    begin(shop, thanks(trigger=ANSWERED, nodes=nodes, first="call"))
    shop.order("1", "aoi")
    shop.answer("a1", "aoi", 3.0)
    shop.answer("a2", "aoi", 9.0)
    shop.react()
    assert shop.step() == 1
    task = Task.objects.get()
    person = shop.person("1")
    assert (task.kind, task.due_at, task.person_id) == ("call", shop.now + timedelta(hours=1), person)
    assert [note.text for note in notes_of(person_ids=[person])] == ["ご不満の声をいただきました。"]
    assert list(PersonTag.objects.values_list("person_id", "tag")) == [(person, "要フォロー")]
    message, invitation = Message.objects.get(), Invitation.objects.get()
    assert message.invitation_id == invitation.pk
    assert "/s/" in msgspec.json.decode(message.values)["アンケート.リンク"]


def test_nothing_begins_while_a_step_names_what_is_not_there(shop: Shop) -> None:
    nodes: dict[str, Node] = {
        "give": Coupon(offer="next500", next="tell"),
        "tell": Send(template="unwritten", next="ask"),
        "ask": Survey(survey="csat9", template="thanks", next="end"),
        "end": End(),
    }
    with pytest.raises(FlowRefused) as refused:
        begin(shop, thanks(nodes=nodes, first="give"))
    assert [one.node for one in refused.value.problems] == ["give", "tell", "ask"]
    assert "公開してから" in refused.value.words.ja


def test_a_coupon_stands_in_the_messages_after_it_also_after_a_rest(shop: Shop) -> None:
    _offer(shop)
    nodes: dict[str, Node] = {
        "give": Coupon(offer="next500", next="rest"),
        "rest": Wait(days=1, next="tell"),
        "tell": Send(template="thanks", next="end"),
        "end": End(),
    }
    begin(shop, thanks(nodes=nodes, first="give"))
    shop.order("1", "aoi", delivered_at=shop.now)
    shop.react()
    shop.step()
    shop.wait(DAY)
    shop.step()
    values = msgspec.json.decode(Message.objects.get().values)
    assert CouponRow.objects.count() == 1
    assert values["クーポン.コード"]
    assert values["クーポン.名前"] == "次回500円引き"


def test_who_gets_no_coupon_any_more_stops_there_by_name_and_goes_on_when_it_is_put_right(shop: Shop) -> None:
    nodes: dict[str, Node] = {
        "give": Coupon(offer="next500", next="tell"),
        "tell": Send(template="nowhere", next="end"),
        "end": End(),
    }
    _offer(shop)
    shop.template("nowhere")
    begin(shop, thanks(nodes=nodes, first="give"))
    for number in range(3):
        shop.order(str(number), f"customer{number}", delivered_at=shop.now)
    Template.objects.filter(name="nowhere").delete()
    shop.react()
    shop.step()
    assert shop.standing() == [("tell", "stuck")] * 3
    assert {reason_of(text=row.reason).code for row in Enrolment.objects.all()} == {"draft_not_plannable"}
    assert CouponRow.objects.count() == 3
    shop.template("nowhere")
    assert retry_stuck(practice="thank-you", actor="test", now=shop.now) == 3
    shop.step()
    assert shop.standing() == [("end", "done")] * 3
    assert CouponRow.objects.count() == 3
    assert Message.objects.count() == 3


@pytest.mark.parametrize(("again", "template"), [(True, "welcome-back"), (False, "thanks")])
def test_a_branch_asks_what_has_happened_since(shop: Shop, again: bool, template: str) -> None:
    shop.template("welcome-back")
    nodes: dict[str, Node] = {
        "rest": Wait(days=10, next="again"),
        "again": Branch(condition=Condition(asked="ordered_since"), yes="welcome", no="nudge"),
        "welcome": Send(template="welcome-back", next="end"),
        "nudge": Send(template="thanks", next="end"),
        "end": End(),
    }
    begin(shop, thanks(trigger=FactTrigger(fact="ordered", nth_order=1), nodes=nodes))
    shop.order("1", "aoi")
    shop.react()
    shop.wait(5 * DAY)
    if again:
        shop.order("2", "aoi")
        shop.react()
    shop.wait(5 * DAY)
    shop.step()
    assert shop.messages() == [(template, "planned")]
    assert Enrolment.objects.count() == 1


def test_a_wait_ends_when_the_fact_comes_and_otherwise_at_its_limit(shop: Shop) -> None:
    nodes: dict[str, Node] = {
        "rest": Wait(until_fact="ordered", timeout_days=14, next="end"),
        "end": End(),
    }
    begin(shop, thanks(nodes=nodes))
    shop.order("1", "aoi", delivered_at=shop.now)
    shop.order("2", "ren", delivered_at=shop.now)
    shop.order("3", "yui", delivered_at=shop.now)
    shop.react()
    shop.wait(2 * DAY)
    assert shop.step() == 0
    shop.order("4", "aoi")
    shop.react()
    assert shop.step() == 1
    shop.order("5", "ren", wake=False)  # by import: found with the next state
    shop.fold()
    sweep(now=shop.now)
    assert shop.step() == 1
    shop.wait(12 * DAY)
    assert shop.step() == 1
    assert shop.standing() == [("end", "done")] * 3
