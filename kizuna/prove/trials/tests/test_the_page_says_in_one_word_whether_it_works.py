import csv
import io

import pytest
from django.conf import settings
from django.test import Client

from kizuna.prove.trials.models import Look, Plan
from kizuna.prove.trials.tests import world
from kizuna.prove.trials.tests.world import PRACTICE, practice, shop, signed_in, tell
from kizuna.prove.trials.views import pages

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "present", lambda: world.NOW)


@pytest.fixture
def client() -> Client:
    return signed_in()


def test_it_works(client: Client) -> None:
    practice(goals=[("repeat_rate", 30), ("sales", 30)])
    tell(*shop(treated=200, held_out=200, treated_buy=90, held_out_buy=40))
    page = client.get(f"/trials/{PRACTICE}/").content.decode()
    assert "効果あり" in page
    assert "リピート率は、実施したお客様が45.0%、比較用のお客様が20.0%でした。" in page
    assert "+25.0ポイント" in page
    assert "くじのとおりに分かれています" in page
    assert Look.objects.filter(practice=PRACTICE, metric="repeat_rate", verdict="works").count() == 1


def test_english_and_an_unknown_practice(client: Client) -> None:
    practice()
    tell(*shop(treated=200, held_out=200, treated_buy=60, held_out_buy=58))
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = client.get(f"/trials/{PRACTICE}/").content.decode()
    assert "Not known yet" in page
    assert "Repeat rate: 30.0% among those served, 29.0% among those held out." in page
    assert client.get("/trials/nothing/").status_code == 404


def test_the_figures_behind_it_are_a_file(client: Client) -> None:
    practice()
    tell(*shop(treated=200, held_out=200, treated_buy=90, held_out_buy=40))
    answer = client.get(f"/trials/{PRACTICE}/export/?format=csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0][0] == "指標"
    assert [row[5] for row in rows[1:]] == ["0.2", "0.45"]


def test_leaders_plan_the_end_and_others_do_not(client: Client) -> None:
    practice()
    tell(*shop(treated=20, held_out=20, treated_buy=9, held_out_buy=4))
    wanted = {"ends_on": "2026-12-31", "people": "500"}
    assert client.post(f"/trials/{PRACTICE}/plan/", wanted).status_code == 302
    assert Plan.objects.get(practice=PRACTICE).people_planned == 500
    assert "500" in client.get(f"/trials/{PRACTICE}/").content.decode()
    assert client.post(f"/trials/{PRACTICE}/plan/", {"ends_on": "2026-01-31", "people": "5"}).status_code == 422
    assert signed_in("analyst").post(f"/trials/{PRACTICE}/plan/", wanted).status_code == 403


def test_the_last_planned_look_is_said_to_be_the_last_and_its_end_is_not_offered_again(client: Client) -> None:
    practice()
    tell(*shop(treated=100, held_out=100, treated_buy=36, held_out_buy=30))
    client.post(f"/trials/{PRACTICE}/plan/", {"ends_on": "2026-12-31", "people": "400"})
    page = client.get(f"/trials/{PRACTICE}/").content.decode()
    assert "日で、予定した最後の判定になります。" in page
    assert 'name="people"' in page
    client.post(f"/trials/{PRACTICE}/plan/", {"ends_on": "2026-12-31", "people": "200"})
    for _ in range(2):  # as it is taken, and as it stands from then on
        page = client.get(f"/trials/{PRACTICE}/").content.decode()
        assert "予定した最後の判定まで終わりました。" in page
        assert 'name="people"' not in page
    assert client.post(f"/trials/{PRACTICE}/plan/", {"ends_on": "2027-12-31", "people": "900"}).status_code == 409
