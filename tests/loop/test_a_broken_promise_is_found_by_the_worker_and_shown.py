"""J1–J7, the law on reviews and L11 are held against the records by the worker itself, and the status page tells."""

from datetime import timedelta

import pytest
from django.test import Client

from kizuna.act.offers.models import Offer, Slice
from kizuna.act.offers.operations import ensure_offer
from kizuna.act.practices.models import Assignment
from kizuna.act.practices.queries.invariants import RULES
from kizuna.act.practices.tests.shop import Shop, begin, thanks
from kizuna.cli.worker import Worker
from kizuna.customers.staff.models import User
from kizuna.customers.staff.operations import create_user
from kizuna.customers.staff.queries import present
from kizuna.customers.staff.rules import Role
from kizuna.facts.outbox.queries import last_checkup
from kizuna.loop import CHECKS, PROMISES
from kizuna.words import Words

pytestmark = pytest.mark.django_db
ALERT = "いつも守られているはずのことが、2項目守られていません。"


@pytest.fixture
def shop() -> Shop:
    made = Shop(now=present() - timedelta(minutes=30))
    made.template()
    begin(made, thanks())
    for number in range(3):
        made.order(str(number), f"customer{number}", delivered_at=made.now)
    made.react()
    title = Words(ja="次回500円引き", en="500 yen off")
    ensure_offer(name="next500", title=title, kind="amount", value=500, valid_days=30, total_limit=10, now=made.now)
    return made


def _page() -> str:
    email = "owner@example.jp"
    if not User.objects.filter(email=email).exists():
        create_user(email=email, name="x", role=Role.OWNER, stores=[], password="0k-long-enough-9", now=present())
    client = Client()
    client.force_login(User.objects.get(email=email))
    return client.get("/settings/status/").content.decode()


def _round() -> int:
    """The worker's own step, by the worker's own table."""
    return dict(Worker(rest=0.0).steps())["check_due"]()


def test_a_shop_in_order(shop: Shop) -> None:
    assert _round() == 1
    assert _round() == 0
    page = _page()
    assert "すべて守られています" in page
    assert "守られていません。" not in page


def test_what_is_broken(shop: Shop) -> None:
    Assignment.objects.filter(pk=Assignment.objects.earliest("id").pk).update(held_out=True)
    Slice.objects.filter(offer=Offer.objects.get(), uses_limit__gte=1).update(uses_taken=1)
    assert ALERT not in _page()
    assert _round() == 1
    found = last_checkup()
    assert found is not None
    assert {one.rule for one in found.violations} == {"J5", "L11"}
    page = _page()
    assert ALERT in page
    assert "比較用の割付が、ソルトとお客様から計算した結果と一致しません。" in page
    assert "says 1 uses" in page


def test_every_rule_that_is_checked_has_its_promise() -> None:
    assert set(PROMISES) == {*RULES, "LAW", "L11"}
    assert len(CHECKS) == len(set(CHECKS)) == 3
