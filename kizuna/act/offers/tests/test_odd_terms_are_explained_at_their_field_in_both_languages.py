"""Negative yen, years of an emperor, numbers no table holds; and what offices really type goes through."""

import pytest
from django.test import Client

from kizuna.act.offers.models import Offer
from kizuna.act.offers.tests.conftest import make

TERMS = {
    "title_ja": "次回500円引き", "title_en": "500 yen off", "value": "500", "valid_days": "30",
    "occasion": "next_purchase", "uses_per_coupon": "1", "code_mode": "generated", "items": "TEA,1,900",
}  # fmt: skip


@pytest.mark.parametrize(
    ("field", "text", "ja", "en"),
    [
        ("value", "-500", "1 以上", "greater than or equal to 1"),
        ("value", "9" * 30, "1000000000 以下", "less than or equal to 1000000000"),
        ("budget_yen", "千円", "整数を入力", "whole number"),
        ("ends_at", "令和8年12月1日 10:00", "日時を正しく", "valid date/time"),
        ("ends_at", "0001-01-01T00:00", "以上", "greater than"),
        ("starts_at", "9999-12-31T23:59", "以下", "less than"),
        ("title_ja", "題" * 121, "120", "120"),
        ("name", "次回 割引", "半角の英数字", "Letters, digits"),
        ("items", "TEA,1", "1行目", "Line 1"),
        ("items", "TEA,-1,900", "1行目", "Line 1"),
    ],
)
def test_it_is_told_and_what_was_typed_stays(field: str, text: str, ja: str, en: str, leader: Client) -> None:
    for language, told in (("ja", ja), ("en", en)):
        leader.cookies["django_language"] = language
        form = leader.post("/offers/new/bundle/", TERMS | {field: text}).context["form"]
        assert told in str(form.errors[field]), (language, form.errors)
        assert form[field].value() == text
    assert not Offer.objects.exists()


def test_wide_digits_and_commas_between_cells_are_read(leader: Client) -> None:
    wide = {"value": "１５００", "items": "TEA，２，９００\nお菓子、1、300", "title_ja": "セット 🍵 𠮷"}
    assert leader.post("/offers/new/bundle/", TERMS | wide).status_code == 302
    made = Offer.objects.get()
    assert (made.value, made.items[0]["price_yen"], made.items[1]["sku"]) == (1500, 900, "お菓子")


def test_two_offers_of_one_name_are_told_and_titles_may_be_alike(leader: Client) -> None:
    for number, name in enumerate(("tea", "tea", "cake")):
        answer = leader.post("/offers/new/amount/", TERMS | {"name": name})
        assert answer.status_code == (200 if number == 1 else 302)
        if number == 1:
            assert "同じ管理名かコードの先頭" in answer.content.decode()
    assert Offer.objects.filter(title_ja="次回500円引き").count() == 2


@pytest.mark.parametrize("number", ["0", "-1", "9" * 30, "１²", "山田"])
def test_a_customers_number_that_cannot_be_is_told(number: str, leader: Client) -> None:
    offer = make()
    answer = leader.post(f"/offers/{offer}/give/", {"person": number})
    assert answer.status_code == 409
    assert "お客様番号を入力してください" in answer.content.decode()
