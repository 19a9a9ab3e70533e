"""J2: a row that cannot move is tried eight times, then stands as stuck with its reason; the slice goes on."""

from datetime import timedelta

import pytest

from kizuna.act.outreach.models import Message
from kizuna.act.practices.models import Enrolment
from kizuna.act.practices.operations import step_due
from kizuna.act.practices.tests.shop import DAY, Shop, begin, thanks


def _forty_due(shop: Shop) -> list[int]:
    begin(shop, thanks())
    for number in range(40):
        shop.order(str(number), f"customer{number}", delivered_at=shop.now)
    shop.react()
    shop.wait(3 * DAY)
    return list(Enrolment.objects.order_by("id").values_list("id", flat=True))


def test_a_poisoned_row_is_found_by_halving_and_the_others_move(shop: Shop) -> None:
    ids = _forty_due(shop)
    Enrolment.objects.filter(pk__in=[ids[7], ids[21]]).update(context="{broken")
    shop.step()
    assert Enrolment.objects.filter(state="done").count() == 38
    assert Message.objects.count() == 38
    due_at = Enrolment.objects.get(pk=ids[7]).due_at
    for _ in range(12):
        shop.wait(timedelta(minutes=5))
        shop.step()
    stuck = Enrolment.objects.filter(state="stuck")
    assert set(stuck.values_list("id", flat=True)) == {ids[7], ids[21]}
    assert all("DecodeError" in row.reason and row.attempts == 8 and row.due_at == due_at for row in stuck)
    assert Message.objects.count() == 38


def test_one_who_fails_for_a_while_goes_on_afterwards(shop: Shop) -> None:
    ids = _forty_due(shop)
    whole = Enrolment.objects.get(pk=ids[0]).context
    Enrolment.objects.filter(pk=ids[0]).update(context="{broken")
    shop.step()
    Enrolment.objects.filter(pk=ids[0]).update(context=whole)
    shop.wait(timedelta(minutes=5))
    shop.step()
    assert shop.standing() == [("end", "done")] * 40
    assert Enrolment.objects.get(pk=ids[0]).attempts == 0


@pytest.mark.parametrize("limit", [1, 7, 40])
def test_a_slice_is_no_larger_than_asked(shop: Shop, limit: int) -> None:
    _forty_due(shop)
    assert step_due(now=shop.now, limit=limit) == limit
