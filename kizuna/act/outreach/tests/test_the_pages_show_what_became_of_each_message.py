"""Every page with real messages behind it: what it says, how it filters, how often it asks the database."""

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from kizuna.act.outreach.models import Message
from kizuna.act.outreach.operations import accepted, claim, describe_sender, uncertain
from kizuna.act.outreach.queries import settings_in_force, template
from kizuna.act.outreach.tests.conftest import NOON, NewPerson, agree, draft, plan


@pytest.fixture
def sent(new_person: NewPerson, templates: None) -> list[int]:
    """Thirty customers: some written to, some not, one in doubt."""
    describe_sender(name="きずな堂", address="京都市1-1", actor="a", now=NOON)
    people = [new_person(family_name=f"客{number}") for number in range(30)]
    for person in people[:10]:
        agree(person, granted=False, at=NOON)
    plan(*(draft(person, key=f"k{person}", template="news", practice="p") for person in people))
    plan(*(draft(person, key=f"s{person}", due_at=NOON + timedelta(days=400)) for person in people))
    for number, one in enumerate(claim(channel="mail", limit=100, lease_seconds=60, now=NOON)):
        if number:
            accepted(message_id=one.message_id, provider_id="x", now=NOON)
        else:
            uncertain(message_id=one.message_id, why="timeout", now=NOON)
    return people


def pages(people: list[int]) -> list[str]:
    message = Message.objects.filter(state="sent").first()
    assert message is not None
    return [
        *("/messages/", "/messages/?show=not_sent", "/messages/?show=waiting&channel=mail", "/messages/?page=2"),
        *(f"/messages/{message.pk}/", f"/messages/customers/{people[0]}/", "/messages/settings/"),
        *("/messages/templates/", f"/messages/templates/news/?person={people[0]}", "/messages/templates/news/?q=客"),
        *("/messages/templates/news/edit/", "/messages/templates/new/", "/tasks/"),
    ]


