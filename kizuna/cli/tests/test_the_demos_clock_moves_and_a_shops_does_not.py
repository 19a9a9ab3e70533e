from datetime import UTC, datetime, timedelta

import pytest
from django.conf import LazySettings

from kizuna.cli.demo.clock import NoDuration, parse_duration
from kizuna.cli.demo.company import LOGIN
from kizuna.cli.demo.home import new_marker, write_marker
from kizuna.cli.main import main
from kizuna.customers.staff.models import User
from kizuna.customers.staff.operations import create_user
from kizuna.customers.staff.queries import present
from kizuna.facts.audit.queries import entries

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _home(settings: LazySettings, tmp_path: object) -> None:
    settings.HOME = tmp_path


def _user(email: str) -> None:
    create_user(email=email, name="x", role="owner", stores=[], password="a long password", actor="t", now=_real())


def _real() -> datetime:
    return datetime.now(UTC)


def _demo(*, complete: bool = True) -> None:
    marker = new_marker(seed=1, customers=200, today=_real().date())
    object.__setattr__(marker, "complete", complete)
    write_marker(marker=marker)


def _ahead() -> timedelta:
    return timedelta(seconds=round((present() - _real()).total_seconds()))


def test_days_add_up_and_are_on_record() -> None:
    _user(LOGIN)
    _demo()
    assert _ahead() == timedelta(0)
    assert main(["clock", "advance", "3d"]) == 0
    assert main(["clock", "advance", "1d6h30m"]) == 0
    assert _ahead() == timedelta(days=4, hours=6, minutes=30)
    assert entries()[0].action == "demo.clock_advanced"


@pytest.mark.parametrize("made", [False, True])
def test_a_home_that_is_no_finished_demo_stays_in_the_present(made: bool) -> None:
    if made:
        _user(LOGIN)
        _demo(complete=False)
    assert main(["clock", "advance", "3d"]) == 2
    assert _ahead() == timedelta(0)


def test_a_marker_beside_a_shops_own_database_moves_nothing() -> None:
    _user(LOGIN)
    _demo()
    main(["clock", "advance", "3d"])
    User.objects.all().delete()
    _user("owner@shop.example")
    write_marker(marker=new_marker(seed=1, customers=200, today=_real().date()))
    assert _ahead() == timedelta(0)
    assert main(["clock", "advance", "3d"]) == 2


@pytest.mark.parametrize("text", ["", "3", "-3d", "d", "500d", "3d3d", "三日"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(NoDuration):
        parse_duration(text=text)
