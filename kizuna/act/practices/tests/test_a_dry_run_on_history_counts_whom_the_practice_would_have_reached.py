"""The dry run must say what the sweep would have done day by day."""

from datetime import timedelta

import pytest

from kizuna.act.practices.models import Enrolment, Practice
from kizuna.act.practices.operations import sweep
from kizuna.act.practices.queries import dry_run
from kizuna.act.practices.rules.flow import Eligible, FactTrigger, Flow, QuietTrigger
from kizuna.act.practices.tests.shop import DAY, Shop, begin, thanks


def _twenty_days(shop: Shop) -> None:
    """Four customers order now and then; parcels take two days, some come late."""
    start = shop.now
    for number in range(40):
        at = start + timedelta(hours=11 * number)
        shop.order(
            str(number),
            f"customer{number * number % 7}",
            at=at,
            promised_at=at + timedelta(hours=50),
            delivered_at=at + timedelta(hours=40 + number % 3 * 10),
            store="ginza" if number % 2 else "honten",
            wake=False,
        )
    shop.fold()


@pytest.mark.parametrize(
    "flow",
    [
        thanks(),
        thanks(trigger=FactTrigger(fact="delivered_late")),
        thanks(trigger=FactTrigger(fact="ordered", nth_order=2)),
        thanks(trigger=QuietTrigger(days=3)),
        thanks(eligible=Eligible(segments=("new",))),
        thanks(eligible=Eligible(stores=("ginza",), max_orders=4)),
        thanks(again_after_days=7),
    ],
)
def test_it_equals_the_sweep_of_those_days(shop: Shop, flow: Flow) -> None:
    begin(shop, flow)
    end = shop.now + 24 * DAY
    _twenty_days(shop)
    foretold = dry_run(flow=flow, now=end, days=24)
    assert foretold.moments > 0
    assert sum(count for _, count in foretold.per_day) == foretold.moments
    while shop.now < end:
        shop.wait(timedelta(hours=4))
        Practice.objects.update(swept_generation=-1)  # as if new facts had come
        sweep(now=shop.now)
    assert (Enrolment.objects.count(), len(set(Enrolment.objects.values_list("person_id", flat=True)))) == (
        foretold.moments,
        foretold.people,
    )


def test_the_lot_parts_the_people_on_average(shop: Shop) -> None:
    _twenty_days(shop)
    found = dry_run(flow=thanks(holdout_share=0.25), now=shop.now + 24 * DAY, days=24)
    assert (found.treated, found.held_out) == (found.people * 0.75, found.people * 0.25)
    assert len(found.per_day) == 25
