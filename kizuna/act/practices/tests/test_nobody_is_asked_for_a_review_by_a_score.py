"""ステマ規制: happy and unhappy customers see the same request for a review, and a reward for one looks at no score."""

from typing import Literal

import pytest

from kizuna.act.outreach.operations import save_template
from kizuna.act.outreach.operations.templates import publish_template
from kizuna.act.outreach.rules.wording import Body
from kizuna.act.practices.models import Practice
from kizuna.act.practices.operations import adopt_ready, edit_practice, pause, resume
from kizuna.act.practices.queries.readiness import chosen_for_reviews
from kizuna.act.practices.rules.check import FlowRefused, check
from kizuna.act.practices.rules.flow import (
    Branch,
    Condition,
    Coupon,
    Eligible,
    End,
    FactTrigger,
    Node,
    NpsGroup,
    Send,
    TaskStep,
    Wait,
)
from kizuna.act.practices.rules.reviews import problems_with_reviews
from kizuna.act.practices.rules.shelf import ORDER, shelf
from kizuna.act.practices.tests.shop import Shop, begin, offered, thanks
from kizuna.words import Words

HAPPY = Condition(asked="score", instrument="nps", score_min=9)
LINE = Condition(asked="has_channel", channel="line")
ASK = Send(template="please-review", next="end")
THANK = Send(template="thanks", next="end")


@pytest.fixture
def asking(shop: Shop) -> Shop:
    _publish("please-review", "商品のレビューをお寄せいただけますと幸いです。", shop=shop)
    return shop


def _publish(name: str, text: str, *, shop: Shop) -> None:
    title, body = Words(ja=name, en=name), Body(channel="mail", language="ja", subject="お知らせ", body=text)
    save_template(name=name, title=title, purpose="service", bodies=[body], actor="test", now=shop.now)
    publish_template(name=name, actor="test", now=shop.now)


def _refused(shop: Shop, nodes: dict[str, Node], *, first: str, **more: object) -> FlowRefused:
    with pytest.raises(FlowRefused) as refused:
        begin(shop, thanks(nodes={**nodes, "end": End()}, first=first, **more))  # type: ignore[arg-type]
    assert not Practice.objects.filter(state="running").exists()
    return refused.value


def test_only_the_happy_are_asked(asking: Shop) -> None:
    nodes: dict[str, Node] = {"happy": Branch(condition=HAPPY, yes="ask", no="end"), "ask": ASK}
    refusal = _refused(asking, nodes, first="happy")
    (problem,) = refusal.problems
    assert problem.node == "ask"
    assert "「ask」: 分岐「happy」で" in refusal.words.ja
    assert "the branch “happy”" in refusal.words.en


@pytest.mark.parametrize("bound", [{"score_min": 9.0}, {"score_max": 6.0}])
def test_the_trigger_lets_only_some_scores_in(asking: Shop, bound: dict[str, float]) -> None:
    trigger = FactTrigger(fact="answered", instrument="nps", **bound)  # type: ignore[arg-type]
    (problem,) = _refused(asking, {"ask": ASK}, first="ask", trigger=trigger).problems
    assert (problem.node, "きっかけの点数" in problem.words.ja) == ("ask", True)


def test_a_public_review_with_stars_leads_to_another_one(asking: Shop) -> None:
    trigger = FactTrigger(fact="reviewed", score_min=4)
    (problem,) = _refused(asking, {"ask": ASK}, first="ask", trigger=trigger).problems
    assert problem.node == "ask"


@pytest.mark.parametrize(
    ("groups", "lawful"), [(("promoter",), False), (("detractor", "passive", "promoter"), True), ((), True)]
)
def test_who_is_eligible_by_group(asking: Shop, groups: tuple[NpsGroup, ...], lawful: bool) -> None:
    flow = thanks(nodes={"ask": ASK, "end": End()}, first="ask", eligible=Eligible(nps_groups=groups))
    assert (chosen_for_reviews(flow=flow) == ()) is lawful


def test_however_far_behind_the_branch_and_each_step_is_named(asking: Shop) -> None:
    nodes: dict[str, Node] = {
        "happy": Branch(condition=HAPPY, yes="rest", no="sorry"),
        "rest": Wait(days=3, next="line"),
        "line": Branch(condition=LINE, yes="ask", no="thank"),
        "thank": Send(template="thanks", next="call"),
        "call": TaskStep(kind="call", title="お電話でレビューをお願いする", next="end"),
        "ask": ASK,
        "sorry": THANK,
    }
    assert [one.node for one in _refused(asking, nodes, first="happy").problems] == ["call", "ask"]


