"""Two browser tabs with the same template: the later one is told, keeps its words, and decides."""

import pytest
from django.test import Client

from kizuna.act.outreach.operations import TemplateMovedOn, TemplateNameTaken, save_template
from kizuna.act.outreach.queries import template
from kizuna.act.outreach.rules import Body
from kizuna.act.outreach.tests.conftest import NOON
from kizuna.words import Words

pytestmark = pytest.mark.usefixtures("templates")

EDIT = "/messages/templates/thanks/edit/"


def _form(text: str, **more: str) -> dict[str, str]:
    return {
        "title_ja": "お礼",
        "title_en": "",
        "purpose": "service",
        "subject_mail_ja": "お礼",
        "body_mail_ja": text,
    } | more


def _texts() -> list[str]:
    return [one.bodies[0].body for one in template(name="thanks")[1]]


def test_the_second_tab_is_told_and_its_words_stay(desk: Client) -> None:
    assert desk.get(EDIT).context["begun_from"] == 1
    assert desk.post(EDIT, _form("先のタブです。", begun_from="1")).status_code == 302
    late = desk.post(EDIT, _form("後のタブです。", begun_from="1"))
    page = late.content.decode()
    assert "第2版が保存されました" in page
    assert "後のタブです。" in page
    assert "/messages/templates/thanks/?version=2" in page
    assert len(_texts()) == 2
    # Having seen it, the same press keeps theirs as the third; nothing was written over.
    again = _form("後のタブです。", begun_from=str(late.context["begun_from"]))
    assert desk.post(EDIT, again).status_code == 302
    assert _texts()[:2] == ["後のタブです。", "先のタブです。"]


def test_the_same_words_from_both_tabs_are_one_version(desk: Client) -> None:
    for _ in range(2):
        assert desk.post(EDIT, _form("同じです。", begun_from="1")).status_code == 302
    assert len(_texts()) == 2


def test_a_version_nobody_looked_at_is_not_published(desk: Client) -> None:
    desk.post(EDIT, _form("一つ目の下書き", begun_from="1"))
    page = desk.get("/messages/templates/thanks/").content.decode()
    assert '<input type="hidden" name="version" value="2">' in page
    desk.post(EDIT, _form("二つ目の下書き", begun_from="2"))
    told = desk.post("/messages/templates/thanks/publish/", {"version": "2"}, follow=True).content.decode()
    assert "第3版が保存されています" in told
    assert template(name="thanks")[0].published == 1
    desk.post("/messages/templates/thanks/publish/", {"version": "3"})
    assert template(name="thanks")[0].published == 3


def test_of_two_new_templates_with_one_name_the_second_is_refused(desk: Client) -> None:
    new = _form("はじめまして。", name="hello")
    assert desk.post("/messages/templates/new/", new).status_code == 302
    again = desk.post("/messages/templates/new/", _form("別の人の文面です。", name="hello")).content.decode()
    assert "この名前はすでに使われています" in again
    assert "別の人の文面です。" in again
    assert len(template(name="hello")[1]) == 1


def test_whoever_calls_without_a_browser_is_held_to_it_too(templates: None) -> None:
    words, bodies = Words(ja="お礼", en="Thanks"), [Body("sms", "ja", "", "ありがとうございます")]
    for begun_from, refusal in ((0, TemplateNameTaken), (7, TemplateMovedOn)):
        with pytest.raises(refusal):
            save_template(
                name="thanks", title=words, purpose="service", bodies=bodies, actor="a", now=NOON, begun_from=begun_from
            )
    assert template(name="thanks")[0].title.en == "thanks"
