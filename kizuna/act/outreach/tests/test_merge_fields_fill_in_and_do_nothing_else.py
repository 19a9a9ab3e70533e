"""Names, fallbacks, holes, and text that tries to be more than text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kizuna.act.outreach.rules import Body, UnknownField
from kizuna.act.outreach.rules.merge import MissingValue, Named, as_html, check_fields, merge, one_line
from kizuna.act.outreach.rules.wording import SenderLines, render, wording

SATO = Named(family_name="佐藤", given_name="花子", display_name="佐藤 花子")


def fill(text: str, *, named: Named = SATO, language: str = "ja", **values: str) -> str:
    return merge(text=text, values=values, named=named, language=language)


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        (SATO, "佐藤様"),
        (Named(display_name="田中 太郎"), "田中 太郎様"),
        (Named(), "お客様"),
        (Named(given_name="花子"), "お客様"),
    ],
)
def test_a_name_that_is_unknown_becomes_okyakusama_once(named: Named, expected: str) -> None:
    assert fill("{{顧客.姓}}様", named=named) == expected
    assert fill("{{ 顧客.姓 }} 様", named=named).replace(" ", "") == expected.replace(" ", "")


def test_english_greets_a_customer() -> None:
    assert fill("Dear {{顧客.名}},", named=Named(), language="en") == "Dear customer,"
    assert fill("Dear {{顧客.氏名}},", language="en") == "Dear 佐藤 花子,"


def test_a_missing_value_is_a_refusal_and_never_a_hole() -> None:
    with pytest.raises(MissingValue) as missing:
        fill("番号：{{クーポン.コード}}")
    assert missing.value.field == "クーポン.コード"


def test_the_company_has_a_stand_in() -> None:
    assert fill("{{会社.名前}}です") == "当店です"


@pytest.mark.parametrize("text", ["{{顧客.年齢}}", "{{#if 顧客.姓}}", "{{", "}} だけ", "{{顧客.姓", "{{顧客.姓|safe}}"])
def test_whatever_is_no_field_is_refused_when_it_is_saved(text: str) -> None:
    with pytest.raises(UnknownField):
        check_fields(texts={"mail": text})


@given(st.text(max_size=60))
def test_no_value_is_ever_filled_in_again(value: str) -> None:
    named = Named(family_name="{{クーポン.コード}}")
    filled = merge(text="{{顧客.姓}}", values={"クーポン.コード": "SECRET"}, named=named, language="ja")
    assert filled == "{{クーポン.コード}}"
    if value:
        assert (
            merge(text="[{{クーポン.コード}}]", values={"クーポン.コード": value}, named=SATO, language="ja")
            == f"[{value}]"
        )


@given(st.text(max_size=200))
def test_html_holds_no_tag_that_a_value_brought(text: str) -> None:
    marked = as_html(text=text + "<script>alert(1)</script>\"' & <b>")
    assert "<script" not in marked
    assert "<b>" not in marked


def test_addresses_become_links_and_stay_escaped() -> None:
    assert '<a href="https://example.jp/s/a?x=1&amp;y=2">' in as_html(text="https://example.jp/s/a?x=1&y=2。")
    assert 'onmouseover="' not in as_html(text='https://example.jp/"onmouseover="x')


def test_a_line_break_in_a_name_cannot_write_a_mail_header() -> None:
    body = Body("mail", "ja", "{{顧客.姓}}様へ", "本文")
    rendered = render(
        body=body, channel="mail", purpose="service", values={}, named=Named(family_name="佐藤\r\nBcc: all@example.jp"),
        sender=SenderLines(), opt_out="",
    )  # fmt: skip
    assert "\n" not in rendered.subject
    assert "\r" not in rendered.subject
    assert one_line(text="a\r\nb\x00c") == "a bc"


def test_line_reads_the_mails_text_but_an_sms_needs_its_own() -> None:
    bodies = [Body("mail", "ja", "件名", "本文"), Body("mail", "en", "Subject", "Text")]
    found = wording(bodies=bodies, channel="line", language="en")
    assert found is not None
    assert found.body == "Text"
    assert wording(bodies=bodies, channel="sms", language="ja") is None


def test_advertising_names_its_sender_and_the_way_out_and_says_it_once() -> None:
    sender = SenderLines(name="きずな堂", address="京都市1-1", contact="075-000-0000")
    plain = Body("mail", "ja", "件名", "本文")
    own = Body("mail", "ja", "件名", "停止：{{配信停止.リンク}}")
    link = "https://example.jp/u/x/"

    def text(body: Body, purpose: str, channel: str = "mail") -> str:
        return render(
            body=body, channel=channel, purpose=purpose, values={}, named=SATO, sender=sender, opt_out=link
        ).text

    for body in (plain, own):
        said = text(body, "marketing")
        assert all(part in said for part in ("きずな堂", "京都市1-1", link))
        assert said.count(link) == 1
    assert link in text(plain, "marketing", "sms")
    assert "京都市" not in text(plain, "service")
