"""特定電子メール法 and ステマ規制, asked at publishing; the decision is kept with the version."""

import pytest

from kizuna.act.outreach.models import Template, TemplateVersion
from kizuna.act.outreach.operations import (
    claim,
    describe_sender,
    ensure_template,
    publish_template,
    save_template,
)
from kizuna.act.outreach.queries import render_preview, template
from kizuna.act.outreach.rules import Body, UnknownField
from kizuna.act.outreach.rules.law import AgainstTheLaw, asks_for_review, check_law
from kizuna.act.outreach.rules.wording import SenderLines
from kizuna.act.outreach.tests.conftest import NOON, NewPerson, draft, plan
from kizuna.words import Words

SENDER = SenderLines(name="きずな堂", address="京都市1-1")
TITLE = Words(ja="案内", en="Notice")


def stops(text: str, *, purpose: str = "service", channel: str = "mail", sender: SenderLines = SENDER) -> set[str]:
    body = Body(channel, "ja", "お知らせ", text)
    return {one.slug for one in check_law(purpose=purpose, bodies=[body], sender=sender) if one.level == "stop"}


@pytest.mark.parametrize(
    "text",
    [
        "本日よりセールです",
        "２０％ＯＦＦ",
        "次回使えるクーポン",
        "送料無料でお届け",
        "新商品が入りました",
        "ポイント5倍",
        "Shop now",
        "Get a discount",
    ],
)
def test_a_sales_phrase_makes_a_service_message_advertising(text: str) -> None:
    assert stops(text) == {"sales_in_service"}
    assert stops(text, purpose="survey") == {"sales_in_service"}
    assert stops(text, purpose="marketing") == set()


@pytest.mark.parametrize(
    "text",
    [
        "ご注文の品をお届けしました。不足や傷はございませんか。",
        "お届けが遅れ、申し訳ございません。",
        "Your order has left our warehouse. Please sign off on delivery.",
    ],
)
def test_ordinary_service_messages_pass(text: str) -> None:
    assert stops(text) == set()


def test_line_is_not_under_the_mail_law() -> None:
    assert stops("セールのお知らせ", channel="line") == set()


def test_advertising_without_a_sender_is_stopped() -> None:
    assert stops("お知らせ", purpose="marketing", sender=SenderLines(name="きずな堂")) == {"sender_missing"}
    assert stops("お知らせ", purpose="marketing", channel="sms", sender=SenderLines()) == {"sender_missing"}


@pytest.mark.parametrize(
    ("text", "slugs"),
    [
        ("レビューで★5をお願いします", {"review_score"}),
        ("ご満足いただけた方のみ、口コミの投稿をお願いします", {"review_score"}),
        ("レビューを書くとプレゼントを進呈", {"review_reward"}),
        ("Leave a five-star review", {"review_score"}),
        ("レビューのご投稿をお願いします", set()),
        ("評価の内容にかかわらず、レビューをくださった方に粗品を進呈します", set()),
    ],
)
def test_a_review_may_not_be_bought_or_chosen(text: str, slugs: set[str]) -> None:
    assert stops(text, purpose="marketing") == slugs


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("レビューのお願い", True),
        ("ﾚﾋﾞｭｰをお書きください", True),
        ("口コミをご投稿いただけますと幸いです", True),
        ("Would you leave us a review?", True),
        ("お礼", False),
        ("レビューをご投稿いただき、誠にありがとうございます。", False),
        ("Thank you for your review.", False),
        ("レビューをご投稿いただき、ありがとうございます。ほかのサイトへの口コミもお待ちしております。", True),
        ("Thank you for your review. Please post a review elsewhere too.", True),
    ],
)
def test_who_asks_for_reviews_is_known(text: str, asks: bool) -> None:
    assert asks_for_review(bodies=[Body("mail", "ja", "", text)]) is asks


def save(text: str, *, purpose: str = "service", name: str = "notice") -> int:
    return save_template(
        name=name, title=TITLE, purpose=purpose, bodies=[Body("mail", "ja", "お知らせ", text)], actor="a", now=NOON
    )


@pytest.mark.django_db
def test_a_draft_is_kept_but_not_published_against_the_law() -> None:
    assert save("セールです") == 1
    with pytest.raises(AgainstTheLaw) as stopped:
        publish_template(name="notice", actor="a", now=NOON)
    assert "特定電子メール法" in stopped.value.words.ja
    assert Template.objects.get().published == 0


@pytest.mark.django_db
def test_publishing_keeps_what_the_check_said() -> None:
    describe_sender(name="きずな堂", address="京都市1-1", actor="a", now=NOON)
    save("お得なお知らせ", purpose="marketing")
    assert [one.slug for one in publish_template(name="notice", actor="a", now=NOON)] == ["footer"]
    version = TemplateVersion.objects.get()
    assert "footer" in version.findings
    assert version.published_by == "a"


@pytest.mark.django_db
def test_the_version_in_use_stays_until_the_next_is_published(new_person: NewPerson) -> None:
    save("はじめの文面です。")
    publish_template(name="notice", actor="a", now=NOON)
    assert save("次の文面です。") == 2
    assert save("次の文面です。") == 2
    person = new_person()
    plan(draft(person, key="a", template="notice"))
    assert claim(channel="mail", limit=1, lease_seconds=60, now=NOON)[0].text == "はじめの文面です。"
    publish_template(name="notice", actor="a", now=NOON)
    plan(draft(person, key="b", template="notice"))
    assert claim(channel="mail", limit=1, lease_seconds=60, now=NOON)[0].text == "次の文面です。"
    card, versions = template(name="notice")
    assert (card.published, card.latest, len(versions)) == (2, 2, 2)


@pytest.mark.django_db
def test_what_is_not_published_waits(new_person: NewPerson) -> None:
    save("下書きです。")
    plan(draft(new_person(), key="a", template="notice"))
    assert claim(channel="mail", limit=1, lease_seconds=60, now=NOON) == []


@pytest.mark.django_db
def test_a_ready_template_comes_once_and_the_shops_own_words_stay() -> None:
    def ensure(text: str) -> None:
        ensure_template(
            name="notice", title=TITLE, purpose="service", bodies=[Body("mail", "ja", "件名", text)], now=NOON
        )

    ensure("ひな形です。")
    save("お店の言葉です。")
    publish_template(name="notice", actor="a", now=NOON)
    ensure("ひな形です。")
    shown = render_preview(template="notice", person_id=None, language="ja")
    assert shown is not None
    assert shown.text.startswith("お店の言葉です。")
    with pytest.raises(AgainstTheLaw):
        ensure_template(
            name="bad", title=TITLE, purpose="service", bodies=[Body("mail", "ja", "件名", "セール")], now=NOON
        )


@pytest.mark.django_db
def test_an_unknown_field_is_refused_at_once() -> None:
    with pytest.raises(UnknownField):
        save("{{顧客.年収}}")


@pytest.mark.django_db
def test_the_preview_is_the_customers_own(new_person: NewPerson) -> None:
    save("{{顧客.姓}}様\n{{クーポン.コード}}")
    person = new_person(family_name="佐藤")
    shown = render_preview(template="notice", person_id=person, language="ja")
    assert shown is not None
    assert shown.text.startswith("佐藤様\nTHX-")
    nobody = render_preview(template="notice", person_id=None, language="ja")
    assert nobody is not None
    assert nobody.text.startswith("お客様\n")
    assert render_preview(template="notice", person_id=person, channel="sms") is None
