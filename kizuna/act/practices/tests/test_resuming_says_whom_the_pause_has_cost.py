"""A moment that grew too old during a pause starts nothing afterwards; whoever resumes is told how many those are."""

from datetime import timedelta

import pytest

from kizuna.act.practices.models import Enrolment
from kizuna.act.practices.operations import pause, sweep
from kizuna.act.practices.queries.dry_run import missed_while_paused
from kizuna.act.practices.tests.conftest import SignIn
from kizuna.act.practices.tests.shop import DAY, Shop, begin, thanks

SAID = "人は、時間がたちすぎているため対象になりません。"


@pytest.mark.parametrize(("days", "missed"), [(10, 7), (2, 0)])
def test_it_is_counted_and_said(
    shop: Shop, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, days: int, missed: int
) -> None:
    begin(shop, thanks())
    pause(practice="thank-you", actor="test", now=shop.now)
    for day in range(days):
        shop.wait(DAY)
        shop.order(str(day), f"c{day}", delivered_at=shop.now - timedelta(minutes=1))
        shop.react()
    shop.fold()
    assert missed_while_paused(practice="thank-you", now=shop.now) == missed
    monkeypatch.setattr("kizuna.act.practices.views.change.present", lambda: shop.now)
    page = sign_in("owner").post("/practices/thank-you/state/", {"act": "resume"}, follow=True).content.decode()
    assert (f"{missed}{SAID}" in page, SAID in page) == (bool(missed), bool(missed))
    sweep(now=shop.now)
    assert Enrolment.objects.count() == days - missed
