"""The demo's clock is three days ahead; what is done by hand happens there and moves practices on."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from kizuna.act.offers.models import LedgerEntry
from kizuna.act.offers.operations import ensure_offer, issue_coupons
from kizuna.act.offers.rules import CouponRequest, IssuedCoupon
from kizuna.act.outreach.models import Message, Task
from kizuna.act.practices.models import Enrolment
from kizuna.act.practices.operations import adopt_ready, start
from kizuna.cli.demo.company import LOGIN
from kizuna.cli.demo.home import Marker, write_marker
from kizuna.cli.main import main
from kizuna.cli.worker import Worker
from kizuna.connectors.tables.models import ImportRun
from kizuna.customers.staff.models import User
from kizuna.customers.staff.operations import create_user
from kizuna.customers.staff.queries import present
from kizuna.facts.audit.models import AuditEntry
from kizuna.listen.surveys.models import Answer
from kizuna.listen.surveys.tests.conftest import issue, person, token_of
from kizuna.words import Words

pytestmark = pytest.mark.django_db

AHEAD = timedelta(days=3)
ALMOST = timedelta(minutes=5)


@pytest.fixture(autouse=True)
def _demo(settings: LazySettings, tmp_path: Path) -> None:
    """A demo home whose clock was moved."""
    settings.HOME = tmp_path
    create_user(email=LOGIN, name="湯浅", role="owner", stores=[], password="a long password", now=timezone.now())
    _move(AHEAD)


def _move(ahead: timedelta) -> None:
    today = timezone.localdate().isoformat()
    write_marker(
        marker=Marker(
            seed=1,
            customers=200,
            today=today,
            password="x",
            complete=True,
            clock_seconds=int(ahead.total_seconds()),
        )
    )


def _work() -> None:
    worker = Worker(rest=0.0)
    while sum(step() for _, step in worker.steps()):
        pass


def test_a_bad_answer_by_the_customers_own_link_begins_the_recovery(client: Client) -> None:
    hanako = person(account_id="hanako", email="hanako@example.jp", display_name="山田 花子")
    link = issue(person_id=hanako, now=present())
    adopt_ready(name="detractor_recovery", language="ja", actor="test", now=present(), holdout_share=0.0)
    start(practice="detractor_recovery", actor="test", now=present())

    client.post(f"/s/{token_of(link)}", {"score": "2", "comment": "待たされました。"})
    assert abs(Answer.objects.get().answered_at - timezone.now() - AHEAD) < ALMOST
    _work()
    task = Task.objects.get()
    assert (task.person_id, task.kind) == (hanako, "call")
    assert abs(task.due_at - timezone.now() - AHEAD - timedelta(hours=1)) < ALMOST

    _move(AHEAD + timedelta(days=2))
    _work()
    assert Enrolment.objects.get().state == "waiting"
    assert Message.objects.get().template == "detractor_apology"


def test_a_link_is_over_when_the_demos_days_are_over(client: Client) -> None:
    hanako = person(account_id="hanako", email="hanako@example.jp", display_name="山田 花子")
    link = issue(person_id=hanako, now=present())
    _move(AHEAD + timedelta(days=399))
    assert client.get(f"/s/{token_of(link)}").status_code == 410


def test_a_coupon_at_the_till_is_used_at_the_demos_present(client: Client) -> None:
    ensure_offer(
        name="tea", title=Words(ja="お茶", en="Tea"), kind="amount", value=100, valid_days=1, now=timezone.now()
    )
    (given,) = issue_coupons(
        offer="tea", requests=[CouponRequest(person_id=None, key="t:1", practice="")], now=present()
    )
    assert isinstance(given, IssuedCoupon)
    client.force_login(User.objects.get())
    used = {"code": given.code, "key": f"till:{'0' * 32}", "amount": "1000", "store": ""}
    assert client.post("/offers/till/redeem/", used).status_code == 302
    assert abs(LedgerEntry.objects.get().recorded_at - timezone.now() - AHEAD) < ALMOST


@pytest.mark.parametrize("by", ["command", "page"])
def test_a_file_is_imported_at_the_demos_present(by: str, client: Client, tmp_path: Path) -> None:
    """Else the lease of a running import were over before it began, and the worker took it away."""
    file = tmp_path / "customers.csv"
    file.write_text("customer_id,mail,name\nk1,k1@example.jp,高橋 一\n", encoding="utf-8")
    if by == "command":
        assert main(["import", str(file)]) == 0
    else:
        client.force_login(User.objects.get())
        client.post("/imports/upload/", {"files": [SimpleUploadedFile(file.name, file.read_bytes())]})
    assert abs(ImportRun.objects.get().created_at - timezone.now() - AHEAD) < ALMOST


def test_what_guards_the_house_keeps_the_real_time(client: Client) -> None:
    client.post("/accounts/login/", {"login": LOGIN, "password": "a long password"})
    newest = AuditEntry.objects.order_by("-id").first()
    assert newest is not None
    assert abs(newest.recorded_at - timezone.now()) < ALMOST
    assert client.session.get_expiry_date() < timezone.now() + timedelta(days=365)
