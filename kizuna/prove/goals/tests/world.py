"""A shop whose answers come month by month, and staff who set goals."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import count

from django.db import transaction
from django.test import Client

from kizuna.customers.staff.models import User
from kizuna.customers.staff.operations import create_user
from kizuna.customers.staff.rules import Role
from kizuna.customers.stores.operations import describe_store
from kizuna.facts.catalogue import Fact, SurveyAnswered
from kizuna.facts.outbox.operations import publish
from kizuna.prove.goals.rules import GoalDraft
from kizuna.stats.estimate import Estimate
from kizuna.understand.metrics.operations import catch_up

NOW = datetime(2026, 7, 10, 3, 0, tzinfo=UTC)
DUE = date(2026, 12, 1)
_ids = count(1)


def months(store: str, promoters: Sequence[int], *, last: date = date(2026, 6, 1), each: int = 100) -> Iterator[Fact]:
    """Each month so many promoters of ``each`` answers, the rest detractors; the last number is the last month's."""
    for back, happy in enumerate(reversed(promoters)):
        index = last.year * 12 + last.month - 1 - back
        first = datetime(index // 12, index % 12 + 1, 1, 3, 0, tzinfo=UTC)
        for number in range(each):
            yield SurveyAnswered(
                occurred_at=first + timedelta(days=number % 28),
                person_id=None,
                answer_id=next(_ids),
                instrument="nps",
                score=10 if number < happy else 3,
                store=store,
            )


def told(*facts: Fact, now: datetime = NOW) -> None:
    """Publish and bring everything up to date."""
    with transaction.atomic():
        publish(facts=facts, now=now, wake=False)
    catch_up(now=now)


def goal(**more: object) -> GoalDraft:
    """A goal of a store's NPS."""
    said: dict[str, object] = {
        "title": "名古屋店のNPSを上げる",
        "level": "store",
        "metric": "nps",
        "target": 40.0,
        "due_month": DUE,
        "store": "nagoya",
        "why": "接客を立て直すため",
    }
    return GoalDraft(**(said | more))  # type: ignore[arg-type]


def staff(role: str, *, store: str = "") -> User:
    """A member of staff."""
    with transaction.atomic():
        for code in {"nagoya", "kyoto", store} - {""}:
            describe_store(code=code, name=f"{code}店", kind="shop")
    number = create_user(
        email=f"{role}{next(_ids)}@example.jp",
        name=f"{role}さん",
        role=Role(role),
        stores=[store] if store else [],
        password="0k-long-enough-9",
        actor="test",
        now=NOW,
    )
    return User.objects.get(pk=number)


def browser(user: User) -> Client:
    """Signed in."""
    client = Client()
    client.force_login(user)
    return client


def month(value: float, *, half: float = 2.0) -> Estimate:
    """What one month measured."""
    return Estimate(
        value=value,
        low=value - half,
        high=value + half,
        level=0.95,
        n=100,
        unit="points",
        method="",
        as_of=datetime(2026, 7, 1, tzinfo=UTC),
    )