def test_each_page_keeps_to_the_budget(
    desk: Client, sent: list[int], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for page in pages(sent):
        with django_assert_max_num_queries(18 if "q=" in page else 12):
            assert desk.get(page).status_code == 200, page


def test_what_was_not_sent_has_its_reason_and_the_figures_add_up(desk: Client, sent: list[int]) -> None:
    page = desk.get("/messages/?show=not_sent")
    assert page.context["found"].count == 10
    assert page.content.decode().count("お客様が配信を拒否しています。") >= 10
    figures = {figure.show: figure.count for figure in page.context["figures"]}
    assert figures == {
        "waiting": 30, "sent": 19, "delivered": 0, "opened": 0, "answered": 0, "back": 0, "not_sent": 10,
    }  # fmt: skip
    assert page.context["beside_messages"].in_doubt == 1
    assert desk.get("/messages/?reason=refused&template=news&purpose=marketing").context["found"].count == 10
    assert desk.get("/messages/?channel=fax&day_from=never&page=x").status_code == 200


def test_an_export_names_numbers_and_no_names(desk: Client, sent: list[int]) -> None:
    answer = desk.get("/messages/export/?format=csv&show=sent")
    text = b"".join(answer).decode("utf-8-sig")
    assert len(text.splitlines()) == 20
    assert "客" not in text.partition("\n")[2]


def test_a_person_settles_and_calls_off_in_the_browser(desk: Client, sent: list[int]) -> None:
    doubtful = Message.objects.get(state="uncertain")
    assert (
        f'action="/settings/channels/settle/{doubtful.pk}/"' in desk.get(f"/messages/{doubtful.pk}/").content.decode()
    )
    desk.post(f"/messages/{doubtful.pk}/", {"act": "sent"})  # settled at one door only, and this is not it
    assert Message.objects.get(pk=doubtful.pk).state == "uncertain"
    settled = desk.post(f"/settings/channels/settle/{doubtful.pk}/", {"outcome": "sent", "back": "message"})
    assert settled.headers["Location"] == f"/messages/{doubtful.pk}/"
    planned = Message.objects.filter(state="planned").first()
    assert planned is not None
    desk.post(f"/messages/{planned.pk}/", {"act": "call_off"})
    assert Message.objects.get(pk=doubtful.pk).state == "sent"
    assert Message.objects.get(pk=planned.pk).reason == "staff"
    assert desk.post(f"/messages/{planned.pk}/", {"act": "call_off"}).status_code == 409


def test_a_template_is_written_seen_and_published_in_the_browser(desk: Client, db: None) -> None:
    given = {
        "name": "hello", "title_ja": "ご挨拶", "title_en": "", "purpose": "service",
        "subject_mail_ja": "ご挨拶", "body_mail_ja": "{{顧客.姓}}様\nいつもありがとうございます。{{顧客.年}}",
    }  # fmt: skip
    refused = desk.post("/messages/templates/new/", given)
    assert "{{顧客.年}}" in refused.context["form"].errors["body_mail_ja"][0]
    given["body_mail_ja"] = "{{顧客.姓}}様\nいつもありがとうございます。本日よりセールです。"
    assert desk.post("/messages/templates/new/", given).status_code == 302
    page = desk.get("/messages/templates/hello/").content.decode()
    assert "公開できません" in page
    assert "この版を公開する" not in page
    desk.post("/messages/templates/hello/publish/")
    assert template(name="hello")[0].published == 0
    given["body_mail_ja"] = "{{顧客.姓}}様\nいつもありがとうございます。"
    desk.post("/messages/templates/hello/edit/", given)
    desk.post("/messages/templates/hello/publish/")
    assert template(name="hello")[0].published == 2
    given["name"] = "hello"
    assert "すでに使われています" in desk.post("/messages/templates/new/", given).content.decode()


def test_the_settings_are_kept(desk: Client, db: None) -> None:
    given = {
        "name": "きずな堂", "address": "京都市1-1", "contact": "", "quiet_from": "20:00", "quiet_until": "10:30",
        "rests_on_holidays": "on", "cap_count": "1", "cap_days": "14",
    }  # fmt: skip
    assert desk.post("/messages/settings/", given).status_code == 302
    kept = settings_in_force()
    assert (kept.hours.quiet_until.minute, kept.hours.rests_on_holidays, kept.cap.days) == (30, True, 14)
    assert desk.post("/messages/settings/", given | {"cap_days": "0"}).status_code == 200


def test_a_wish_is_kept_and_followed(desk: Client, new_person: NewPerson, templates: None) -> None:
    person = new_person(phone="090-1234-5678")
    desk.post(f"/messages/customers/{person}/", {"channel": "sms", "language": "en"})
    plan(draft(person, key="k"))
    assert claim(channel="mail", limit=1, lease_seconds=60, now=NOON) == []
    assert [one.address for one in claim(channel="sms", limit=1, lease_seconds=60, now=NOON)] == ["+819012345678"]


def test_a_mail_tells_that_it_was_opened_only_where_the_company_wants_to_know(
    new_person: NewPerson, templates: None
) -> None:
    plan(draft(new_person(), key="a"))
    (plain,) = claim(channel="mail", limit=1, lease_seconds=60, now=NOON)
    assert "<img" not in plain.html
    describe_sender(name="きずな堂", address="京都市1-1", tracks_opens=True, actor="a", now=NOON)
    plan(draft(new_person(), key="b"))
    (seen,) = claim(channel="mail", limit=1, lease_seconds=60, now=NOON)
    accepted(message_id=seen.message_id, provider_id="x", now=NOON)
    path = "/o/" + seen.html.partition("/o/")[2].partition('"')[0]
    for asked in (path, path, "/o/1.forged.gif"):
        assert Client().get(asked).headers["Content-Type"] == "image/gif"
    assert Message.objects.get(key="b").state == "opened"
    # The picture's signature opens no other door.
    assert Client().post(path.replace("/o/", "/u/").removesuffix(".gif") + "u/").status_code == 404


def test_staff_note_a_refusal_they_were_told(desk: Client, new_person: NewPerson, templates: None) -> None:
    describe_sender(name="きずな堂", address="京都市1-1", actor="a", now=NOON)
    person = new_person()
    assert desk.post(f"/messages/customers/{person}/refuse/", {"channel": "mail"}).status_code == 302
    assert desk.post(f"/messages/customers/{person}/refuse/", {"channel": "fax"}).status_code == 422
    plan(draft(person, key="k", template="news"))
    assert claim(channel="mail", limit=1, lease_seconds=60, now=NOON) == []
    assert Message.objects.get().reason == "refused"
