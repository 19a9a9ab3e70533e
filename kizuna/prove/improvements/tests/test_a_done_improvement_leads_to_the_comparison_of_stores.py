import pytest

from kizuna.prove.improvements.models import Improvement
from kizuna.prove.improvements.tests.shop import NOW, signed_in
from kizuna.prove.improvements.tests.till import DONE, shown
from kizuna.prove.trials.views import stores

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kizuna.prove.improvements.views.pages.present", lambda: NOW)
    monkeypatch.setattr(stores, "present", lambda: NOW)


def _link(page: str) -> str:
    return page.partition('href="/trials/stores/?')[2].partition('"')[0].replace("&amp;", "&")


def test_the_link_asks_the_same_question_and_gets_the_same_word() -> None:
    found = shown(lift=120.0)
    browser = signed_in("manager")
    query = _link(browser.get(f"/improvements/{Improvement.objects.get().pk}/").content.decode())
    assert query == f"metric=nps&since={DONE.date().isoformat()}&stores=nagoya"
    page = browser.get(f"/trials/stores/?{query}").content.decode()
    assert str(found.verdict_words) in page
    assert found.effect is not None
    assert f"{found.effect.value:+.1f}点" in page


def test_where_no_stores_were_compared_there_is_none() -> None:
    shown(lift=120.0, where=())
    assert _link(signed_in("manager").get(f"/improvements/{Improvement.objects.get().pk}/").content.decode()) == ""


def test_staff_of_a_store_are_not_led_to_every_stores_figures() -> None:
    shown(lift=120.0)
    page = signed_in("store_staff", store="nagoya").get(f"/improvements/{Improvement.objects.get().pk}/")
    assert page.status_code == 200
    assert _link(page.content.decode()) == ""
