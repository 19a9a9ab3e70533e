"""The cast of the survey tests: customers with names, records as an import brings them, moments in time."""

from datetime import UTC, datetime

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from kizuna.customers.people.operations import resolve_people
from kizuna.customers.people.rules import Sighting
from kizuna.customers.staff.models import User
from kizuna.customers.staff.operations import create_user
from kizuna.listen.surveys.operations import ensure_standard_surveys, invite
from kizuna.listen.surveys.operations.invite import IssuedInvitation
from kizuna.listen.surveys.queries import survey_id_of

NOW = datetime(2026, 6, 1, 3, 0, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def hanako(db: None) -> int:
    """A customer of the web shop."""
    return person(account_id="hanako", email="hanako@example.jp", display_name="山田 花子")


@pytest.fixture
def link(hanako: int) -> IssuedInvitation:
    """A personal NPS link for Hanako."""
    return issue(person_id=hanako)


@pytest.fixture
def live_link(hanako: int) -> IssuedInvitation:
    """A personal NPS link issued just now, for tests through the browser's door."""
    return issue(person_id=hanako, now=timezone.now())


def person(*, account_id: str, email: str = "", display_name: str = "") -> int:
    sighting = Sighting(source="shop", observed_at=NOW, account_id=account_id, email=email, display_name=display_name)
    with transaction.atomic():
        found = resolve_people(sightings=[sighting], import_id=None, now=NOW)[0]
    assert found is not None
    return found


def issue(*, person_id: int, slug: str = "nps", now: datetime = NOW, locale: str = "ja") -> IssuedInvitation:
    ensure_standard_surveys(now=now)
    return invite(
        survey_id=survey_id_of(slug=slug), person_id=person_id, order_id=None, channel="link", now=now, locale=locale
    )


def token_of(link: IssuedInvitation) -> str:
    return link.url.rpartition("/")[2]


def sign_in(client: Client, role: str, stores: tuple[str, ...] = ()) -> Client:
    """The browser, now of a member of staff."""
    user = create_user(email=f"{role}@example.jp", name="係", role=role, now=timezone.now(), stores=stores)
    client.force_login(User.objects.get(pk=user))
    return client
