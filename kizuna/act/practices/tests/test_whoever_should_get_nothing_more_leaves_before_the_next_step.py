"""Nothing at all is done for a held-out customer or because of an order that no longer stands: no gate but this one."""

import pytest

from kizuna.act.offers.models import Coupon as CouponRow
from kizuna.act.outreach.models import Message, Task
from kizuna.act.practices.models import Assignment, Enrolment, PersonTag
from kizuna.act.practices.rules.flow import (
    Coupon,
    End,
    FactTrigger,
    Node,
    Note,
    Send,
    Survey,
    Tag,
    TaskStep,
    Trigger,
    Wait,
)
from kizuna.act.practices.rules.reasons import reason_of
from kizuna.act.practices.tests.shop import DAY, NOON, Shop, adopt, begin, offered, thanks
from kizuna.customers.notes.models import Note as NoteRow
from kizuna.customers.orders.models import Order
from kizuna.customers.people.operations import merge_people
from kizuna.listen.surveys.models import Invitation

EVERYTHING: dict[str, Node] = {
    "rest": Wait(days=1, next="give"),
    "give": Coupon(offer="next500", next="ask"),
    "ask": TaskStep(kind="letter", title="お礼状", next="write"),
    "write": Note(text="お礼状を送る", next="tag"),
    "tag": Tag(tag="お礼", next="survey"),
    "survey": Survey(survey="nps", template="thanks", next="tell"),
    "tell": Send(template="thanks", next="end"),
    "end": End(),
}
MADE = (CouponRow, Task, NoteRow, PersonTag, Invitation, Message)


def _begin(shop: Shop, *, trigger: Trigger | None = None, holdout_share: float = 0.0) -> None:
    offered(shop)
    begin(shop, thanks(trigger=trigger, nodes=EVERYTHING, holdout_share=holdout_share))


def _made() -> list[int]:
    return [model._default_manager.count() for model in MADE]


def _states() -> list[tuple[str, str]]:
    return list(Enrolment.objects.order_by("id").values_list("state", "reason"))


@pytest.mark.parametrize("older", ["treated", "held out"])
def test_whoever_is_merged_with_a_held_out_record_leaves(shop: Shop, older: str) -> None:
    _begin(shop, holdout_share=0.5)
    for number in range(24):  # enough for a pair of each kind, whatever their numbers, and so their lots
        shop.order(str(number), f"c{number}", delivered_at=shop.now)
    shop.react()
    lots = dict(Assignment.objects.values_list("person_id", "held_out"))
    treated = [person for person, held in lots.items() if not held]
    assert len(treated) > 1, "somebody must be left who is served"
    pairs = [
        (one, other)
        for one in treated
        for other, held in lots.items()
        if held and (one < other) == (older == "treated")
    ]
    assert pairs, "no treated customer beside a held-out one"
    one, other = pairs[0]
    merge_people(person_ids=[one, other], actor="test", now=shop.now)
    shop.wait(DAY)
    shop.step()
    row = Enrolment.objects.get(person_id=one)
    assert (row.state, row.reason) == ("left", "people_merged")
    assert "対照" not in reason_of(text=row.reason).words.ja  # who is held out is not told to those who serve
    for model in MADE:
        assert not model._default_manager.filter(person_id__in=[one, other]).exists(), model
    assert _made() == [len(treated) - 1] * 5 + [2 * (len(treated) - 1)]


def test_a_merge_of_two_who_are_both_served_ends_nothing(shop: Shop) -> None:
    _begin(shop)
    for customer in ("aoi", "ren"):
        shop.order(customer, customer, delivered_at=shop.now)
    shop.react()
    merge_people(person_ids=[shop.person("aoi"), shop.person("ren")], actor="test", now=shop.now)
    shop.wait(DAY)
    shop.step()
    assert {state for state, _ in _states()} == {"done"}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"cancelled": True}, "order_cancelled"),
        ({"refunded_yen": 3000}, "order_refunded"),
    ],
)
def test_an_order_that_no_longer_stands_brings_nothing_more(shop: Shop, change: dict[str, object], reason: str) -> None:
    _begin(shop)
    shop.order("1", "aoi", delivered_at=shop.now)
    shop.react()
    shop.order("1", "aoi", at=NOON, delivered_at=shop.now, **change)  # type: ignore[arg-type]
    shop.react()
    shop.wait(DAY)
    shop.step()
    assert _states() == [("left", reason)]
    assert _made() == [0] * len(MADE)


def test_nor_does_one_whose_record_was_withdrawn(shop: Shop) -> None:
    _begin(shop)
    shop.order("1", "aoi", delivered_at=shop.now)
    shop.react()
    Order.objects.all().delete()
    shop.wait(DAY)
    shop.step()
    assert _states() == [("left", "order_gone")]
    assert _made() == [0] * len(MADE)


def test_a_part_given_back_leaves_the_order_standing(shop: Shop) -> None:
    _begin(shop)
    shop.order("1", "aoi", delivered_at=shop.now)
    shop.react()
    shop.order("1", "aoi", at=NOON, delivered_at=shop.now, refunded_yen=100)
    shop.wait(DAY)
    shop.step()
    assert _states() == [("done", "")]


def test_an_answer_deserves_its_reply_also_when_the_order_is_cancelled(shop: Shop) -> None:
    _begin(shop, trigger=FactTrigger(fact="answered"))
    shop.order("1", "aoi")
    shop.answer("a", "aoi", 3.0)
    shop.react()
    shop.order("1", "aoi", at=NOON, cancelled=True)
    shop.wait(DAY)
    shop.step()
    assert _states() == [("done", "")]


def test_no_letter_is_written_for_a_cancelled_order(shop: Shop) -> None:
    for number in range(3):
        shop.order(f"old{number}", "aoi", at=NOON - (30 - number) * DAY, wake=False)
    shop.fold()
    adopt(shop, "handwritten_letter")
    shop.order("1", "aoi")
    shop.react()
    assert Enrolment.objects.count() == 1
    shop.order("1", "aoi", at=NOON, cancelled=True)
    shop.wait(3 * DAY)
    shop.step()
    assert _states() == [("left", "order_cancelled")]
    assert not Task.objects.exists()
