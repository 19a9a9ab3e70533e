"""What staff may paste into the pages of messages and tasks: each oddity is told at its place, and kept."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client, override_settings

from kizuna.act.outreach.models import Message, SentCopy, Task, Template
from kizuna.act.outreach.operations import accepted, open_tasks
from kizuna.act.outreach.rules import TaskDraft
from kizuna.act.outreach.rules.links import unsubscribe_url
from kizuna.act.outreach.tests.conftest import NOON, NewPerson, draft, plan, take

NEW = "/messages/templates/new/"


def _form(**more: str) -> dict[str, str]:
    return {
        "name": "hello", "title_ja": "ご挨拶", "title_en": "", "purpose": "service",
        "subject_mail_ja": "ご挨拶", "body_mail_ja": "いつもありがとうございます。",
    } | more  # fmt: skip


@pytest.mark.parametrize(
    ("field", "text", "ja", "en"),
    [
        ("body_mail_ja", "前略 {{顧客.姓様", "対になっていません。「前略 {{顧客.姓様」", "do not match"),
        ("body_sms_ja", "顧客.姓}} 様", "対になっていません", "do not match"),
        ("body_line_en", "{{顧客.年}}", "使えない差し込み項目があります: {{顧客.年}}", "do not exist"),
        ("body_mail_ja", "あ" * 300_000, "20000", "20000"),
        ("subject_mail_ja", "件" * 201, "200", "200"),
        ("name", "挨拶", "半角の英数字", "Letters, digits"),
    ],
)
def test_it_is_told_at_the_field_in_both_languages(
    field: str, text: str, ja: str, en: str, desk: Client, db: None
) -> None:
    for language, told in (("ja", ja), ("en", en)):
        desk.cookies["django_language"] = language
        answer = desk.post(NEW, _form(**{field: text}))
        assert told in str(answer.context["form"].errors[field]), (language, answer.context["form"].errors)
        # What was written is in the form again, every sign of it.
        assert answer.context["form"][field].value() == text
    assert not Template.objects.exists()


def test_pictures_of_several_signs_go_through_whole(desk: Client) -> None:
    text = "ご家族で 👨‍👩‍👧‍👦🍵 ﾊﾝｶｸ 𠮷野家"
    assert desk.post(NEW, _form(body_mail_ja=text)).status_code == 302
    assert text in desk.get("/messages/templates/hello/").content.decode()


def test_a_sign_no_text_holds_and_a_flood_are_refused_with_a_page(desk: Client) -> None:
    assert desk.post(NEW, _form(body_mail_ja="a\0b")).status_code == 400
    assert desk.post(NEW, _form(body_mail_ja="あ" * 1_000_000)).status_code == 400
    assert not Template.objects.exists()


def test_a_note_too_long_for_its_field_is_shown_again_and_the_task_stays_open(
    desk: Client, new_person: NewPerson
) -> None:
    with transaction.atomic():
        asked = TaskDraft(key="t", person_id=new_person(), kind="call", title="お電話", due_at=NOON)
        open_tasks(drafts=[asked], now=NOON)
    task = Task.objects.get()
    note = "お" * 5001
    page = desk.post(f"/tasks/{task.pk}/", {"act": "done", "note": note})
    assert note in page.content.decode()
    assert "5000" in str(page.context["form"].errors)
    assert Task.objects.get().state == "open"
    desk.post(f"/tasks/{task.pk}/", {"act": "done", "note": note[:5000]})
    assert (Task.objects.get().state, len(Task.objects.get().note)) == ("done", 5000)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("day_from=令和8年11月1日", "読み取れなかった"),
        ("day_to=0001-13-01", "読み取れなかった"),
        ("day_from=2026-11-02&day_to=2026-11-01", "後の日になっています"),
    ],
)
def test_a_day_that_makes_no_sense_is_told(asked: str, told: str, desk: Client) -> None:
    assert told in desk.get(f"/messages/?{asked}").content.decode()
    assert told not in desk.get("/messages/?day_from=2026-11-01&day_to=2026-11-01").content.decode()


def test_very_long_values_arrive_whole_in_a_mail(new_person: NewPerson, templates: None) -> None:
    person = new_person(family_name="寿限無" * 40)
    plan(draft(person, key="k", due_at=NOON))
    (found,) = take()
    assert "寿限無" * 40 in found.text
    assert "寿限無" * 40 in found.subject


def test_the_link_of_another_company_stops_nothing(new_person: NewPerson, templates: None) -> None:
    plan(draft(new_person(), key="k"))
    (one,) = take()
    accepted(message_id=one.message_id, provider_id="x", now=NOON + timedelta(seconds=1))
    with override_settings(SECRET_KEY="another company's key"):
        theirs = unsubscribe_url(message_id=one.message_id)
    assert unsubscribe_url(message_id=one.message_id) != theirs
    path = theirs[theirs.index("/u/") :]
    for language, told in (("ja", "リンクを確認できません"), ("en", "could not find this link")):
        answer = Client().post(path, {"lang": language})
        assert (answer.status_code, told in answer.content.decode()) == (404, True)
    assert Message.objects.get().state == "sent"
    assert SentCopy.objects.count() == 1
