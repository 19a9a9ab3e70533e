"""Whoever is known by LINE alone is served like the others, on the channel they prefer."""

import pytest
from django.db import transaction

from kizuna.act.outreach.operations import accepted, claim
from kizuna.act.practices.models import Enrolment
from kizuna.act.practices.rules.shelf import ReadyPractice, shelf
from kizuna.act.practices.tests.shop import DAY, Shop, adopt, agree, named_sender
from kizuna.customers.people.operations import resolve_people
from kizuna.customers.people.rules import Sighting
from kizuna.listen.surveys.operations import record_answers
from kizuna.listen.surveys.rules import AnswerRecord


@pytest.mark.parametrize("one", [one for one in shelf() if one.templates], ids=lambda one: one.name)
def test_each_letter_has_a_short_wording_for_line_in_both_languages(one: ReadyPractice) -> None:
    for template in one.templates:
        said = template.bodies["line"]
        assert set(said) == {"ja", "en"}
        for language in said:
            assert len(said[language]["body"]) < len(template.bodies["mail"][language]["body"]), template.name


def test_a_practice_that_asks_for_consent_takes_that_of_line_too() -> None:
    asked = [one.flow(language="ja").eligible.channels_consented for one in shelf()]
    assert {channels for channels in asked if channels} == {("mail", "line")}


def test_an_answer_by_line_is_thanked_by_line(shop: Shop) -> None:
    named_sender(shop)
    adopt(shop, "passive_coupon")
    who = Sighting(source="line", observed_at=shop.now, line_id="U" + "1" * 32, family_name="森")
    with transaction.atomic():
        (person,) = resolve_people(sightings=[who], import_id=None, now=shop.now)
    assert person is not None
    agree(shop, person, channel="line")
    answer = AnswerRecord(
        source="form",
        external_id="a1",
        customer=who,
        instrument="nps",
        score=7.0,
        answered_at=shop.now,
        touchpoint="delivery",
        channel="web",
    )
    with transaction.atomic():
        record_answers(answers=[answer], import_id=None, now=shop.now, wake=True)
    shop.react()
    assert Enrolment.objects.count() == 1
    shop.wait(2 * DAY)
    shop.step()
    assert claim(channel="mail", limit=5, lease_seconds=60, now=shop.now) == []
    (sent,) = claim(channel="line", limit=5, lease_seconds=60, now=shop.now)
    accepted(message_id=sent.message_id, provider_id="x", now=shop.now)
    assert "森様" in sent.text
    assert "クーポン番号：" in sent.text
