"""The page of the league and its file, on a small shop: one practice works, one backfires, one is not known yet."""

import csv
import io
import re
from collections.abc import Callable

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client

from kizuna.act.offers.operations import ensure_offer, issue_coupons, redeem
from kizuna.act.offers.rules import CouponRequest, IssuedCoupon
from kizuna.customers.staff.models import User
from kizuna.customers.staff.operations import create_user
from kizuna.customers.staff.rules import Role
from kizuna.facts.audit.queries import entries
from kizuna.facts.catalogue import Fact
from kizuna.prove.evidence import queries, views
from kizuna.prove.trials.tests import world
from kizuna.prove.trials.tests.world import answer, assigned, order, practice, tell
from kizuna.words import Words

pytestmark = pytest.mark.django_db
WORKS, HARMS, UNCLEAR = "thank_you_after_delivery", "passive_coupon", "my_own"
EACH = 150


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "present", lambda: world.NOW)
    queries._reports.cache_clear()


@pytest.fixture
def client() -> Client:
    return _signed_in("analyst")


def _signed_in(role: str) -> Client:
    pk = create_user(
        email=f"{role}@example.jp", name=role, role=Role(role), password="0k-long-enough-9", actor="test", now=world.NOW
    )
    browser = Client()
    browser.force_login(User.objects.get(pk=pk))
    return browser


def _tried(name: str, *, first: int, then: Callable[[int, bool, int], list[Fact]], at: float = 0.0) -> list[Fact]:
    """Half of the customers are held out; ``then`` says what each of an arm does, by their place in it."""
    facts: list[Fact] = []
    for number in range(2 * EACH):
        person, held_out = first + number, number >= EACH
        facts += [order(person, -5), assigned(person, at, practice=name, held_out=held_out)]
        facts += then(person, held_out, number % EACH)
    return facts


def _buys(treated: int, held_out: int) -> Callable[[int, bool, int], list[Fact]]:
    return lambda person, held, place: [order(person, 10)] if place < (held_out if held else treated) else []


def _says(treated: float, held_out: float) -> Callable[[int, bool, int], list[Fact]]:
    """Everybody answers, a third of them one point lower."""
    return lambda person, held, place: [answer(person, 10, (held_out if held else treated) - (place % 3 == 0))]


def _small_shop() -> None:
    practice(name=WORKS)
    practice(name=HARMS, goals=[("nps", 30)])
    practice(name=UNCLEAR, goals=[("repeat_rate", 30), ("nps", 30)])
    tell(
        order(900_000, 59),
        *_tried(WORKS, first=1, then=_buys(90, 30)),
        *_tried(HARMS, first=1001, then=_says(7, 10)),
        *_tried(UNCLEAR, first=2001, then=_buys(60, 58)),
    )


def _page(client: Client, query: str = "") -> str:
    answer = client.get(f"/evidence/{query}")
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def _row(page: str, name: str) -> str:
    found = re.search(rf'<tr id="{name}">.*?</tr>', page)
    assert found is not None, name
    return _said(found[0])


