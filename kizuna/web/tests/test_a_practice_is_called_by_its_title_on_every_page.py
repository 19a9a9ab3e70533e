"""Messages and tasks know a practice by its short name; people read its title, in their language."""

import pytest
from django.db import transaction
from django.test import Client

from kizuna.act.outreach.models import Message, Task
from kizuna.act.outreach.operations import claim, open_tasks, plan_messages, uncertain
from kizuna.act.outreach.rules import Draft, TaskDraft
from kizuna.act.practices.models import Practice
from kizuna.customers.staff.rules import Role
from kizuna.web.tests.conftest import SignedIn
from kizuna.web.tests.kindness import practise, write, yesterday_noon

JA, EN, SLUG = "お茶のご案内", "A guide to tea", "tea_slug"


@pytest.fixture
def pages(shop: int) -> list[str]:
    """A practice with a message in doubt and a task."""
    noon = yesterday_noon()
    practise(person=shop, name=SLUG, title=JA, held_out=False, now=noon)
    Practice.objects.filter(name=SLUG).update(title_en=EN)
    write(person=shop, now=noon)
    with transaction.atomic():
        draft = Draft(key="p", person_id=shop, channel="mail", template="thanks", practice=SLUG, due_at=noon)
        plan_messages(drafts=[draft], now=noon)
        task = TaskDraft(
            key="t", person_id=shop, kind="call", title="お電話", store="kyoto", due_at=noon, practice=SLUG
        )
        open_tasks(drafts=[task], now=noon)
    for one in claim(channel="mail", limit=1, lease_seconds=60, now=noon):
        uncertain(message_id=one.message_id, why="the line was cut", now=noon)
    message, asked = Message.objects.get(key="p"), Task.objects.get(key="t")
    return [
        *("/messages/", f"/messages/{message.pk}/", "/messages/?show=uncertain", "/tasks/", f"/tasks/{asked.pk}/"),
        *("/settings/channels/", f"/messages/customers/{shop}/", f"/customers/{shop}/"),
    ]


def _shown(client: Client, place: str) -> str:
    """The page without addresses and field values, where the short name belongs."""
    answer = client.get(place)
    assert answer.status_code == 200, place
    page: str = answer.content.decode()
    return page.replace(f'value="{SLUG}"', "").replace(f"/practices/{SLUG}/", "").replace(f"practice={SLUG}", "")


def test_in_the_readers_language(pages: list[str], signed_in: SignedIn) -> None:
    client = signed_in(Role.OWNER)
    for title, language in ((JA, "ja"), (EN, "en")):
        client.post("/language/", {"language": language, "next": "/"})
        for place in pages:
            shown = _shown(client, place)
            assert title in shown, place
            assert SLUG not in shown, place


def test_the_filter_offers_titles(pages: list[str], signed_in: SignedIn) -> None:
    page = signed_in(Role.AGENT).get(f"/messages/?practice={SLUG}").content.decode()
    assert f'<option value="{SLUG}" selected>{JA}</option>' in page


def test_a_practice_nobody_knows_any_more_keeps_its_short_name(pages: list[str], signed_in: SignedIn) -> None:
    Message.objects.filter(key="p").update(practice="gone")
    page = signed_in(Role.OWNER).get(pages[1]).content.decode()
    assert "<dd>gone" in page
