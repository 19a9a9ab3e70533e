from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from kizuna.act.offers.models import Coupon, LedgerEntry, Slice
from kizuna.act.offers.operations import change_limits, redeem
from kizuna.act.offers.queries import check_invariants, offer
from kizuna.act.offers.rules.refusals import BudgetSpent, LimitReached
from kizuna.act.offers.tests.conftest import NOW, issue, make

pytestmark = pytest.mark.django_db


@pytest.fixture
def used() -> int:
    offer_id = make(total_limit=5, budget_yen=2_500)
    for n, one in enumerate(issue(*[None] * 3)):
        redeem(code=one.code, key=f"k{n}", person_id=None, order_id=None, amount_yen=3000, store="", now=NOW)
    return offer_id


def test_an_entry_is_neither_changed_nor_deleted(used: int) -> None:
    entry = LedgerEntry.objects.earliest("pk")
    entry.discount_yen = 1
    with pytest.raises(TypeError):
        entry.save()
    with pytest.raises(TypeError):
        entry.delete()


def test_the_database_itself_refuses_what_is_over_a_limit(used: int) -> None:
    for wrong in ({"uses_taken": 99}, {"yen_taken": 99_999}, {"uses_taken": -1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Slice.objects.filter(offer_id=used, number=0).update(**wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        Coupon.objects.update(used=2)


def test_the_checker_finds_what_was_tampered_with(used: int) -> None:
    assert check_invariants() == []
    Coupon.objects.filter(pk=Coupon.objects.earliest("pk").pk).update(used=0)
    assert len(check_invariants()) == 1
    LedgerEntry.objects.filter(key="k1").update(discount_yen=700)
    wrong = " / ".join(check_invariants())
    assert "700 yen" in wrong or "700" in wrong
    LedgerEntry.objects.filter(key="k2").update(recorded_at=NOW + timedelta(days=400))
    assert "later than its coupon's end" in " / ".join(check_invariants())


def test_limits_are_raised_and_lowered_but_never_under_what_was_given(used: int) -> None:
    change = {"offer_id": used, "actor": "user:1", "now": NOW}
    with pytest.raises(LimitReached):
        change_limits(total_limit=2, budget_yen=None, **change)  # type: ignore[arg-type]
    with pytest.raises(BudgetSpent):
        change_limits(total_limit=None, budget_yen=1499, **change)  # type: ignore[arg-type]
    # Given while there was room; nobody is given one once the limit is used up.
    (one,) = issue(None, mark="late")
    change_limits(total_limit=3, budget_yen=1500, **change)  # type: ignore[arg-type]
    assert (offer(name="next-500").uses_left, offer(name="next-500").budget_left_yen) == (0, 0)
    use = {"code": one.code, "key": "late", "person_id": None, "order_id": None, "amount_yen": 3000, "store": ""}
    with pytest.raises(LimitReached):
        redeem(now=NOW, **use)  # type: ignore[arg-type]
    change_limits(total_limit=None, budget_yen=2000, **change)  # type: ignore[arg-type]
    redeem(now=NOW, **use)  # type: ignore[arg-type]
    assert check_invariants() == []
