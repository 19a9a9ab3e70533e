"""From a flow to the form and back it is the same flow, and what cannot be read is told at its step."""

import pytest
from django.http import QueryDict

from kizuna.act.practices.forms import Draft, draft_of, flow_of_draft, new_draft, read_draft
from kizuna.act.practices.rules.check import problems
from kizuna.act.practices.rules.flow import (
    Arm,
    Branch,
    Condition,
    DateTrigger,
    Eligible,
    End,
    FactTrigger,
    Flow,
    Goal,
    Send,
    Tag,
    Wait,
)
from kizuna.act.practices.rules.shelf import ReadyPractice, shelf
from kizuna.words import Words

TITLE = Words(ja="試み", en="A try")


def posted(draft: Draft) -> QueryDict:
    """The draft as a browser sends it."""
    data = QueryDict(mutable=True)
    data["name"], data["title_ja"], data["title_en"] = draft.name, draft.title_ja, draft.title_en
    data["priority"] = draft.priority
    data["trigger"] = draft.trigger
    for key, text in draft.values.items():
        data.setlist(f"v:{key}", text.split("\n"))
    for number, arm in enumerate(draft.arms):
        data.appendlist("arm", str(number))
        for key in ("name", "title_ja", "title_en", "weight", "first"):
            data[f"arm:{number}:{key}"] = getattr(arm, key)
    for step in draft.steps:
        data.appendlist("step", step.node)
        data[f"step:{step.node}:type"] = step.kind
        for key, text in step.values.items():
            data[f"step:{step.node}:{key}"] = text
    for metric, days in draft.goals:
        data.appendlist("goal_metric", metric)
        data.appendlist("goal_days", days)
    return data


@pytest.mark.parametrize("one", shelf(), ids=lambda one: one.name)
def test_every_ready_flow_comes_back_as_it_was(one: ReadyPractice) -> None:
    flow = one.flow(language="ja")
    draft = read_draft(data=posted(draft_of(flow=flow, name=one.name, title=one.title)))
    back, wrong = flow_of_draft(draft=draft)
    assert wrong == ()
    assert back == flow


def test_arms_jumps_and_every_condition_come_back() -> None:
    flow = Flow(
        trigger=DateTrigger(date="birthday", days_before=7),
        eligible=Eligible(segments=("repeat",), stores=("kyoto", "web"), products=("A", "B"), top_share=0.05),
        arms=(Arm(name="letter", first="a", weight=2.0), Arm(name="mail", first="b")),
        nodes={
            "a": Tag(tag="手紙", next="end"),
            "b": Branch(condition=Condition(asked="has_channel", channel="line"), yes="c", no="end"),
            "c": Send(template="t", channel="line", next="d"),
            "d": Wait(until_fact="ordered", timeout_days=14, next="a"),
            "end": End(),
        },
        goal=Goal(metric="nps", window_days=60),
        also=(Goal(metric="repeat_rate", window_days=90),),
        holdout_share=0.25,
        again_after_days=365,
    )
    assert problems(flow=flow) == ()
    back, wrong = flow_of_draft(draft=read_draft(data=posted(draft_of(flow=flow, name="x", title=TITLE))))
    assert (back, wrong) == (flow, ())


def test_numbers_are_read_as_people_type_them() -> None:
    data = posted(new_draft())
    data["step:s1:days"], data["v:holdout_share"] = "１２", "12.5"
    flow, wrong = flow_of_draft(draft=read_draft(data=data))
    assert wrong == ()
    assert flow is not None
    assert [one.node for one in problems(flow=flow)] == ["s2"]  # no template is chosen yet
    assert flow.nodes["s1"] == Wait(days=12, until_local_hour=10, next="s2")
    assert (flow.holdout_share, flow.trigger) == (0.125, FactTrigger(fact="delivered"))


def test_what_is_no_number_is_told_at_its_step_and_stays_in_the_form() -> None:
    data = posted(new_draft())
    data["step:s1:days"] = "三日"
    draft = read_draft(data=data)
    flow, wrong = flow_of_draft(draft=draft)
    assert flow is None
    assert [(one.node, "三日" in one.words.ja) for one in wrong] == [("s1", True)]
    assert draft.steps[0].values["days"] == "三日"


@pytest.mark.parametrize("hostile", ["fact:nonsense", "quiet:1", "", "date:easter"])
def test_a_forged_form_is_refused_in_words(hostile: str) -> None:
    data = posted(new_draft())
    data["trigger"] = hostile
    flow, wrong = flow_of_draft(draft=read_draft(data=data))
    assert wrong or (flow is not None and problems(flow=flow))
