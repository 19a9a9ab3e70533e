"""A practice that nobody has come into yet has a page; a name that no practice has is not found."""

import pytest
from django.conf import settings
from django.test import Client

from kizuna.act.practices.operations import end, pause
from kizuna.prove.trials.models import Plan
from kizuna.prove.trials.tests import world
from kizuna.prove.trials.tests.world import NOW, PRACTICE, practice, signed_in
from kizuna.prove.trials.views import pages

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "present", lambda: world.NOW)


def _page(client: Client) -> str:
    answer = client.get(f"/trials/{PRACTICE}/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_names_what_will_be_measured_and_leads_to_the_practice() -> None:
    practice(goals=[("repeat_rate", 30), ("nps", 45)], holdout_share=0.1)
    page = _page(signed_in())
    assert "お礼の手紙の効果" in page
    assert "対象になったお客様がまだいません" in page
    assert 'href="/metrics/repeat_rate/"' in page
    assert "対象になってから45日間" in page
    assert f'href="/practices/{PRACTICE}/"' in page
    assert f'hx-get="/practices/{PRACTICE}/reach/"' in page  # how many customers and weeks it takes in this shop
    assert "★1" not in page


def test_the_end_can_be_planned_before_the_first_customer_comes() -> None:
    practice()
    leads = signed_in()
    assert 'name="people"' in _page(leads)
    answer = leads.post(f"/trials/{PRACTICE}/plan/", {"ends_on": "2026-12-31", "people": "1500"}, follow=True)
    assert (answer.status_code, Plan.objects.get(practice=PRACTICE).people_planned) == (200, 1500)
    assert "まで、1,500人の結果で判定する予定です。" in answer.content.decode()
    assert 'name="people"' not in _page(signed_in("analyst"))


def test_without_a_hold_out_it_says_what_can_never_be_told() -> None:
    practice(holdout_share=0.0)
    assert "このままでは効果を判定できません（★1）" in _page(signed_in())


def test_a_practice_that_pauses_or_has_ended_says_so() -> None:
    practice()
    client = signed_in()
    pause(practice=PRACTICE, actor="test", now=NOW)
    assert "いまは一時停止しています" in _page(client)
    end(practice=PRACTICE, actor="test", now=NOW)
    page = _page(client)
    assert "対象になったお客様がいないまま終わりました" in page
    assert "reach/" not in page
    assert 'name="people"' not in page


def test_a_name_that_no_practice_has_is_not_found() -> None:
    answer = signed_in().get("/trials/nothing/")
    assert answer.status_code == 404
    assert "接客方法「nothing」は見つかりません。" in answer.content.decode()


def test_english_has_no_japanese_in_it() -> None:
    practice()
    client = signed_in()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = _page(client)
    assert "Nobody has come into it yet" in page
    assert "まだ" not in page.split("<main", 1)[1].split("</main>", 1)[0]
