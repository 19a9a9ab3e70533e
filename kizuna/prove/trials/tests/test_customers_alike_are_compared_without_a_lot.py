"""Customers who got something against customers alike: what they were before is taken out, and no effect is claimed."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.conf import settings
from pytest_django import DjangoAssertNumQueries

from kizuna.facts.catalogue import CouponRedeemed, CouponReversed, Fact, ShipmentDelivered
from kizuna.prove.trials.queries.compared import BadOutcome, BadPeriodAsked, compare_people
from kizuna.prove.trials.queries.groups import NoSuchGroup, groups
from kizuna.prove.trials.rules.compared import ComparedReport
from kizuna.prove.trials.rules.verdict import Verdict
from kizuna.prove.trials.tests import world
from kizuna.prove.trials.tests.discounts import bought, shop
from kizuna.prove.trials.tests.world import NOW, answer, day, signed_in, tell
from kizuna.prove.trials.views import people
from kizuna.stats.arms import Effect
from kizuna.stats.balance import Balance
from kizuna.stats.estimate import NotEnough

pytestmark = pytest.mark.django_db
FROM = date(2026, 1, 8)  # three days after the start
ASKED = "group=discount&metric=repeat_rate&days=30&date_from=2026-01-08"


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "present", lambda: world.NOW)


def compared(**asked: object) -> ComparedReport:
    wanted = {"group_slug": "discount", "metric": "repeat_rate", "window_days": 30, "date_from": FROM, **asked}
    return compare_people(now=NOW, **wanted)  # type: ignore[arg-type]


def effect(found: Effect | NotEnough) -> Effect:
    assert isinstance(found, Effect), found
    return found


def test_weighting_takes_out_what_the_customers_were_before() -> None:
    tell(*shop())
    found = compared()
    plain, weighted = effect(found.plain), effect(found.weighted)
    assert plain.value == pytest.approx(0.15, abs=0.02)
    assert plain.low > 0.0
    assert weighted.value == pytest.approx(0.0, abs=0.02)
    assert weighted.low < 0.0 < weighted.high
    orders = next(row for row in found.balance if row.known.column == "orders_so_far")
    assert isinstance(orders.balance, Balance)
    assert orders.balance.before > 0.8
    assert abs(orders.balance.after) < 0.05
    assert (found.got, found.without, found.grade) == (600, 600, 1)
    assert found.effective < found.without
    assert found.uneven == ()


def test_a_true_difference_is_left_and_still_no_effect_is_claimed() -> None:
    tell(*shop(truly=0.2))
    found = compared()
    assert effect(found.weighted).value == pytest.approx(0.2, abs=0.02)
    assert effect(found.weighted).p < 0.001
    assert found.judgement.verdict is Verdict.UNCLEAR
    page = _main(signed_in().get(f"/trials/compare/?{ASKED}").content.decode())
    assert "差はあるが、効果とは言えない" in page
    assert "30日間のリピート率は、割引を使ったお客様が、条件のよく似た割引を使わなかったお客様を" in page
    assert "★1" in page
    assert "効果あり" not in page
    assert "逆効果" not in page
    assert "なぜ効果と言えないか" in page


def _main(page: str) -> str:
    return page[page.index('id="main"') :]


def test_the_page_shows_both_differences_and_the_balance() -> None:
    tell(*shop())
    page = _main(signed_in().get(f"/trials/compare/?{ASKED}").content.decode())
    assert "差は見られない" in page
    assert "そのまま比べた差" in page
    assert "似たお客様どうしで比べた差" in page
    assert page.count('class="q-love"') == 6
    assert "それまでの注文回数" in page
    assert "記録にある違いは、そろえたあとはどれも小さくなりました" in page


def test_what_stays_uneven_is_named() -> None:
    tell(*shop(by_turns=False))
    assert [row.known.column for row in compared().uneven] == ["days_since_last"]
    page = _main(signed_in().get(f"/trials/compare/?{ASKED}").content.decode())
    assert "そろえたあとも違いが残っています: 前の注文からの日数（2回目以降）" in page
    assert page.count("q-after q-uneven") == 1


def test_english_says_the_same() -> None:
    tell(*shop(truly=0.2))
    browser = signed_in("analyst")
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = browser.get(f"/trials/compare/?{ASKED}").content.decode()
    assert "A difference, but not an effect" in page
    assert "Repeat rate within 30 days: customers who used a discount stand" in page
    assert "Why this is no effect" in page


def test_without_anybody_alike_there_is_no_number() -> None:
    facts: list[Fact] = [bought(900_000, 59)]
    # Everybody with a discount is a regular and nobody without one is.
    for person in range(1, 201):
        facts += [bought(person, 5, discount=100), bought(person, -20), bought(person, -60)]
        facts.append(bought(1000 + person, 5))
    tell(*facts)
    found = compared()
    assert isinstance(found.weighted, NotEnough)
    assert found.weighted.reason == "no_overlap"
    page = _main(signed_in().get(f"/trials/compare/?{ASKED}").content.decode())
    assert "比べられない" in page
    assert "似た顧客どうしで比べられる人が足りません（0人、160人必要です）" in page


def test_a_small_shop_is_compared_by_fewer_things() -> None:
    facts: list[Fact] = [bought(900_000, 59)]
    # Of ten customers in each of five stores two used a discount, one on a small order and one on a large.
    for person in range(50):
        place, turn = divmod(person, 10)
        facts.append(
            bought(
                person + 1, 5 + turn, store=f"s{place}", discount=100 * (turn in {0, 9}), yen=1000 + 500 * turn + place
            )
        )
        facts += [bought(person + 1, 30)] if turn in {0, 3, 6} else []
    tell(*facts)
    found = compared()
    assert isinstance(found.weighted, Effect)
    assert found.alike_by.en == "store, orders so far and days since the last one"
    assert (found.compared, found.got) == (10, 10)


def test_a_late_parcel_is_held_against_one_in_time() -> None:
    facts: list[Fact] = [bought(900_000, 59)]
    for person in range(1, 401):
        late = person % 4 == 0
        placed = bought(person, 3)
        parcel = ShipmentDelivered(
            occurred_at=day(7 if late else 5),
            person_id=person,
            shipment_id=person,
            order_id=placed.order_id,
            promised_at=day(6),
            delivered_at=day(7 if late else 5),
        )
        facts += [placed, parcel]
        if (person // 4) % 10 < (2 if late else 5):
            facts.append(bought(person, 20))
    tell(*facts)
    found = compared(group_slug="late")
    assert (found.got, found.without) == (100, 300)
    assert effect(found.weighted).value == pytest.approx(-0.3, abs=0.02)


def test_an_answer_counts_within_thirty_days_and_the_outcome_after_them() -> None:
    facts: list[Fact] = [bought(900_000, 59)]
    for person in range(1, 201):
        facts.append(bought(person, -10))
        if person % 2:
            facts.append(answer(person, 15 if person % 4 == 1 else 21, 9))
        if person % 4 == 1 and person % 5:
            facts.append(bought(person, 25))
    tell(*facts)
    found = compared(group_slug="survey:nps", date_from=None)
    # Answers on day 21 are later than thirty days after the order of day -10.
    assert (found.got, found.without) == (50, 150)
    assert effect(found.weighted).value == pytest.approx(0.8)
    assert found.date_to <= (NOW - timedelta(days=60)).date() + timedelta(days=1)


def test_a_coupon_counts_with_its_order_unless_it_was_taken_back() -> None:
    facts: list[Fact] = [bought(900_000, 59)]
    orders = [bought(person, 4 + person % 3) for person in range(1, 21)]
    for number, order in enumerate(orders[:6], start=1):
        named = order.order_id if number != 5 else None
        used = {"occurred_at": order.occurred_at, "person_id": order.person_id, "redemption_id": number}
        facts.append(CouponRedeemed(**used, coupon_id=number, offer="spring", order_id=named))  # type: ignore[arg-type]
        if number == 6:
            facts.append(CouponReversed(**used, revision=1, coupon_id=6, offer="spring", order_id=named))  # type: ignore[arg-type]
    tell(*facts, *orders)
    assert "offer:spring" in [one.slug for one in groups()]
    assert compared(group_slug="offer:spring").got == 5


def test_what_cannot_be_compared_is_refused_with_the_reason() -> None:
    tell(*shop())
    with pytest.raises(NoSuchGroup):
        compared(group_slug="nothing")
    with pytest.raises(BadOutcome):
        compared(metric="nps")
    with pytest.raises(BadPeriodAsked):
        compared(window_days=0)
    with pytest.raises(BadPeriodAsked):
        compared(date_from=NOW.date())
    with pytest.raises(BadPeriodAsked):
        compared(date_from=date(2024, 1, 1))
    browser = signed_in()
    page = browser.get("/trials/compare/?group=&metric=nps&date_from=2026-02-01&date_to=2026-01-01").content.decode()
    assert "選んでください。" in page
    assert "選べない値です" in page
    assert "期間の終わりは、始まりより後の日にしてください" in page
    page = browser.get("/trials/compare/?group=discount&metric=repeat_rate&date_from=2026-03-01").content.decode()
    assert "結果がもう分かっている" in page
    assert browser.get("/trials/compare/export/?format=csv&group=x").status_code == 422


def test_an_empty_shop_is_told_what_is_needed() -> None:
    page = signed_in().get("/trials/compare/").content.decode()
    assert "比べられる記録がまだありません" in page


def test_the_figures_are_a_file() -> None:
    tell(*shop())
    answered = signed_in().get(f"/trials/compare/export/?format=csv&{ASKED}")
    text = b"".join(answered.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = {row[0]: row for row in csv.reader(io.StringIO(text))}
    assert float(rows["そのまま比べた差"][2]) == pytest.approx(0.15, abs=0.02)
    assert float(rows["似たお客様どうしで比べた差"][2]) == pytest.approx(0.0, abs=0.02)
    assert rows["根拠の強さ"][2] == "1"
    assert float(rows["標準化した差（そのまま）: それまでの注文回数"][2]) > 0.8


def test_the_page_keeps_to_its_budget(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    tell(*shop())
    browser = signed_in()
    browser.get(f"/trials/compare/?{ASKED}")
    with django_assert_max_num_queries(12):
        assert browser.get(f"/trials/compare/?{ASKED}").status_code == 200
