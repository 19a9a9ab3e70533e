"""The shop of the practices' tests."""

from collections.abc import Callable

import pytest
from django.test import Client

from kizuna.act.practices.tests.shop import NOON, Shop
from kizuna.customers.staff.models import User
from kizuna.customers.staff.operations import create_user
from kizuna.customers.staff.rules import Role


@pytest.fixture
def shop(db: None) -> Shop:
    """A shop with one template and the standard surveys."""
    del db
    made = Shop()
    made.template()
    return made


SignIn = Callable[[str], Client]


@pytest.fixture
def sign_in(db: None) -> SignIn:
    """A signed-in member of staff of the role."""
    del db

    def enter(role: str) -> Client:
        email = f"{role}@example.jp"
        found = User.objects.filter(email=email).first()
        if found is None:
            stores = ["honten"] if role == "store_staff" else []
            number = create_user(
                email=email, name=role, role=Role(role), stores=stores, password="0k-long-enough-9", now=NOON
            )
            found = User.objects.get(pk=number)
        client = Client()
        client.force_login(found)
        return client

    return enter
