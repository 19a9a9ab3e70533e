"""The editor's clicks: steps added, moved, removed; arms; metrics; mistakes told at their place; nothing typed lost."""

import pytest
from django.test import Client

from kizuna.act.practices.forms.draft import MOST_STEPS
from kizuna.act.practices.models import Practice
from kizuna.act.practices.queries import practice
from kizuna.act.practices.rules.flow import Branch, FactTrigger, Note, QuietTrigger, Send, Tag, Wait
from kizuna.act.practices.tests.browser_form import Editor
from kizuna.act.practices.tests.conftest import SignIn
from kizuna.act.practices.tests.shop import Shop, begin, thanks

pytestmark = pytest.mark.django_db
NEW = "/practices/new/"


@pytest.fixture
def owner(shop: Shop, sign_in: SignIn) -> Client:
    """The owner of the shop, who has one template."""
    assert shop.orders == {}
    return sign_in("owner")


@pytest.fixture
def editor(owner: Client) -> Editor:
    """A new practice, half typed: it has a name and a template."""
    opened = Editor(client=owner, path=NEW)
    opened.fill({"title_ja": "お礼", "title_en": "Thanks", "name": "Thank You!", "step:s2:template": "thanks"})
    return opened


def test_a_new_practice_waits_a_day_and_sends(editor: Editor) -> None:
    assert editor.press("save") == 302
    assert editor.led_to == "/practices/thank-you/"
    card = practice(name="thank-you").card
    assert (card.title.ja, card.title.en, card.state) == ("お礼", "Thanks", "draft")
    assert card.flow.trigger == FactTrigger(fact="delivered")
    assert list(card.flow.nodes.values())[:2] == [
        Wait(days=1, until_local_hour=10, next="s2"),
        Send(template="thanks", next="end"),
    ]
    assert (card.flow.holdout_share, card.flow.goal.metric) == (0.1, "repeat_rate")


def test_steps_are_added_moved_and_removed_and_keep_what_is_in_them(editor: Editor) -> None:
    for kind in ("branch", "note", "tag"):
        assert editor.press(f"add:{kind}") == 200
    editor.fill(
        {"step:s4:text": "一行目\n二行目", "step:s5:tag": '常連 "A" & <B>', "step:s3:yes": "s5", "step:s3:no": "s4"}
    )
    assert editor.press("up:s5") == 200
    assert editor.steps() == [("s1", "wait"), ("s2", "send"), ("s3", "branch"), ("s5", "tag"), ("s4", "note")]
    editor.press("down:s1")
    assert [node for node, _ in editor.steps()][:2] == ["s2", "s1"]
    editor.press("up:s2")
    editor.press("down:s4")
    editor.press("up:nothing")
    assert [node for node, _ in editor.steps()] == ["s2", "s1", "s3", "s5", "s4"]
    assert (editor.value("step:s4:text"), editor.value("step:s5:tag")) == ("一行目\n二行目", '常連 "A" & <B>')
    # What led to the removed step leads to the step below.
    assert editor.press("remove:s5") == 200
    assert (editor.value("step:s3:yes"), editor.value("step:s3:no")) == ("", "s4")
    assert editor.press("save") == 302
    nodes = practice(name="thank-you").card.flow.nodes
    assert list(nodes) == ["s2", "s1", "s3", "s4", "end"]
    branch = nodes["s3"]
    assert isinstance(branch, Branch)
    assert (branch.yes, branch.no) == ("s4", "s4")
    assert nodes["s4"] == Note(text="一行目\n二行目", next="end")


def test_a_freed_id_is_used_again_and_there_is_a_most_of_steps(editor: Editor) -> None:
    editor.press("remove:s1")
    editor.press("add:tag")
    assert editor.steps() == [("s2", "send"), ("s1", "tag")]
    for _ in range(MOST_STEPS):
        editor.press("add:note")
    assert len(editor.steps()) == MOST_STEPS
    editor.press("redraw")
    assert len(editor.steps()) == MOST_STEPS
    editor.press("add:rocket")
    assert len(editor.steps()) == MOST_STEPS


def test_ways_to_serve_are_added_and_taken_away(editor: Editor) -> None:
    editor.press("add:tag")
    editor.fill({"step:s3:tag": "別案"})
    for _ in range(2):
        editor.press("arm")
    editor.fill({"arm:1:title_ja": "タグだけ", "arm:1:weight": "2", "arm:1:first": "s3"})
    assert editor.press("arm-remove:2") == 200
    editor.press("arm-remove:0")
    editor.press("arm")
    names = [editor.value(f"arm:{number}:name") for number in editor.fields["arm"]]
    assert len(set(names)) == len(names) == 2
    editor.fill({"arm:1:weight": "１", "arm:1:title_ja": "送る", "arm:1:title_en": "Send"})
    assert editor.press("save") == 302
    first, second = practice(name="thank-you").card.flow.arms
    assert (first.title_ja, first.weight, first.first) == ("タグだけ", 2.0, "s3")
    assert (second.title_ja, second.title_en, second.weight, second.first) == ("送る", "Send", 1.0, "s1")
    for _ in range(9):
        editor.press("arm")
    assert len(editor.fields["arm"]) == 4


