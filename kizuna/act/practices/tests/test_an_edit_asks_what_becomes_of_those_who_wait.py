"""Removing a step at which customers wait: the editor asks, and does with them what is chosen, all or nothing."""

import pytest
from django.test import Client

from kizuna.act.practices.models import Enrolment
from kizuna.act.practices.queries import practice
from kizuna.act.practices.tests.browser_form import Editor
from kizuna.act.practices.tests.conftest import SignIn
from kizuna.act.practices.tests.shop import DAY, Shop, begin, thanks
from kizuna.facts.audit.queries import entries

pytestmark = pytest.mark.django_db
PATH = "/practices/thank-you/edit/"


@pytest.fixture
def editor(shop: Shop, sign_in: SignIn) -> Editor:
    """The practice open in the editor while two customers wait at its first step, which has just been taken away."""
    begin(shop, thanks())
    shop.wait(DAY)
    for number in range(2):
        shop.order(f"A-{number}", f"c{number}", delivered_at=shop.now)
    shop.react()
    client: Client = sign_in("manager")
    opened = Editor(client=client, path=PATH)
    opened.press("remove:rest")
    opened.press("add:wait")
    opened.fill({"step:s1:days": "30"})
    opened.press("up:s1")
    return opened


def _standing() -> set[tuple[int, str, str, str]]:
    rows = Enrolment.objects.values_list("version__number", "node", "state", "reason")
    return {(number, node, state, reason) for number, node, state, reason in rows}


def test_nothing_is_kept_before_somebody_has_chosen(editor: Editor) -> None:
    assert editor.press("save") == 200
    assert "「3日待つ」で2人が待っています。" in editor.page
    assert editor.value("step:s1:days") == "30"
    assert practice(name="thank-you").card.version == 1
    assert _standing() == {(1, "rest", "waiting", "")}
    # Saving once more asks once more.
    assert editor.press("save") == 200
    assert practice(name="thank-you").card.version == 1


def test_they_may_finish_as_it_was(editor: Editor) -> None:
    editor.press("save")
    assert editor.value("place:rest") == "finish"
    assert editor.press("confirm") == 302
    assert practice(name="thank-you").card.version == 2
    assert _standing() == {(1, "rest", "waiting", "")}


def test_they_may_move_to_a_step_of_the_new_version(editor: Editor, shop: Shop) -> None:
    editor.press("save")
    editor.fill({"place:rest": "move:s1"})
    assert editor.press("confirm") == 302
    assert _standing() == {(2, "s1", "waiting", "")}
    shop.wait(10 * DAY)
    assert shop.step() == 0  # the new wait is thirty days
    assert shop.messages() == []


def test_they_may_leave(editor: Editor) -> None:
    editor.press("save")
    editor.fill({"place:rest": "leave"})
    assert editor.press("confirm") == 302
    assert _standing() == {(1, "rest", "left", "practice_edited")}
    (entry,) = entries(action="practices.edited")
    assert entry.detail["people"] == {"rest": 2}


def test_a_choice_that_there_is_not_changes_nothing(editor: Editor) -> None:
    editor.press("save")
    editor.fill({"place:rest": "move:nowhere", "title_ja": "別の名前"})
    assert editor.press("confirm") == 422
    assert practice(name="thank-you").card.version == 1
    assert practice(name="thank-you").card.title.ja == "お礼"
    assert _standing() == {(1, "rest", "waiting", "")}


def test_an_arm_with_customers_cannot_go(editor: Editor) -> None:
    editor.press("arm")
    editor.press("arm-remove:0")
    editor.press("save")
    editor.press("confirm")
    assert "すでにお客様が割り付けられています" in editor.page
    assert practice(name="thank-you").card.version == 1
