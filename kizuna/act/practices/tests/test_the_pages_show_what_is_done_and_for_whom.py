"""Reading: the list, the shelf, one practice with its flow and its people, its outlook; for each role and language."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client

from kizuna.act.practices.models import Enrolment, Practice
from kizuna.act.practices.operations import edit_practice, end
from kizuna.act.practices.rules.flow import End, Node, Note
from kizuna.act.practices.tests.conftest import SignIn
from kizuna.act.practices.tests.shop import DAY, Shop, begin, thanks

pytestmark = pytest.mark.django_db


def _page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return re.sub(r"\s+", " ", answer.content.decode())


def _delivered(shop: Shop, *, customers: int = 3, **more: object) -> None:
    """Customers whose parcels arrive while the practice runs."""
    begin(shop, thanks(**more))  # type: ignore[arg-type]
    shop.wait(DAY)
    for number in range(customers):
        shop.order(f"A-{number}", f"c{number}", delivered_at=shop.now)
    shop.react()


def test_without_a_practice_the_list_leads_to_the_shelf(sign_in: SignIn) -> None:
    page = _page(sign_in("owner"), "/practices/")
    assert "まだ接客方法がありません" in page
    assert 'href="/practices/ready/"' in page
    assert 'href="/practices/ready/"' not in _page(sign_in("analyst"), "/practices/")


def test_the_list_counts_customers_held_out_and_under_way(shop: Shop, sign_in: SignIn) -> None:
    _delivered(shop, customers=40, holdout_share=0.5)
    held_out = 40 - Enrolment.objects.count()
    assert 0 < held_out < 40
    page = _page(sign_in("agent"), "/practices/")
    assert "お礼" in page
    assert "商品が届いたとき" in page
    assert "実施中" in page
    assert 'data-label="対象のお客様">40</td>' in page
    assert f'data-label="うち比較用"><span>{held_out} <span class="k-note">（50%）</span></span></td>' in page
    assert f'data-label="進行中">{40 - held_out}</td>' in page


def test_what_was_taken_from_the_shelf_opens_instead(sign_in: SignIn) -> None:
    owner = sign_in("owner")
    assert 'action="/practices/ready/birthday_perk/"' in _page(owner, "/practices/ready/")
    answer = owner.post("/practices/ready/birthday_perk/", follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain == [("/practices/birthday_perk/", 302)]
    assert "下書きを作りました。" in page
    assert "お誕生日の特典" in page
    assert Practice.objects.get(name="birthday_perk").state == "draft"
    again = _page(owner, "/practices/ready/")
    assert 'action="/practices/ready/birthday_perk/"' not in again
    assert "選択済み・開く" in again
    twice = owner.post("/practices/ready/birthday_perk/", follow=True).content.decode()
    assert "すでにあります" in twice
    assert Practice.objects.count() == 1
    assert "ありません" in owner.post("/practices/ready/nothing/", follow=True).content.decode()


def test_a_practice_shows_its_flow_and_how_many_wait_at_each_step(shop: Shop, sign_in: SignIn) -> None:
    _delivered(shop)
    page = _page(sign_in("owner"), "/practices/thank-you/")
    for words in ("商品が届いたとき", "すべてのお客様", "3日待つ", "「thanks」を送る", "3人が待機中", "リピート率"):
        assert words in page, words
    assert "一覧を見る" in page
    assert sign_in("owner").get("/practices/nothing/").status_code == 404


def test_the_people_inside_are_told_with_their_step_also_in_older_versions(shop: Shop, sign_in: SignIn) -> None:
    _delivered(shop)
    newer: dict[str, Node] = {"greet": Note(text="ごあいさつ", next="end"), "end": End()}
    flow = thanks(nodes=newer, first="greet")
    edit_practice(practice="thank-you", flow=flow, actor="test", now=shop.now, choices={"rest": "finish"})
    page = _page(sign_in("agent"), "/practices/thank-you/people/")
    assert page.count("3日待つ") == 3
    assert page.count("高橋") == 3
    assert "ほかに3人が以前の版で進行中です。" in _page(sign_in("agent"), "/practices/thank-you/")
    assert "該当するお客様はいません" in _page(sign_in("agent"), "/practices/thank-you/people/?state=done")
    end(practice="thank-you", actor="test", now=shop.now, people="leave")
    left = _page(sign_in("agent"), "/practices/thank-you/people/?state=left&page=9")
    assert left.count("接客方法の終了") == 3


def test_more_than_a_page_of_people_has_pages(shop: Shop, sign_in: SignIn) -> None:
    _delivered(shop, customers=51)
    owner = sign_in("owner")
    first = _page(owner, "/practices/thank-you/people/?state=waiting")
    assert (first.count("<tr>"), "?state=waiting&page=2" in first) == (51, True)
    assert _page(owner, "/practices/thank-you/people/?page=2").count("<tr>") == 2


def test_the_outlook_counts_whom_it_would_have_reached(
    shop: Shop, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(7):
        shop.order(f"A-{number}", f"c{number}", delivered_at=shop.now - timedelta(days=3))
    shop.fold()
    begin(shop, thanks(holdout_share=0.1))
    monkeypatch.setattr("kizuna.act.practices.views.pages.present", lambda: shop.now)
    page = _page(sign_in("analyst"), "/practices/thank-you/reach/")
    assert '<strong class="k-num">7</strong>人' in page
    assert "直近30日間" in page


def test_it_is_started_paused_resumed_and_ended_and_says_when_it_cannot_be(shop: Shop, sign_in: SignIn) -> None:
    _delivered(shop)
    owner = sign_in("owner")

    def act(name: str) -> str:
        return owner.post("/practices/thank-you/state/", {"act": name}, follow=True).content.decode()

    assert "一時停止しました。" in act("pause")
    assert Practice.objects.get().state == "paused"
    paused = _page(owner, "/practices/thank-you/")
    assert 'value="resume"' in paused
    assert "終了したものは再開できません" in paused  # before the button is pressed, not after
    assert "この操作はできません。" in act("pause")
    assert "再開しました。" in act("resume")
    assert "終了しました。" in act("end")
    ended = _page(owner, "/practices/thank-you/")
    assert "編集" not in ended
    assert "終了した接客方法は再開できません" in ended
    assert "見通し" not in ended
    assert "この操作はできません。" in act("start")
    assert set(Enrolment.objects.values_list("state", flat=True)) == {"waiting"}
    assert owner.post("/practices/thank-you/state/", {"act": "explode"}).status_code == 422
    assert owner.get("/practices/thank-you/state/").status_code == 405


def test_who_is_stuck_is_named_with_the_reason_and_tried_again(shop: Shop, sign_in: SignIn) -> None:
    _delivered(shop)
    stuck = Enrolment.objects.order_by("id")[:2]
    text = 'File "move.py", line 7\nOfferUnknown: offer gone'
    Enrolment.objects.filter(pk__in=[one.pk for one in stuck]).update(state="stuck", reason=text)
    page = _page(sign_in("manager"), "/practices/thank-you/")
    assert "2人のお客様が先へ進めません。" in page
    assert page.count("内部のエラーが起きました（OfferUnknown: offer gone）。") == 2
    assert "move.py" not in page
    # An analyst reads how many they are, not who.
    seen = _page(sign_in("analyst"), "/practices/thank-you/")
    assert "2人のお客様が先へ進めません。" in seen
    assert "高橋" not in seen
    told = sign_in("manager").post("/practices/thank-you/state/", {"act": "retry"}, follow=True).content.decode()
    assert "もう一度進めます。" in told
    assert set(Enrolment.objects.values_list("state", flat=True)) == {"waiting"}


@pytest.mark.parametrize("role", ["agent", "store_staff", "analyst"])
def test_only_owners_and_managers_decide(role: str, shop: Shop, sign_in: SignIn) -> None:
    _delivered(shop)
    client = sign_in(role)
    for path in ("/practices/", "/practices/thank-you/", "/practices/thank-you/reach/"):
        page = _page(client, path)
        assert "白紙から作る" not in page
        assert 'name="act"' not in page
    assert client.get("/practices/new/").status_code == 403
    assert client.get("/practices/thank-you/edit/").status_code == 403
    assert client.post("/practices/thank-you/state/", {"act": "pause"}).status_code == 403
    assert client.post("/practices/ready/birthday_perk/").status_code == 403
    assert Practice.objects.get().state == "running"
    # Names stand on the list of people, and that is for those who write to customers of every store.
    may_name = role == "agent"
    assert client.get("/practices/thank-you/people/").status_code == (200 if may_name else 403)
    assert ("一覧を見る" in _page(client, "/practices/thank-you/")) is may_name


def test_everything_is_said_in_english_too(shop: Shop, sign_in: SignIn) -> None:
    _delivered(shop, customers=1)
    owner = sign_in("owner")
    owner.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    expected = {
        "/practices/": ("Practices", "When a parcel arrives", "Running", "Start from scratch"),
        "/practices/ready/": ("Choose a practice", "Use this", "Birthday perk"),
        "/practices/thank-you/": ("Every customer", "Wait 3 days", "1 waiting", "Pause", "Repeat rate", "Version 1"),
        "/practices/thank-you/people/": ("Under way", "Wait 3 days"),
        "/practices/new/": ("When does it start?", "Held out (%)", "Add a metric", "Send a message"),
    }
    for path, words in expected.items():
        page = _page(owner, path)
        for one in words:
            assert one in page, (path, one)
        main = re.search(r"<main.*</main>", page)
        assert main is not None
        plain = re.sub(r"高橋|日本語|honten|実施|<[^>]*>", "", main[0])
        assert re.findall(r"[ぁ-んァ-ヶ一-龠]+", plain) == [], path
    trail = re.search(r"<nav class=\"d-print-none\".*?</nav>", _page(owner, "/practices/thank-you/edit/"))
    assert trail is not None
    assert re.findall(r"[ぁ-んァ-ヶ一-龠]+", re.sub(r'aria-label="[^"]*"', "", trail[0])) == []
