"""A shop that hears its customers: their answers, staff, and how a page is opened."""

from datetime import UTC, datetime, timedelta
from itertools import count

from django.db import transaction
from django.test import Client

from kizuna.customers.people.operations import resolve_people
from kizuna.customers.people.rules import Sighting
from kizuna.customers.staff.models import User
from kizuna.customers.staff.operations import create_user
from kizuna.customers.staff.rules import Role
from kizuna.customers.stores.operations import describe_store
from kizuna.listen.surveys.models import Answer
from kizuna.listen.surveys.operations import record_answers
from kizuna.listen.surveys.rules import AnswerRecord
from kizuna.prove.improvements.operations import open_improvement
from kizuna.prove.improvements.rules import Draft

NOW = datetime(2026, 6, 10, 3, 0, tzinfo=UTC)
ACTOR = "user:1"
_ids = count(1)


def heard(account: str | None, comment: str, *, store: str = "honten", score: float = 3) -> int:
    """The number of an answer by this account; None is somebody unknown."""
    who = None
    if account is not None:
        who = Sighting(
            source="shop", observed_at=NOW, account_id=account, email=f"{account}@example.jp", family_name="山田"
        )
    number = f"a{next(_ids)}"
    said = AnswerRecord(
        source="shop",
        external_id=number,
        customer=who,
        instrument="nps",
        score=score,
        answered_at=NOW - timedelta(days=20),
        store=store,
        comment=comment,
    )
    with transaction.atomic():
        record_answers(answers=[said], import_id=None, now=NOW, wake=False)
    return int(Answer.objects.get(external_id=number).pk)


def person(account: str) -> int:
    """The record of an account."""
    who = Sighting(source="shop", observed_at=NOW, account_id=account)
    with transaction.atomic():
        (found,) = resolve_people(sightings=[who], import_id=None, now=NOW)
    assert found is not None
    return found


def wanted(*answers: int, stores: tuple[str, ...] = (), **more: str) -> int:
    """An improvement that these answers ask for."""
    draft = Draft(title="レジを2台にする", change="混雑時は2台目のレジを開けます。", stores=stores, **more)  # type: ignore[arg-type]
    return open_improvement(draft=draft, answer_ids=answers, actor=ACTOR, now=NOW)


def stores(*codes: str) -> None:
    """Shops of these codes."""
    with transaction.atomic():
        for code in codes:
            describe_store(code=code, name=f"{code}店", kind="shop")


def signed_in(role: str, *, store: str = "") -> Client:
    """A browser of a member of staff."""
    number = create_user(
        email=f"{role}{next(_ids)}@example.jp",
        name=f"{role}さん",
        role=Role(role),
        stores=[store] if store else [],
        password="0k-long-enough-9",
        actor="test",
        now=NOW,
    )
    browser = Client()
    browser.force_login(User.objects.get(pk=number))
    return browser
