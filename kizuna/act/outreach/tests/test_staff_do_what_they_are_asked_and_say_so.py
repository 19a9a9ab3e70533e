"""Tasks: opened once, seen by their store, overdue in sight, closed with a note, printed as a letter."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from kizuna.act.outreach.models import Task
from kizuna.act.outreach.operations import NoSuchTask, TaskAlreadyClosed, close_task, open_tasks
from kizuna.act.outreach.queries import TaskFilter, tasks
from kizuna.act.outreach.rules import TaskDraft
from kizuna.act.outreach.tests.conftest import NOON, NewPerson
from kizuna.customers.staff.models import User
from kizuna.customers.staff.operations import create_user
from kizuna.customers.stores.operations import describe_store
from kizuna.facts.outbox.models import OutboxEntry


@pytest.fixture
def person(new_person: NewPerson) -> int:
    return new_person(family_name="佐藤", given_name="花子", postcode="6048166", prefecture="京都府", address="1-1")


def ask(person: int, *, key: str = "t", store: str = "kyoto", **more: object) -> int:
    values: dict[str, object] = {
        "kind": "letter",
        "title": "{{顧客.姓}}様へお手紙",
        "body": "拝啓　{{顧客.姓}}様",
        "due_at": NOON,
    }
    with transaction.atomic():
        open_tasks(drafts=[TaskDraft(key=key, person_id=person, store=store, **(values | more))], now=NOON)  # type: ignore[arg-type]
    return Task.objects.get(key=key).pk


def sign_in(role: str, stores: tuple[str, ...] = ()) -> Client:
    for code in stores:
        describe_store(code=code, name=code)
    create_user(email=f"{role}@example.jp", name=role, role=role, stores=list(stores), password="x" * 12, now=NOON)
    client = Client()
    client.force_login(User.objects.get(email=f"{role}@example.jp"))
    return client


def test_the_same_key_opens_one_task(person: int) -> None:
    ask(person)
    ask(person)
    assert Task.objects.count() == 1
    assert OutboxEntry.objects.filter(fact_type="TaskOpened").count() == 1


def test_the_customers_name_enters_only_when_it_is_shown(person: int) -> None:
    ask(person)
    assert "佐藤" not in Task.objects.get().title + Task.objects.get().body
    (card,) = tasks(wanted=TaskFilter(), now=NOON).tasks
    assert (card.title, card.body) == ("佐藤様へお手紙", "拝啓　佐藤様")


def test_a_store_sees_and_closes_its_own_only(person: int) -> None:
    mine, theirs = ask(person), ask(person, key="o", store="osaka")
    client = sign_in("store_staff", stores=("kyoto",))
    assert client.get(f"/tasks/{mine}/").status_code == 200
    for path in (f"/tasks/{theirs}/", f"/tasks/{theirs}/print/"):
        assert client.get(path).status_code == 404
    assert client.post(f"/tasks/{theirs}/", {"act": "done"}).status_code == 404
    with pytest.raises(NoSuchTask):
        close_task(task_id=theirs, done=True, note="", actor="a", now=NOON, stores=frozenset({"kyoto"}))
    page = client.get("/tasks/").content.decode()
    assert page.count("様へお手紙") == 1


def test_what_is_overdue_is_first_and_marked(person: int) -> None:
    now = timezone.now()
    ask(person, key="later", due_at=now + timedelta(days=3))
    ask(person, key="late", due_at=now - timedelta(days=1))
    found = tasks(wanted=TaskFilter(), now=now)
    assert [card.overdue for card in found.tasks] == [True, False]
    assert (found.open_count, found.overdue_count) == (2, 1)
    assert "期限を過ぎたタスクが 1 件" in sign_in("agent").get("/tasks/").content.decode()


@pytest.mark.parametrize(("act", "state"), [("done", "done"), ("drop", "dropped")])
def test_closing_keeps_the_note_and_tells_once(act: str, state: str, person: int) -> None:
    task = ask(person)
    client = sign_in("agent")
    assert client.post(f"/tasks/{task}/", {"act": act, "note": "お電話しました"}).status_code == 302
    row = Task.objects.get()
    assert (row.state, row.note) == (state, "お電話しました")
    assert client.post(f"/tasks/{task}/", {"act": act}).status_code == 409
    with pytest.raises(TaskAlreadyClosed):
        close_task(task_id=task, done=True, note="", actor="a", now=NOON)
    assert OutboxEntry.objects.filter(fact_type="TaskClosed").count() == 1
    assert "お電話しました" in client.get(f"/tasks/{task}/").content.decode()


def test_the_letter_is_printed_with_address_and_draft(person: int) -> None:
    page = sign_in("agent").get(f"/tasks/{ask(person)}/print/").content.decode()
    assert all(part in page for part in ("604-8166", "京都府", "佐藤 花子 様", "拝啓　佐藤様"))