def _said(page: str) -> str:
    """The words without their marks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))


def _order(page: str) -> list[str]:
    return re.findall(r'<tr id="([^"]+)">', page)


def test_before_any_practice_it_says_how_to_begin(client: Client) -> None:
    page = _page(client)
    assert "まだ効果を比べられる接客方法がありません" in page
    assert 'href="/practices/"' in page
    assert "/evidence/export/" not in page
    for distraction in ("くじ引きのないものを確かめる", "/trials/stores/", "文献の主張"):
        assert distraction not in page.split("<main", 1)[1]
    practice(name=WORKS)
    begun = _page(client)
    assert "まだ効果を比べられる接客方法がありません" in begun
    assert "くじ引きのないものを確かめる" in begun
    assert "文献の主張の一覧" in begun


def test_every_practice_has_its_word_its_effect_and_its_interval(client: Client) -> None:
    _small_shop()
    page = _page(client)
    works, harms, unclear = (_row(page, name) for name in (WORKS, HARMS, UNCLEAR))
    assert "効果あり" in works
    assert "+40.0 ポイント" in works
    interval = re.search(r"\+(\d+\.\d) ～ \+(\d+\.\d)", works)
    assert interval is not None
    assert 10.0 < float(interval[1]) < 30.0 < 50.0 < float(interval[2]) < 70.0
    assert "実施 150人・比較用 150人" in works
    assert "★★★" in works
    assert "逆効果" in harms
    assert re.search(r"−\d+\.\d 点", harms)
    assert "まだわからない" in unclear
    assert "+1.3 ポイント" in unclear
    assert "結果の出た人がまだいません" in unclear  # nobody has answered
    good, bad, open_ = re.findall(r'<div class="e-card.*?</h2>(.*?)</div>\s*(?=<div class="e-card|</section>)', page)
    assert (WORKS in good, HARMS in bad, UNCLEAR in open_) == (True, True, True)
    assert "見直すか、やめることをおすすめします。" in bad


def test_what_the_literature_claims_stands_apart_from_what_was_measured(client: Client) -> None:
    _small_shop()
    page = _page(client)
    assert "文献の主張 （このお店の結果ではありません）" in _said(page)
    assert "約70%がまた買いたいと答える" in _row(page, WORKS)
    assert "約70%" not in _row(page, UNCLEAR)


def test_the_order_is_by_the_chosen_column_and_the_file_follows_it(client: Client) -> None:
    _small_shop()
    assert _order(_page(client, "?by=returns")) == [WORKS, UNCLEAR, HARMS]
    assert _order(_page(client, "?by=says"))[0] == HARMS
    assert _order(_page(client, "?by=%3Cscript%3E")) == _order(_page(client))
    page = _page(client, "?by=returns")
    assert re.search(r'<a href="\?by=returns" aria-current="true">', page)
    assert page.count('aria-sort="descending"') == 1
    assert "/evidence/export/?format=csv&amp;by=returns" in page
    answer = client.get("/evidence/export/?format=csv&by=returns")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    header, *rows = list(csv.reader(io.StringIO(text)))
    assert header[:5] == ["接客方法", "名前", "指標", "判定", "効果"]
    assert [(row[0], row[2], row[3]) for row in rows] == [
        (WORKS, "repeat_rate", "効果あり"),
        (UNCLEAR, "repeat_rate", "まだわからない"),
        (HARMS, "nps", "逆効果"),
    ]
    value, low, high = (float(rows[0][place]) for place in (4, 5, 6))
    assert value == pytest.approx(0.4)
    assert 0.0 < low < value < high
    assert entries(action="evidence.exported")[0].target == "league"
    assert client.get("/evidence/export/?format=pdf").status_code == 422


def test_who_is_still_in_the_window_is_counted_apart(client: Client) -> None:
    practice(name=WORKS)
    tell(order(900_000, 59), *_tried(WORKS, first=1, then=lambda *_: [], at=45))
    row = _row(_page(client), WORKS)
    assert "まだわからない" in row
    assert "実施 0人・比較用 0人 ほか300人は期間の途中" in row
    assert "結果の出た人がまだいません" in row


def test_a_comparison_group_that_nobody_fell_into_yet_is_waited_for(client: Client) -> None:
    practice(name=WORKS, holdout_share=0.1)
    tell(order(900_000, 59), *(assigned(person, practice=WORKS) for person in (1, 2, 3)))
    row = _row(_page(client), WORKS)
    assert "まだわからない" in row
    assert "★★★" in row
    assert "まだ対照群に入った方がいません" in row


def test_repeats_of_a_practice_are_told_together(client: Client) -> None:
    practice(name=WORKS)
    practice(name=f"{WORKS}-2")
    tell(
        order(900_000, 59),
        *_tried(WORKS, first=1, then=_buys(90, 30)),
        *_tried(f"{WORKS}-2", first=1001, then=_buys(80, 30)),
    )
    page = _page(client)
    assert "まとめ: お礼の手紙" in page
    assert "2回の実施を合わせた結果" in page
    assert "約70%がまた買いたいと答える" in _row(page, f"{WORKS}-2")


def test_what_a_point_costs_stands_beside_what_works_and_nowhere_else(client: Client) -> None:
    _small_shop()
    assert "特典の費用 0円" in _row(_page(client), WORKS)
    title = Words(ja="次回割引", en="Off next time")
    ensure_offer(name="next", title=title, kind="amount", value=500, valid_days=30, now=world.day(1))
    for name in (WORKS, HARMS):
        with transaction.atomic():
            requests = [CouponRequest(person_id=None, key=f"{name}{n}", practice=name) for n in range(30)]
            issued = issue_coupons(offer="next", requests=requests, now=world.day(1))
        for one in issued:
            assert isinstance(one, IssuedCoupon)
            key = f"used:{one.code}"
            redeem(code=one.code, key=key, person_id=None, order_id=None, amount_yen=3000, store="", now=world.day(2))
    queries._reports.cache_clear()  # costs are those of the hour
    page = _page(client)
    # 30 times 500 yen for 150 served are 100 yen each, for 40 points of repeat purchase
    assert "リピート率 1ポイントあたりの費用 お一人2.5円" in _row(page, WORKS)
    assert "費用" not in _row(page, HARMS)


def test_a_lot_that_was_not_kept_silences_the_word(client: Client) -> None:
    practice(name=WORKS, holdout_share=0.1)  # half were held out instead
    tell(order(900_000, 59), *_tried(WORKS, first=1, then=_buys(90, 30)))
    row = _row(_page(client), WORKS)
    assert "人数の割合がくじと合いません。" in row
    assert "効果あり" not in row


def test_it_is_said_in_english_too(client: Client) -> None:
    _small_shop()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = _page(client)
    assert "Which way of serving works" in page
    assert "Works" in _row(page, WORKS)
    assert "+40.0 pp" in _row(page, WORKS)
    assert "Backfires" in _row(page, HARMS)
    assert "150 served, 150 held out" in _row(page, UNCLEAR)
    main = re.search(r"<main.*</main>", page)
    assert main is not None
    assert re.findall(r"[ぁ-んァ-ヶ一-龠]+", re.sub(r"<[^>]*>|日本語", "", main[0])) == []


@pytest.mark.parametrize("role", list(Role))
def test_everybody_on_the_staff_reads_it_and_a_stranger_does_not(role: Role) -> None:
    assert _signed_in(role).get("/evidence/").status_code == 200
    assert Client().get("/evidence/").status_code == 302
    assert Client().get("/evidence/export/").status_code == 302