def test_the_same_text_twice_is_not_one_request(asking: Shop) -> None:
    nodes: dict[str, Node] = {
        "happy": Branch(condition=HAPPY, yes="ask", no="rest"),
        "rest": Wait(days=90, next="again"),
        "again": ASK,
        "ask": ASK,
    }
    assert [one.node for one in _refused(asking, nodes, first="happy").problems] == ["again", "ask"]


def test_everybody_comes_to_the_same_request_whatever_the_score(asking: Shop) -> None:
    nodes: dict[str, Node] = {
        "happy": Branch(condition=HAPPY, yes="line", no="call"),
        "call": TaskStep(
            kind="call", title="お詫びのお電話", body="レビューの内容を読んでからおかけください。", next="line"
        ),
        "line": Branch(condition=LINE, yes="ask", no="end"),  # chooses by channel, behind where both ways have met
        "ask": ASK,
        "end": End(),
    }
    begin(asking, thanks(nodes=nodes, first="happy"))
    assert Practice.objects.get().state == "running"


def test_asking_before_the_branch_and_thanking_for_a_review_are_lawful(asking: Shop) -> None:
    _publish("sorry", "レビューをご投稿いただき、ありがとうございます。ご不便をお詫びいたします。", shop=asking)
    nodes: dict[str, Node] = {
        "ask": Send(template="please-review", next="rest"),
        "rest": Wait(days=7, next="happy"),
        "happy": Branch(condition=HAPPY, yes="thank", no="end"),
        "thank": THANK,
        "end": End(),
    }
    begin(asking, thanks(nodes=nodes, first="ask"))
    reply: dict[str, Node] = {"sorry": Send(template="sorry", next="end"), "end": End()}
    begin(asking, thanks(trigger=FactTrigger(fact="reviewed", score_max=2), nodes=reply, first="sorry"), name="reply")
    assert set(Practice.objects.values_list("state", flat=True)) == {"running"}


@pytest.mark.parametrize(
    ("occasion", "fact", "score", "lawful"),
    [
        ("purchase", "reviewed", 4.0, False),
        ("review", "answered", 9.0, False),
        ("review", "reviewed", None, True),
        ("purchase", "answered", 7.0, True),  # the coupon after a survey of one's own
    ],
)
def test_a_coupon_for_a_good_review(
    shop: Shop, occasion: str, fact: Literal["reviewed", "answered"], score: float | None, lawful: bool
) -> None:
    offered(shop, "gift", occasion=occasion)
    nodes: dict[str, Node] = {"give": Coupon(offer="gift", next="end"), "end": End()}
    flow = thanks(trigger=FactTrigger(fact=fact, score_min=score), nodes=nodes, first="give")
    found = chosen_for_reviews(flow=flow)
    assert ([one.node for one in found] == []) is lawful
    assert all(one.node == "give" and "点数" in one.words.ja for one in found)


def test_a_coupon_behind_the_wait_for_a_review(shop: Shop) -> None:
    offered(shop, "gift", occasion="purchase")
    nodes: dict[str, Node] = {
        "rest": Wait(until_fact="reviewed", timeout_days=14, next="happy"),
        "happy": Branch(condition=HAPPY, yes="give", no="end"),
        "give": Coupon(offer="gift", next="end"),
    }
    assert [one.node for one in _refused(shop, nodes, first="rest").problems] == ["give"]


def test_editing_and_resuming_are_held_to_it_too(asking: Shop) -> None:
    begin(
        asking, thanks(trigger=FactTrigger(fact="answered", score_min=9), nodes={"a": THANK, "end": End()}, first="a")
    )
    gated = thanks(trigger=FactTrigger(fact="answered", score_min=9), nodes={"a": ASK, "end": End()}, first="a")
    check(flow=gated)  # as a flow it works
    with pytest.raises(FlowRefused):
        edit_practice(practice="thank-you", flow=gated, actor="test", now=asking.now)
    pause(practice="thank-you", actor="test", now=asking.now)
    _publish("thanks", "ありがとうございます。よろしければ口コミをお書きください。", shop=asking)
    with pytest.raises(FlowRefused):
        resume(practice="thank-you", actor="test", now=asking.now)
    assert Practice.objects.get().state == "paused"


def test_no_practice_on_the_shelf_does_it(shop: Shop) -> None:
    for name in ORDER:
        adopt_ready(name=name, language="ja", actor="test", now=shop.now)
    for one in shelf():
        assert chosen_for_reviews(flow=one.flow(language="ja")) == ()
        assert problems_with_reviews(flow=one.flow(language="en"), asking=(), offers={}) == ()
