"""Pure rules with the words they are about; they never stop anything."""

import pytest

from kizuna.act.outreach.rules import Body
from kizuna.act.outreach.rules.polite import hints


def found(text: str, *, subject: str = "お知らせ", channel: str = "mail", language: str = "ja") -> dict[str, str]:
    return {
        hint.slug: hint.excerpt
        for hint in hints(bodies=[Body(channel, language, subject, f"いつもありがとうございます。\n{text}")])
    }


@pytest.mark.parametrize(
    ("text", "slug", "excerpt"),
    [
        ("{{顧客.姓}}、お元気ですか。", "sama", "{{顧客.姓}}"),
        ("{{顧客.姓}}さん", "sama", "{{顧客.姓}}さん"),
        ("社長もおっしゃられました。", "double_honorific", "おっしゃられ"),
        ("ぜひご覧になられてください。", "double_honorific", "ご覧になられ"),
        ("新茶が入ったよ。", "casual", "新茶が入ったよ"),
        ("とてもよい品だ。", "casual", "とてもよい品だ"),
        ("ｷｬﾝﾍﾟｰﾝです。", "half_width_kana", "ｷｬﾝﾍﾟｰﾝ"),
        ("㈱きずな堂", "machine_sign", "㈱"),
        ("ぜひどうぞ！！", "shout", "！！"),
        ("了解しました。", "wording", "了解しました"),
    ],
)
def test_a_hint_and_what_it_is_about(text: str, slug: str, excerpt: str) -> None:
    assert found(text)[slug] == excerpt


def test_a_good_letter_has_none() -> None:
    letter = "{{顧客.姓}}様\n\n先日はお買い上げいただき、誠にありがとうございます。\nまたのお越しをお待ちしております。"
    assert found(letter) == {}


def test_a_long_subject_and_a_long_sms_are_counted() -> None:
    assert "long_subject" in found("本文です。", subject="あ" * 31)
    assert "long_subject" not in found("本文です。", subject="あ" * 30)
    assert "long_sms" in found("あ" * 80, channel="sms", subject="")


def test_three_times_sasete_itadaku_is_too_much() -> None:
    text = "送らせていただきます。ご連絡させていただきます。確認させていただきます。"
    assert "humble" in found(text)


def test_english_is_read_too() -> None:
    bodies = [Body("mail", "en", "BIG SALE NOW ON", "We have news!!")]
    assert {hint.slug for hint in hints(bodies=bodies)} == {"capitals", "greeting", "shout"}