def test_metrics_are_added_and_left_out(editor: Editor) -> None:
    editor.press("goal")
    editor.press("goal")
    assert editor.fields["goal_metric"] == ["repeat_rate", "customer_value", "customer_value"]
    editor.fields["goal_metric"][1:] = ["nps", ""]
    editor.fields["goal_days"][:2] = ["45", "６０"]
    assert editor.press("save") == 302
    flow = practice(name="thank-you").card.flow
    assert (flow.goal.metric, flow.goal.window_days) == ("repeat_rate", 45)
    assert [(goal.metric, goal.window_days) for goal in flow.also] == [("nps", 60)]


def test_the_fields_follow_the_trigger_and_the_question(editor: Editor) -> None:
    assert "v:nth_order" in editor.fields
    editor.fill({"trigger": "fact:answered"})
    editor.press("redraw")
    assert {"v:score_min", "v:score_max", "v:instrument", "v:touchpoint"} <= set(editor.fields)
    editor.fill({"v:score_max": "6"})
    editor.fill({"trigger": "quiet"})
    editor.press("redraw")
    assert "v:score_max" not in editor.fields
    editor.fill({"v:days": "120"})
    editor.press("add:branch")
    assert "step:s3:segment" not in editor.fields
    editor.fill({"step:s3:asked": "segment"})
    editor.press("redraw")
    editor.fill({"step:s3:segment": "repeat"})
    assert editor.press("save") == 302
    flow = practice(name="thank-you").card.flow
    assert flow.trigger == QuietTrigger(days=120)
    branch = flow.nodes["s3"]
    assert isinstance(branch, Branch)
    assert branch.condition.segment == "repeat"


def test_a_mistake_is_told_at_its_step_and_nothing_is_kept_until_it_is_mended(editor: Editor) -> None:
    editor.press("add:wait")
    editor.press("add:task")
    editor.fill({"step:s3:days": "三日", "step:s4:body": "ご様子を伺う", "v:holdout_share": "50"})
    assert editor.press("save") == 422
    assert "「三日」は数字で入力してください。" in editor.page
    assert (editor.value("step:s3:days"), editor.value("step:s4:body")) == ("三日", "ご様子を伺う")
    assert (editor.value("title_ja"), editor.value("name"), editor.value("v:holdout_share")) == (
        "お礼",
        "Thank You!",
        "50",
    )
    assert not Practice.objects.exists()
    editor.fill({"step:s3:days": "３"})
    assert editor.press("save") == 422
    assert "タスクの題名を入力してください。" in editor.page
    editor.fill({"step:s4:title": "ご連絡"})
    assert editor.press("save") == 302
    assert practice(name="thank-you").card.flow.nodes["s3"] == Wait(days=3, next="s4")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"title_ja": " "}, "名前を入力してください。"),
        ({"title_ja": "長" * 121}, "120文字"),
        ({"name": "n" * 61}, "60文字"),
        ({"name": "New"}, "短い名前「new」は使えません。"),
        ({"name": "ready"}, "短い名前「ready」は使えません。"),
        ({"v:holdout_share": "95"}, "比較用の割合は0%から90%まで"),
        ({"v:holdout_share": "nan"}, "数字で入力してください"),
        ({"step:s1:days": "inf"}, "数字で入力してください"),
        ({"step:s1:days": "1.5"}, "数字で入力してください"),
        ({"v:freshness_hours": "99999999999999999999"}, "鮮度"),
        ({"step:s2:template": ""}, "文面を選んでください。"),
        ({"goal_days": "0"}, "期間"),
    ],
)
def test_what_cannot_work_is_refused_in_words(values: dict[str, str], said: str, editor: Editor) -> None:
    editor.fill(values)
    assert editor.press("save") == 422
    assert said in editor.page
    assert not Practice.objects.exists()


def test_a_name_that_is_taken_is_told_and_no_name_gets_one(editor: Editor, owner: Client) -> None:
    editor.fill({"name": "お礼"})
    assert editor.press("save") == 302
    assert editor.led_to.startswith("/practices/practice-20")
    taken = editor.led_to.split("/")[2]
    editor.fill({"name": taken})
    assert editor.press("save") == 422
    assert "すでにあります" in editor.page
    assert Practice.objects.count() == 1


def test_the_editor_of_a_practice_shows_it_and_keeps_a_new_version(shop: Shop, owner: Client) -> None:
    begin(shop, thanks())
    path = "/practices/thank-you/edit/"
    editor = Editor(client=owner, path=path)
    assert editor.steps() == [("rest", "wait"), ("thank", "send")]
    assert "name" not in editor.fields  # the address stays
    assert editor.press("save") == 302
    assert practice(name="thank-you").card.version == 1
    editor.fill({"title_ja": "新しいお礼", "step:rest:days": "5"})
    editor.press("add:tag")
    editor.fill({"step:s1:tag": "お礼済み"})
    assert editor.press("save") == 302
    card = practice(name="thank-you").card
    assert (card.title.ja, card.version, card.state) == ("新しいお礼", 2, "running")
    assert card.flow.nodes["s1"] == Tag(tag="お礼済み", next="end")
    assert owner.get("/practices/nothing/edit/").status_code == 404
