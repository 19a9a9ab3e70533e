"""The shelf: each ready practice works as it is, lawfully and politely, and is told in both languages."""

import re
from datetime import UTC, datetime

import pytest
from django.test import Client

from kizuna.act.offers.queries import offers
from kizuna.act.outreach.queries import templates
from kizuna.act.outreach.rules.polite import hints
from kizuna.act.outreach.rules.wording import Body
from kizuna.act.practices.models import Practice
from kizuna.act.practices.operations import PracticeExists, adopt_ready, end, start
from kizuna.act.practices.queries import practice, practices
from kizuna.act.practices.rules.check import problems
from kizuna.act.practices.rules.flow import Coupon, Send, Survey
from kizuna.act.practices.rules.outline import Line, outline
from kizuna.act.practices.rules.shelf import FOLDER, ORDER, NotOnTheShelf, ReadyPractice, ready, shelf
from kizuna.act.practices.rules.tries import try_of
from kizuna.act.practices.rules.wording import eligible_words, node_words, trigger_words
from kizuna.customers.staff.models import User
from kizuna.customers.staff.operations import create_user
from kizuna.customers.staff.rules import Role

NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龥]")


def test_the_shelf_holds_every_file_once() -> None:
    assert sorted(ORDER) == sorted(path.stem for path in FOLDER.glob("*.yaml"))
    assert len(set(ORDER)) == len(ORDER) >= 12


@pytest.mark.parametrize("one", shelf(), ids=lambda one: one.name)
def test_its_flow_works_and_names_only_what_comes_with_it(one: ReadyPractice) -> None:
    flow = one.flow(language="ja")
    assert problems(flow=flow) == ()
    assert {node.template for node in flow.nodes.values() if isinstance(node, Send | Survey)} <= {
        template.name for template in one.templates
    }
    assert {node.offer for node in flow.nodes.values() if isinstance(node, Coupon)} <= {o.name for o in one.offers}


@pytest.mark.parametrize("one", shelf(), ids=lambda one: one.name)
def test_its_letters_are_polite(one: ReadyPractice) -> None:
    for template in one.templates:
        bodies = [
            Body(channel, language, said.get("subject", ""), said["body"])
            for channel, languages in template.bodies.items()
            for language, said in languages.items()
        ]
        assert {body.language for body in bodies if body.channel == "mail"} == {"ja", "en"}
        assert hints(bodies=bodies, purpose=template.purpose) == ()


@pytest.mark.parametrize("one", shelf(), ids=lambda one: one.name)
def test_it_is_told_in_both_languages(one: ReadyPractice) -> None:
    flow = one.flow(language="en")
    said = [trigger_words(trigger=flow.trigger), *eligible_words(eligible=flow.eligible)]
    said += [node_words(node=node) for node in flow.nodes.values()]
    for words in (one.title, one.summary, *said):
        assert JAPANESE.search(words.ja), words
        assert words.en
        assert not JAPANESE.search(words.en), words


def test_a_branch_is_read_with_both_its_ways() -> None:
    flow = ready(name="second_purchase_nudge").flow(language="ja")

    def kinds(lines: tuple[Line, ...]) -> list[object]:
        return [(line.kind, kinds(line.yes), kinds(line.no)) if line.yes or line.no else line.kind for line in lines]

    assert kinds(outline(flow=flow, first="s1", names={})) == ["wait", ("branch", ["end"], ["send", "end"])]


@pytest.mark.django_db
def test_taking_all_of_them_brings_texts_and_coupons_and_each_starts() -> None:
    for name in ORDER:
        adopt_ready(name=name, language="ja", actor="user:1", now=NOW)
        assert practice(name=name).card.state == "draft"
        start(practice=name, actor="user:1", now=NOW)
    assert {one.name for one in practices()} == set(ORDER)
    assert {one.name for one in templates()} == {template.name for one in shelf() for template in one.templates}
    assert {one.state for one in offers()} == {"published"}


@pytest.mark.django_db
def test_one_is_taken_once_and_an_unknown_one_not_at_all() -> None:
    adopt_ready(name="birthday_perk", language="ja", actor="user:1", now=NOW)
    with pytest.raises(PracticeExists):
        adopt_ready(name="birthday_perk", language="ja", actor="user:1", now=NOW)
    with pytest.raises(NotOnTheShelf):
        adopt_ready(name="../flow", language="ja", actor="user:1", now=NOW)


@pytest.mark.django_db
def test_one_that_has_ended_is_tried_again_under_a_number_with_lots_of_its_own() -> None:
    def take() -> str:
        return adopt_ready(name="birthday_perk", language="ja", actor="user:1", now=NOW)

    assert take() == "birthday_perk"
    end(practice="birthday_perk", actor="user:1", now=NOW)
    assert take() == "birthday_perk-2"
    with pytest.raises(PracticeExists):
        take()
    end(practice="birthday_perk-2", actor="user:1", now=NOW)
    assert take() == "birthday_perk-3"
    assert practice(name="birthday_perk-3").card.title.ja == "お誕生日の特典（3回目）"
    salts = Practice.objects.values_list("salt", flat=True)
    assert len(set(salts)) == len(salts) == 3


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("thanks", ("thanks", 1)),
        ("thanks-12", ("thanks", 12)),
        ("thank-you", ("thank-you", 1)),
        ("follow_up_3_days", ("follow_up_3_days", 1)),
        ("thanks-0", ("thanks-0", 1)),
        ("-2", ("-2", 1)),
    ],
)
def test_a_further_try_is_known_by_its_number(name: str, told: tuple[str, int]) -> None:
    assert try_of(name=name) == told


@pytest.mark.django_db
def test_the_shelf_offers_another_try_once_the_last_has_ended(client: Client) -> None:
    pk = create_user(
        email="o@example.jp", name="o", role=Role.OWNER, stores=[], password="0k-long-enough-9", now=NOW, actor="test"
    )
    client.force_login(User.objects.get(pk=pk))
    client.post("/practices/ready/birthday_perk/")
    assert "もう一度試す" not in client.get("/practices/ready/").content.decode()
    end(practice="birthday_perk", actor="user:1", now=NOW)
    assert "もう一度試す" in client.get("/practices/ready/").content.decode()
    answer = client.post("/practices/ready/birthday_perk/")
    assert answer.headers["Location"] == "/practices/birthday_perk-2/"
