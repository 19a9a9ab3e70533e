"""One person, written by six systems, has one key; what identifies nobody has none."""

import pytest

from kizuna.customers.people.rules import kana_key, mail_key, name_key, phone_key, phone_shown, postcode_key


@pytest.mark.parametrize(
    "text",
    [
        "０３−１２３４−５６７８",
        "03ー1234ー5678",
        "+81 (0)3-1234-5678",
        "312345678",
        "'03-1234-5678",
        "03(1234)5678",
        "03‐1234‐5678",
    ],
)
def test_one_phone_number_however_it_was_typed(text: str) -> None:
    assert phone_key(text=text).key == "+81312345678"
    assert phone_shown(text=text) == "03-1234-5678"


def test_excel_ate_the_leading_zero_of_a_mobile_number() -> None:
    assert phone_key(text="9012345678").key == "+819012345678"


@pytest.mark.parametrize(
    "text",
    ["03-1234-5678 内線12", "03-1234-5678(内線 12)", "03-1234-5678 ext.12", "０３１２３４５６７８内線１２"],
)
def test_an_extension_is_kept_apart(text: str) -> None:
    assert (phone_key(text=text).key, phone_key(text=text).extension) == ("+81312345678", "12")


@pytest.mark.parametrize("text", ["", "000-0000-0000", "0000000000", "なし", "-", "11-1234567", "99999999999"])
def test_a_number_that_cannot_exist_is_missing(text: str) -> None:
    assert phone_key(text=text).key == ""
    assert phone_shown(text=text) == text


def test_a_mail_address_is_compared_in_lower_case_after_nfkc_and_its_dots_stay() -> None:
    assert mail_key(text="Ｍｉｓａｋｉ.T@Example.JP ").key == mail_key(text="misaki.t@example.jp").key
    assert mail_key(text="m.isaki@example.jp").key != mail_key(text="misaki@example.jp").key
    assert mail_key(text="高橋 <misaki@example.jp>").key == "misaki@example.jp"


@pytest.mark.parametrize("text", ["abc.@softbank.ne.jp", "a..b@docomo.ne.jp", ".x@ezweb.ne.jp"])
def test_old_mobile_addresses_that_break_the_rfc_are_kept_and_flagged(text: str) -> None:
    assert mail_key(text=text).key == text
    assert mail_key(text=text).flags == ("rfc",)
    assert mail_key(text=text).marketing_allowed


@pytest.mark.parametrize("text", ["x1@pc.fw.rakuten.ne.jp", "y2@marketplace.amazon.co.jp"])
def test_an_address_lent_by_a_marketplace_takes_no_advertising(text: str) -> None:
    assert not mail_key(text=text).marketing_allowed


@pytest.mark.parametrize("text", ["", "ab", "a@b", "a b@example.jp", "@example.jp", "a@@example.jp"])
def test_what_is_no_address_has_no_key(text: str) -> None:
    assert mail_key(text=text).key == ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("髙橋　美咲", "高橋美咲"),
        ("﨑山 ｻｷ", "崎山さき"),
        ("𠮷田 様", "吉田"),
        ("渡邊", "渡邉"),
        ("濵田", "浜田"),
        ("齋藤", "斎藤"),
    ],
)
def test_variants_of_one_name_have_one_key(one: str, other: str) -> None:
    assert name_key(text=one) == name_key(text=other)


def test_different_names_keep_different_keys() -> None:
    assert name_key(text="斎藤") != name_key(text="斉藤")
    assert kana_key(text="たかはし みさき") == kana_key(text="ﾀｶﾊｼﾐｻｷ") == "タカハシミサキ"


@pytest.mark.parametrize(
    ("text", "key"),
    [("〒150-0001", "1500001"), ("１５０ー０００１", "1500001"), ("600001", "0600001"), ("12", ""), ("", "")],
)
def test_a_postcode_gets_back_the_zeros_a_spreadsheet_ate(text: str, key: str) -> None:
    assert postcode_key(text=text) == key
