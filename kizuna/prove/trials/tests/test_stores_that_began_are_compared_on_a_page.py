"""Four of eight stores began something on a day: the page finds what is planted and keeps quiet where nothing is."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from itertools import combinations
from random import Random

import pytest
from django.conf import settings
from pytest_django import DjangoAssertNumQueries

from kizuna.customers.stores.operations import describe_store
from kizuna.facts.catalogue import Fact, OrderPlaced, SurveyAnswered
from kizuna.prove.trials.operations import start_in_stores
from kizuna.prove.trials.queries import Verdict, compare_stores
from kizuna.prove.trials.tests import world
from kizuna.prove.trials.tests.world import START, day, signed_in, tell
from kizuna.prove.trials.views import people, stores
from kizuna.stats.arms import Effect
from kizuna.stats.estimate import Interval, NotEnough
from kizuna.stats.quasi import Placebo

pytestmark = pytest.mark.django_db
SINCE = date(2026, 2, 4)  # thirty days after the start
BEGAN = ("s0", "s1", "s2", "s3")
ASKED = "metric=csat5&since=2026-02-04&" + "&".join(f"stores={code}" for code in BEGAN)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores, "present", lambda: world.NOW)
    monkeypatch.setattr(people, "present", lambda: world.NOW)


def answered(*, lift: float, seed: int, count: int = 8, touchpoint: str = "store") -> Iterator[Fact]:
    """Two answers a day in each store for 120 days; where it began ``lift`` more customers are satisfied."""
    dice = Random(seed)
    for number in range(count):
        level = 0.45 + dice.random() / 10
        for half in range(240):
            at = half / 2 - 60 + 0.1
            share = level + (lift if number < 4 and at > 30 else 0.0)
            yield SurveyAnswered(
                occurred_at=day(at),
                person_id=None,
                answer_id=10_000 * (number + 1) + half,
                instrument="csat5",
                score=5.0 if dice.random() < share else 2.0,
                store=f"s{number}",
                touchpoint=touchpoint,
            )


def shop(*, count: int = 8) -> None:
    for number in range(count):
        describe_store(code=f"s{number}", name=f"{number}号店")


def test_a_planted_effect_is_found_and_drawn() -> None:
    shop()
    tell(*answered(lift=0.3, seed=1))
    page = signed_in().get(f"/trials/stores/?{ASKED}").content.decode()
    assert "効果あり" in page
    assert "満足度（5段階）は、始めた4店で、ほかの4店とくらべて" in page
    assert "★2" in page
    assert "全部で70通りあり" in page
    assert "始める前の動き: 店舗どうしに差は見られません" in page
    assert '"kind": "lines"' in page
    assert page.count("始めたあと</span>") == 2  # two steps of fifteen days
    assert "0号店" in page


def test_the_query_tells_effect_lines_and_placebo() -> None:
    tell(*answered(lift=0.3, seed=1))
    found = compare_stores(metric="csat5", started=BEGAN, since=SINCE, now=world.NOW)
    assert isinstance(found.effect, Effect)
    assert found.effect.value == pytest.approx(0.3, abs=0.12)
    assert (found.judgement.verdict, found.grade, found.days) == (Verdict.WORKS, 2, 30)
    assert isinstance(found.placebo, Placebo)
    assert (found.placebo.choices, found.placebo.as_large) == (70, 2)
    assert [step.start for step in found.steps][-2:] == [SINCE, date(2026, 2, 19)]
    gaps = [
        step.treated.value - step.control.value
        for step in found.steps
        if isinstance(step.treated, Interval) and isinstance(step.control, Interval)
    ]
    assert len(gaps) == len(found.steps)
    # What the lines show is what was measured: the gap after less the gap before is the effect.
    assert sum(gaps[-2:]) / 2 - sum(gaps[-4:-2]) / 2 == pytest.approx(found.effect.value, abs=0.02)
    assert [one.treated for one in found.stores] == [True] * 4 + [False] * 4


def test_stores_where_nothing_changed_are_seldom_called_changed() -> None:
    tell(*answered(lift=0.0, seed=2))
    # Every way to name four of eight stores that are alike, each once: 5 % of 35 may be called different by chance.
    names = [("s0", *rest) for rest in combinations([f"s{number}" for number in range(1, 8)], 3)]
    found = [compare_stores(metric="csat5", started=some, since=SINCE, now=world.NOW) for some in names]
    assert len(found) == 35
    assert sum(one.judgement.verdict is not Verdict.UNCLEAR for one in found) <= 4
    assert sum(isinstance(one.placebo, Placebo) and one.placebo.p <= 0.05 for one in found) <= 3


def test_sales_are_per_day_and_need_every_day_before() -> None:
    tell(*_sales(first_day=-60.0))
    found = compare_stores(metric="sales", started=("s0", "s1"), since=SINCE, now=world.NOW)
    assert (found.per_day, found.treated, found.control) == (True, ("s0", "s1"), ("s2", "s3", "s4"))
    assert isinstance(found.effect, Effect)
    assert found.effect.value == pytest.approx(500.0, abs=60.0)
    assert found.left_out == ()


def test_a_total_without_the_days_before_is_not_compared() -> None:
    tell(*_sales(first_day=10.0))
    found = compare_stores(metric="sales", started=("s0", "s1"), since=SINCE, now=world.NOW)
    assert isinstance(found.effect, NotEnough)
    assert found.effect.reason == "nothing_before"
    assert (found.stores, found.steps) == ((), ())
    assert "始める前の記録が足りません" in found.judgement.because.ja


def _sales(*, first_day: float) -> Iterator[Fact]:
    """Five stores sell 1,000 yen a day and a little; two of them 1,500 from the start on."""
    dice = Random(3)
    number = 0
    for store in range(5):
        at = first_day + 0.1
        while at < 60:
            number += 1
            more = 500 if store < 2 and at > 30 else 0
            yield OrderPlaced(
                occurred_at=day(at),
                person_id=None,
                order_id=number,
                source="test",
                store=f"s{store}",
                channel="store",
                total_yen=1000 + more + dice.randrange(100),
                quantity=1,
            )
            at += 1.0


def test_three_stores_are_shown_side_by_side_and_graded_one() -> None:
    shop(count=3)
    tell(*answered(lift=0.3, seed=1, count=3))
    page = signed_in().get("/trials/stores/?metric=csat5&since=2026-02-04&stores=s0").content.decode()
    assert "★1" in page
    assert "★2" not in page[page.index('id="main"') :]
    assert "店舗が足りません（3店、4店以上で比べます）" in page
    assert "効果あり" not in page
    assert "まだわからない" in page
    assert '"kind": "lines"' in page


def test_one_store_that_began_alone_is_warned_of() -> None:
    shop()
    tell(*answered(lift=0.3, seed=1))
    page = signed_in().get("/trials/stores/?metric=csat5&since=2026-02-04&stores=s0").content.decode()
    assert "その店にだけ起きた別の出来事とは区別できません" in page


def test_what_cannot_be_compared_is_told_beside_its_field_in_both_languages() -> None:
    shop()
    tell(*answered(lift=0.0, seed=1))
    browser = signed_in()
    everywhere = "&".join(f"stores=s{number}" for number in range(8))
    asked = f"/trials/stores/?metric=repeat_rate&touchpoint=store&since=2030-13-40&{everywhere}"
    page = browser.get(asked).content.decode()
    assert "この指標は接点では絞り込めません" in page
    assert "日付として読めません" in page
    assert "全店を選ぶと、比べる店舗が残りません" in page
    assert "これからの日は選べません" in browser.get("/trials/stores/?since=2027-01-01").content.decode()
    assert "選べない値です" in browser.get("/trials/stores/?metric=nonsense").content.decode()
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = browser.get(asked).content.decode()
    assert "This metric cannot be narrowed to a touchpoint" in page
    assert "This is no date" in page
    assert "none is left to compare with" in page
    assert browser.get(f"/trials/stores/export/?format=csv&{asked.partition('?')[2]}").status_code == 422


def test_too_soon_and_no_data_are_explained() -> None:
    shop()
    browser = signed_in()
    assert "まだわからない" in browser.get(f"/trials/stores/?{ASKED}").content.decode()
    tell(*answered(lift=0.0, seed=1))
    page = browser.get("/trials/stores/?metric=csat5&since=2026-03-01&stores=s0").content.decode()
    assert "始めてからの記録がまだ5日分です（14日分から比べます）" in page


def test_one_store_alone_has_nothing_to_compare_with() -> None:
    shop(count=1)
    page = signed_in().get("/trials/stores/").content.decode()
    assert "比べる店舗がありません" in page
    assert '<form method="get"' not in page


def test_english_and_a_touchpoint() -> None:
    shop()
    tell(*answered(lift=0.3, seed=1))
    browser = signed_in("analyst")
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = browser.get(f"/trials/stores/?{ASKED}&touchpoint=store").content.decode()
    assert "Works" in page
    assert "more where it began than in the other stores" in page
    assert "In store" in page
    assert (
        "No store that began has figures"
        in browser.get(f"/trials/stores/?{ASKED}&touchpoint=delivery").content.decode()
    )


def test_what_is_on_record_to_have_begun_is_one_click_away() -> None:
    shop()
    start_in_stores(practice="greeting", stores=["s0", "s1"], since=SINCE, actor="test", now=START)
    page = signed_in().get("/trials/stores/").content.decode()
    assert "?metric=nps&amp;since=2026-02-04&amp;stores=s0&amp;stores=s1" in page
    assert "greeting" in page


def test_the_figures_are_a_file() -> None:
    shop()
    tell(*answered(lift=0.3, seed=1))
    answer = signed_in().get(f"/trials/stores/export/?format=csv&{ASKED}")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0][0] == "内容"
    assert rows[1][0] == "判定"
    assert rows[1][-1] == "効果あり"
    effect = next(row for row in rows if row[0] == "変化の差")
    assert 0.1 < float(effect[5]) < 0.5
    assert sum(row[0] == "推移" for row in rows) == 16
    assert sum(row[1] == "0号店" for row in rows) == 3


def test_store_staff_do_not_see_every_stores_figures() -> None:
    shop()
    world.practice()  # the league leads here once there is something to see in it
    tell(*world.shop(treated=2, held_out=2, treated_buy=1, held_out_buy=1))
    browser = signed_in("store_staff")
    for path in ("/trials/stores/", "/trials/stores/export/", "/trials/compare/", "/trials/compare/export/"):
        assert browser.get(path).status_code == 403
    assert "/trials/stores/" not in browser.get("/evidence/").content.decode()
    assert "/trials/stores/" in signed_in("owner").get("/evidence/").content.decode()


def test_the_page_keeps_to_its_budget(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    shop()
    tell(*answered(lift=0.3, seed=1))
    browser = signed_in()
    browser.get(f"/trials/stores/?{ASKED}")
    with django_assert_max_num_queries(12):
        assert browser.get(f"/trials/stores/?{ASKED}").status_code == 200
