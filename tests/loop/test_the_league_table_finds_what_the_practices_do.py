"""The practices of docs/demo.md: two work, one does nothing, one hurts, one serves only new customers."""

from kizuna.cli.demo.lots import PRACTICES
from tests.loop.conftest import Company

TRUE_EFFECT = {planted.name: planted for planted in PRACTICES}


def test_each_practice_is_told_what_it_truly_does(company: Company) -> None:
    rows = {row["practice"]: row for row in company.league("says")}
    assert set(rows) == set(TRUE_EFFECT)
    assert {name: row["verdict"] for name, row in rows.items()} == {
        "thank_you_after_delivery": "works",
        "second_purchase_nudge": "works",
        "follow_up_1_month": "works",
        "follow_up_1_week": "harms",
        "birthday_perk": "unclear",
    }


def test_the_intervals_on_nps_hold_the_planted_points(company: Company) -> None:
    for row in company.league("says"):
        cell = row["cells"]["says"]
        assert cell["low"] <= TRUE_EFFECT[row["practice"]].nps <= cell["high"], row["practice"]


def test_the_order_by_nps_puts_the_thank_you_first_and_the_harm_is_on_nps(company: Company) -> None:
    rows = company.league("says")
    assert rows[0]["practice"] == "thank_you_after_delivery"
    harmed = [row["practice"] for row in rows if row["cells"]["says"]["verdict"] == "harms"]
    assert harmed == ["follow_up_1_week"]


def test_the_order_by_repeat_purchase_puts_the_two_that_bring_people_back_first(company: Company) -> None:
    rows = company.league("returns")
    assert {row["practice"] for row in rows[:2]} == {"second_purchase_nudge", "follow_up_1_month"}
    assert all(row["cells"]["returns"]["verdict"] == "works" for row in rows[:2])
    assert all(row["cells"]["returns"]["verdict"] == "unclear" for row in rows[2:])


def test_the_one_that_serves_only_new_customers_is_told_to_differ(company: Company) -> None:
    cells = {row["practice"]: row["cells"]["returns"] for row in company.league("returns")}
    assert "segment" in cells["follow_up_1_month"]["differs"]
    assert all("segment" not in cell["differs"] for name, cell in cells.items() if name != "follow_up_1_month")


def test_the_page_says_it_in_the_three_words(company: Company) -> None:
    html = company.page("/evidence/")
    for words in (
        "効果あり",
        "逆効果",
        "まだわからない",
        "お届け後のお礼と使い方のご案内",
        "約70%がまた買いたいと答える",
    ):
        assert words in html
