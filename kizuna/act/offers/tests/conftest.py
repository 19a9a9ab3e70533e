"""A shop with offers: made, published and handed out in a line each."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from kizuna.act.offers.models import Offer
from kizuna.act.offers.operations import change_limits, ensure_offer, issue_coupons
from kizuna.act.offers.rules import CouponRequest, IssuedCoupon
from kizuna.customers.people.operations import resolve_people
from kizuna.customers.people.rules import Sighting
from kizuna.customers.staff.models import User
from kizuna.customers.staff.operations import create_user
from kizuna.words import Words

NOW = datetime(2026, 6, 1, 3, 0, tzinfo=UTC)


def person(account_id: str) -> int:
    """The record of one account."""
    with transaction.atomic():
        sighting = Sighting(source="shop", observed_at=NOW, account_id=account_id, display_name="山田 花子")
        (found,) = resolve_people(sightings=[sighting], import_id=None, now=NOW)
    assert found is not None
    return found


def make(name: str = "next-500", **given: Any) -> int:
    """An offer of 500 yen, published."""
    terms: dict[str, Any] = {
        "title": Words(ja="次回500円引き", en="500 yen off next time"),
        "kind": "amount",
        "value": 500,
        "valid_days": 30,
    }
    return ensure_offer(name=name, now=NOW, **(terms | given))


def issue(*people: int | None, offer: str = "next-500", now: datetime = NOW, mark: str = "") -> list[IssuedCoupon]:
    """A coupon for each of these customers."""
    requests = [CouponRequest(person_id=one, key=f"test:{mark}{n}", practice="p") for n, one in enumerate(people)]
    with transaction.atomic():
        issued = issue_coupons(offer=offer, requests=requests, now=now)
    assert all(isinstance(one, IssuedCoupon) for one in issued), issued
    return [one for one in issued if isinstance(one, IssuedCoupon)]


def issue_beyond(*people: int | None, offer: str = "next-500") -> list[IssuedCoupon]:
    """The same for more customers than the limit or the budget has room for: staff set those only afterwards."""
    found = Offer.objects.get(name=offer)
    change_limits(offer_id=found.pk, total_limit=None, budget_yen=None, actor="test", now=NOW)
    issued = issue(*people, offer=offer)
    limits = {"total_limit": found.total_limit, "budget_yen": found.budget_yen}
    change_limits(offer_id=found.pk, **limits, actor="test", now=NOW)
    return issued


@pytest.fixture
def leader(db: None) -> Client:
    """A manager's browser."""
    number = create_user(email="m@example.jp", name="店長", role="manager", stores=[], password="x" * 12, now=NOW)
    client = Client()
    client.force_login(User.objects.get(pk=number))
    return client


@pytest.fixture
def hanako(db: None) -> int:
    """A customer."""
    return person("hanako")
