import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kizuna.act.practices.rules.check import FlowRefused, FlowUnreadable, check, parse, problems
from kizuna.act.practices.rules.flow import (
    Arm,
    Branch,
    Condition,
    Coupon,
    DateTrigger,
    Eligible,
    End,
    FactTrigger,
    Flow,
    Goal,
    Node,
    Note,
    QuietTrigger,
    Send,
    Survey,
    Tag,
    TaskStep,
    Trigger,
    Wait,
    to_text,
)
from kizuna.act.practices.tests.shop import thanks


def _with(**changes: object) -> Flow:
    return msgspec.structs.replace(thanks(), **changes)


def _nodes(node: Node) -> Flow:
    return _with(nodes={"rest": node, "end": End()})


@pytest.mark.parametrize(
    ("flow", "node", "said"),
    [
        (_nodes(Wait(next="end")), "rest", "待つ長さ"),
        (_nodes(Wait(days=-1, next="end")), "rest", "0～400日"),
        (_nodes(Wait(days=401, next="end")), "rest", "0～400日"),
        (_nodes(Wait(until_local_hour=24, next="end")), "rest", "0～23時"),
        (_nodes(Wait(until_fact="ordered", next="end")), "rest", "期限"),
        (_nodes(Wait(until_fact="ordered", timeout_days=3, days=1, next="end")), "rest", "期限だけ"),
        (_nodes(Wait(days=1, next="nowhere")), "rest", "「nowhere」がありません"),
        (_nodes(Send(template=" ", next="end")), "rest", "文面"),
        (_nodes(Send(template="x", stale_hours=0, next="end")), "rest", "1～1440時間"),
        (_nodes(Coupon(offer="", next="end")), "rest", "クーポン"),
        (_nodes(TaskStep(kind="call", title="", next="end")), "rest", "題名"),
        (_nodes(TaskStep(kind="call", title="x", due_hours=0, next="end")), "rest", "期限"),
        (_nodes(Note(text="", next="end")), "rest", "メモ"),
        (_nodes(Tag(tag="", next="end")), "rest", "タグ"),
        (_nodes(Survey(survey="", template="x", next="end")), "rest", "アンケート"),
        (_nodes(Branch(condition=Condition(asked="score"), yes="end", no="end")), "rest", "条件"),
        (
            _nodes(Branch(condition=Condition(asked="score", score_min=9, score_max=6), yes="end", no="end")),
            "rest",
            "下限が上限",
        ),
        (_with(nodes={"rest": Wait(days=1, next="end"), "end": End(), "lost": End()}), "lost", "どこからも"),
        (_with(nodes={"rest": Wait(days=1, next="on"), "on": Wait(days=1, next="rest")}), "rest", "戻る流れ"),
        (_with(nodes={"rest": Wait(days=1, next="上"), "上": End()}), "上", "半角英数字"),
        (_with(arms=()), "", "1つ以上"),
        (_with(arms=(Arm(name="a", first="rest", weight=0.0),)), "", "比率"),
        (_with(arms=(Arm(name="a", first="rest"), Arm(name="a", first="rest"))), "", "違うもの"),
        (_with(arms=(Arm(name="holdout", first="rest"),)), "", "holdout"),
        (_with(arms=(Arm(name="a", first="gone"),)), "", "「gone」がありません"),
        (_with(holdout_share=0.95), "", "0%から90%まで"),
        (_with(goal=Goal(metric="nps", window_days=0)), "", "「nps」の期間"),
        (_with(also=(Goal(metric="sales", window_days=900),)), "", "「sales」の期間"),
        (_with(eligible=Eligible(min_orders=3, max_orders=2)), "", "矛盾"),
        (_with(eligible=Eligible(top_share=0.0)), "", "上位"),
        (_with(freshness_hours=0), "", "鮮度"),
        (_with(trigger=QuietTrigger(days=0)), "", "1～1500日"),
        (_with(trigger=DateTrigger(date="birthday", days_before=90)), "", "0～60日"),
        (_with(trigger=FactTrigger(fact="ordered", nth_order=0)), "", "1以上"),
        (_with(trigger=FactTrigger(fact="answered", nth_order=1)), "", "何回目"),
        (_with(trigger=FactTrigger(fact="ordered", score_min=1.0)), "", "点数"),
        (_with(trigger=FactTrigger(fact="ordered", instrument="nps")), "", "設問"),
    ],
)
def test_every_refusal_names_the_step_and_what_to_do(flow: Flow, node: str, said: str) -> None:
    found = [one for one in problems(flow=flow) if one.node == node and said in one.words.ja]
    assert len(found) == 1, problems(flow=flow)
    assert found[0].words.en.strip() not in {"", found[0].words.ja}
    with pytest.raises(FlowRefused) as refused:
        check(flow=flow)
    assert said in refused.value.words.ja
    assert (f"「{node}」" if node else "") in refused.value.words.ja


@pytest.mark.parametrize("text", ["", "[]", "{", '{"trigger": {"type": "moon"}}', '{"surprise": 1}'])
def test_text_that_is_no_flow_is_refused(text: str) -> None:
    with pytest.raises(FlowUnreadable):
        parse(text=text)


@given(
    trigger=st.one_of(
        st.builds(QuietTrigger, days=st.integers(1, 1500)),
        st.builds(DateTrigger, date=st.sampled_from(["birthday", "anniversary"]), days_before=st.integers(0, 60)),
        st.builds(FactTrigger, fact=st.sampled_from(["delivered", "ordered"]), nth_order=st.integers(1, 9) | st.none()),
    ),
    share=st.floats(0.0, 0.9),
    days=st.integers(1, 400),
    tag=st.text(min_size=1, max_size=60).filter(str.strip),
)
def test_what_is_written_is_read_back_the_same(trigger: Trigger, share: float, days: int, tag: str) -> None:
    flow = _with(
        trigger=trigger,
        holdout_share=share,
        nodes={"rest": Wait(days=days, next="tag"), "tag": Tag(tag=tag, next="end"), "end": End()},
    )
    text = to_text(flow=flow)
    assert parse(text=text) == flow
    assert to_text(flow=parse(text=text)) == text
