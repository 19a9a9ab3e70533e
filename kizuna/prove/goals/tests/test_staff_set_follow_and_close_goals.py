import pytest

from kizuna.prove.goals.models import Goal
from kizuna.prove.goals.operations import set_goal
from kizuna.prove.goals.tests.world import NOW, browser, goal, months, staff, told

pytestmark = pytest.mark.django_db
YEAR = [55, 60, 58, 62, 57, 60, 61, 59, 60, 58, 62, 60]
FORM = {
    "title": "名古屋店を立て直す",
    "level": "store",
    "metric": "nps",
    "store": "nagoya",
    "touchpoint": "",
    "target": "40",
    "due": "2026-12",
    "team": "",
    "why": "接客を立て直す",
}


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kizuna.prove.goals.views.pages.present", lambda: NOW)


def test_a_leader_checks_saves_reads_and_closes_a_goal() -> None:
    told(*months("nagoya", YEAR))
    leader = staff("manager")
    client = browser(leader)
    assert "まだ目標がありません" in client.get("/goals/").content.decode()
    checked = client.post("/goals/new/", {**FORM, "owner": leader.pk, "act": "check"}).content.decode()
    assert "始めの値は+20.0" in checked
    assert not Goal.objects.exists()
    client.post("/goals/new/", {**FORM, "owner": leader.pk})
    number = Goal.objects.get().pk
    listed = client.get("/goals/").content.decode()
    assert "自分の目標" in listed
    assert "厳しい" in listed or "どちらともいえない" in listed
    page = client.get(f"/goals/{number}/").content.decode()
    assert "SMARTの点検" in page
    assert "確からしさ" in page
    assert page.count('class="t-fan"') == 4  # 80 and 95 per cent, for a desk and for a telephone
    english = client.get(f"/goals/{number}/", headers={"Accept-Language": "en"}).content.decode()
    assert "Progress and outlook" in english
    client.post(f"/goals/{number}/close/", {"note": ""})
    assert Goal.objects.get().state == "missed"
    assert "未達" in client.get(f"/goals/{number}/").content.decode()
    taken = client.get("/goals/export/", {"format": "csv", "state": "all"})
    text = b"".join(taken.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert "名古屋店を立て直す" in text


def test_shares_are_typed_in_per_cent() -> None:
    client = browser(staff("owner"))
    client.post("/goals/new/", {**FORM, "metric": "repeat_rate", "target": "35", "owner": ""})
    assert Goal.objects.get().target == pytest.approx(0.35)
    assert 'value="35.0"' in client.get(f"/goals/{Goal.objects.get().pk}/edit/").content.decode()


def test_store_staff_see_their_stores_goals_and_their_own() -> None:
    here = staff("store_staff", store="nagoya")
    theirs = set_goal(draft=goal(store="kyoto", title="京都の目標"), actor="test", now=NOW)
    company = set_goal(draft=goal(level="company", store="", title="会社の目標値"), actor="test", now=NOW)
    ours = set_goal(draft=goal(title="名古屋の目標"), actor="test", now=NOW)
    mine = set_goal(draft=goal(level="person", store="kyoto", owner_id=here.pk, title="私の"), actor="test", now=NOW)
    client = browser(here)
    assert [client.get(f"/goals/{number}/").status_code for number in (theirs, company, ours, mine)] == [
        *(404, 404, 200, 200)
    ]
    page = client.get("/goals/").content.decode()
    assert "京都の目標" not in page
    assert "会社の目標値" not in page
    assert page.index("私の") < page.index("名古屋の目標")
    assert client.get("/goals/new/").status_code == 403
    assert client.post(f"/goals/{ours}/close/").status_code == 403
