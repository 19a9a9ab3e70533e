"""Disclosure names everything; erasure leaves numbers and a stop that nobody can read back."""

import msgspec
import pytest
from django.db import transaction

from kizuna.act.outreach.models import Message, SentCopy, Suppression, Task
from kizuna.act.outreach.operations import (
    accepted,
    bounced,
    claim,
    close_task,
    erase_people,
    note_liking,
    open_tasks,
)
from kizuna.act.outreach.queries import counts, export_people
from kizuna.act.outreach.rules import TaskDraft
from kizuna.act.outreach.tests.conftest import NOON, NewPerson, draft, plan
from kizuna.customers.people import operations as people


@pytest.fixture
def person(new_person: NewPerson, templates: None, coupon: None) -> int:
    """佐藤 with a mail that came back, a coupon on its way and a task done."""
    who = new_person(family_name="佐藤")
    plan(draft(who, key="a", practice="p"))
    (sendable,) = claim(channel="mail", limit=1, lease_seconds=60, now=NOON)
    accepted(message_id=sendable.message_id, provider_id="<p@x>", now=NOON)
    bounced(message_id=sendable.message_id, permanent=True, why="gone", now=NOON)
    plan(draft(who, key="b", template="coupon", values={"クーポン.コード": "SECRET-1"}))
    note_liking(person_id=who, channel="sms", language="en", now=NOON)
    with transaction.atomic():
        open_tasks(drafts=[TaskDraft(key="t", person_id=who, kind="call", title="電話", due_at=NOON)], now=NOON)
    close_task(task_id=Task.objects.get().pk, done=True, note="秘密の話", actor="a", now=NOON)
    return who


def test_disclosure_names_everything(person: int) -> None:
    told = msgspec.json.encode(export_people(person_ids=[person])).decode()
    assert all(part in told for part in ("c1@example.jp", "佐藤様", "秘密の話", "bounce", "sms"))


def test_erasure_leaves_numbers_only(person: int) -> None:
    before = counts()
    people.erase_people(root_id=person, now=NOON)
    erase_people(root_id=person, now=NOON)
    assert not SentCopy.objects.exists()
    rest = msgspec.json.encode(
        [list(Message.objects.values_list()), list(Task.objects.values_list()), list(Suppression.objects.values_list())]
    ).decode()
    assert not any(part in rest for part in ("SECRET-1", "秘密の話", "c1@example.jp", "佐藤"))
    after = counts()
    assert (after["bounced"], sum(after.values())) == (before["bounced"], sum(before.values()))
    assert after["planned"] == 0
    assert Message.objects.get(key="b").reason == "erased"
    assert Suppression.objects.filter(lifted_at=None).count() == 1


def test_nothing_is_planned_or_noted_about_the_erased_again(person: int) -> None:
    erase_people(root_id=person, now=NOON)
    people.erase_people(root_id=person, now=NOON)
    plan(draft(person, key="c"))
    assert claim(channel="mail", limit=5, lease_seconds=60, now=NOON) == []
    assert Message.objects.get(key="c").reason == "erased"
    note_liking(person_id=person, channel="mail", language="ja", now=NOON)
    assert "希望の連絡方法" in export_people(person_ids=[person])
    assert export_people(person_ids=[person])["希望の連絡方法"] == []
