from datetime import timedelta

import pytest
from django.db import transaction

from kizuna.act.outreach import operations as outreach
from kizuna.act.outreach.models import Message
from kizuna.act.outreach.operations import claim
from kizuna.customers.people import operations as people
from kizuna.customers.people.operations import merge_people
from kizuna.listen.surveys import operations as surveys
from kizuna.prove.improvements import operations as improvements
from kizuna.prove.improvements.models import ImprovementNotice
from kizuna.prove.improvements.operations import NotDoneYet, link_voices, move, tell
from kizuna.prove.improvements.queries import askers_of, export_people, notified
from kizuna.prove.improvements.tests.shop import ACTOR, NOW, heard, person, signed_in, wanted
from kizuna.words import Words

pytestmark = pytest.mark.django_db
NEWS = Words(ja="混雑時は2台目のレジを開けるようにいたしました。", en="")


def done(*answers: int) -> int:
    number = wanted(*answers)
    move(improvement_id=number, state="done", actor=ACTOR, now=NOW)
    return number


def test_each_customer_once_however_often_they_asked_and_the_unknown_are_counted() -> None:
    number = done(heard("hana", "待った"), heard("hana", "また待った"), heard("ken", "長い列"), heard(None, "遅い"))
    asked = askers_of(improvement_id=number)
    assert (len(asked.customers), asked.unknown) == (2, 1)
    told = tell(improvement_id=number, news=NEWS, actor=ACTOR, now=NOW)
    assert (told.planned, told.unknown, told.purpose) == (2, 1, "service")
    assert {one.person_id for one in Message.objects.all()} == {person("hana"), person("ken")}
    again = tell(improvement_id=number, news=NEWS, actor=ACTOR, now=NOW)
    assert (again.planned, again.already) == (0, 2)
    assert Message.objects.count() == 2


def test_a_later_comment_brings_only_its_own_customer() -> None:
    number = done(heard("hana", "待った"))
    tell(improvement_id=number, news=NEWS, actor=ACTOR, now=NOW)
    link_voices(improvement_id=number, answer_ids=[heard("mai", "待つ")], actor=ACTOR, now=NOW)
    new = Words(ja="レジを2台にいたしました。", en="There are two tills now.")
    told = tell(improvement_id=number, news=new, actor=ACTOR, now=NOW)
    assert (told.planned, told.already) == (1, 1)


def test_a_customer_told_under_one_record_is_not_told_again_after_a_merge() -> None:
    number = done(heard("hana", "待った"))
    tell(improvement_id=number, news=NEWS, actor=ACTOR, now=NOW)
    older = person("zoe")
    link_voices(improvement_id=number, answer_ids=[heard("zoe", "待つ")], actor=ACTOR, now=NOW)
    merge_people(person_ids=[person("hana"), older], actor=ACTOR, now=NOW)
    assert tell(improvement_id=number, news=NEWS, actor=ACTOR, now=NOW).planned == 0


def test_the_gate_decides_and_its_reason_is_shown() -> None:
    number = done(heard("hana", "待った"), heard("ken", "長い列"))
    sale = Words(ja="レジを増やしました。いまなら割引クーポンをプレゼント中です。", en="")
    told = tell(improvement_id=number, news=sale, actor=ACTOR, now=NOW)
    assert told.purpose == "marketing"  # one sales phrase makes advertising of it
    assert claim(channel="mail", limit=10, lease_seconds=60, now=NOW + timedelta(minutes=1)) == []
    found = notified(improvement_id=number)
    assert found.reached == 0
    assert found.waiting + len(found.not_reached) == 2
    assert all(words.ja for words, _ in found.why)


def test_a_sales_phrase_is_shown_to_be_advertising_before_anybody_is_told() -> None:
    number = done(heard("hana", "待った"))
    client = signed_in("manager")
    page = client.get(f"/improvements/{number}/").content.decode()
    assert "以前お寄せいただいたお声をもとに" in page  # the whole mail, not its middle alone
    sale = {"news_ja": "レジを増やしました。いまなら割引クーポンをプレゼント中です。", "news_en": ""}
    asked = client.post(f"/improvements/{number}/tell/", sale)
    assert asked.status_code == 409
    page = asked.content.decode()
    assert "まだお知らせしていません" in page
    assert "広告としてお知らせする" in page
    assert sale["news_ja"] in page
    assert not Message.objects.exists()
    assert client.post(f"/improvements/{number}/tell/", sale | {"as_advertising": "on"}).status_code == 302
    assert Message.objects.count() == 1
    assert f"/messages/?template=improvement-{number}" in client.get(f"/improvements/{number}/").content.decode()


def test_an_answer_without_a_sales_phrase_goes_at_the_first_word() -> None:
    number = done(heard("hana", "待った"))
    assert signed_in("manager").post(f"/improvements/{number}/tell/", {"news_ja": NEWS.ja}).status_code == 302
    assert Message.objects.count() == 1


def test_nothing_is_told_before_it_is_done() -> None:
    with pytest.raises(NotDoneYet):
        tell(improvement_id=wanted(heard("hana", "待った")), news=NEWS, actor=ACTOR, now=NOW)


def test_whom_it_told_is_disclosed_and_erased() -> None:
    number = done(heard("hana", "待った"))
    tell(improvement_id=number, news=NEWS, actor=ACTOR, now=NOW)
    hana = person("hana")
    assert "レジを2台にする" in str(export_people(person_ids=[hana])["改善のお知らせ"])
    with transaction.atomic():
        for room in (improvements, outreach, surveys, people):
            room.erase_people(root_id=hana, now=NOW)
    assert not ImprovementNotice.objects.exists()
    assert askers_of(improvement_id=number).unknown == 1
    assert tell(improvement_id=number, news=NEWS, actor=ACTOR, now=NOW).planned == 0
