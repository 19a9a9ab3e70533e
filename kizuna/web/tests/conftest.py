"""The cast of the page tests: one member of staff per role, and a small shop with orders, answers and figures."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import transaction
from django.test import Client
from django.utils import timezone

from kizuna.customers.orders.operations import record_orders
from kizuna.customers.orders.rules import LineRecord, OrderRecord, ShipmentRecord
from kizuna.customers.people.queries import find_people
from kizuna.customers.people.rules import Sighting
from kizuna.customers.staff.models import User
from kizuna.customers.staff.operations import create_user
from kizuna.customers.staff.rules import Role
from kizuna.customers.stores.operations import describe_store
from kizuna.facts.lake.operations import write_due
from kizuna.facts.state.operations import advance
from kizuna.listen.surveys.operations import ensure_standard_surveys, record_answers
from kizuna.listen.surveys.rules import AnswerRecord
from kizuna.understand.metrics.operations import refresh
from kizuna.understand.metrics.queries import forget_answers

PASSWORD = "tegami-wo-kaku-2026"
Staff = dict[Role, User]
SignedIn = Callable[[Role], Client]


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, settings: LazySettings) -> None:
    """Each test has a lake of its own, as it has a database of its own."""
    settings.HOME = tmp_path
    settings.LAKE = tmp_path / "lake"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    forget_answers()


@pytest.fixture
def staff(db: None) -> Staff:
    """One user per role; the store staff belong to the Kyoto store."""
    now = timezone.now()
    describe_store(code="kyoto", name="京都店")
    describe_store(code="web", name="オンライン", kind="web")
    for role in Role:
        create_user(
            email=f"{role}@example.jp",
            name=f"{role}さん",
            role=role,
            stores=["kyoto"] if role is Role.STORE_STAFF else [],
            password=PASSWORD,
            now=now,
        )
    return {role: User.objects.get(email=f"{role}@example.jp") for role in Role}


@pytest.fixture
def signed_in(staff: Staff) -> SignedIn:
    """A browser in which the member of staff with this role has signed in."""

    def sign_in(role: Role) -> Client:
        client = Client()
        client.force_login(staff[role])
        return client

    return sign_in


@pytest.fixture
def shop(staff: Staff) -> int:
    """Thirty customers with orders and answers in Kyoto and online; the id of the first of them, 田中 0."""
    now = timezone.now()
    ensure_standard_surveys(now=now)
    orders, answers = [], []
    for number in range(30):
        store = "kyoto" if number % 2 else "web"
        who = Sighting(
            source="shop",
            observed_at=now,
            account_id=f"c{number}",
            email=f"c{number}@example.jp",
            display_name=f"田中 {number}",
        )
        for turn in range(1 + number % 3):
            day = now - timedelta(days=10 + number + 40 * turn)
            line = LineRecord(sku="TEA", name="煎茶", category="お茶", quantity=1, unit_price_yen=1000, amount_yen=1000)
            parcel = ShipmentRecord(
                external_id="1",
                carrier="ねこ便",
                promised_at=day + timedelta(days=2),
                delivered_at=day + timedelta(days=1 + number % 3),
            )
            orders.append(
                OrderRecord(
                    source="shop",
                    external_id=f"o{number}-{turn}",
                    ordered_at=day,
                    customer=who,
                    channel="web",
                    store=store,
                    lines=(line,),
                    subtotal_yen=1000,
                    total_yen=1000,
                    shipments=(parcel,),
                )
            )
        answers.append(
            AnswerRecord(
                source="survey",
                external_id=f"a{number}",
                customer=who,
                instrument="nps",
                score=number % 11,
                answered_at=now - timedelta(days=2 + number % 50),
                touchpoint=("store", "delivery")[number % 2],
                store=store,
                comment=f"声 {number} 090-1234-5678",
            )
        )
    with transaction.atomic():
        record_orders(orders=orders, import_id=None, now=now, wake=False)
        record_answers(answers=answers, import_id=None, now=now, wake=False)
    write_due(now=now, limit=10_000)
    advance(now=now)
    refresh(now=now)
    return find_people(text="c0@example.jp")[0]
