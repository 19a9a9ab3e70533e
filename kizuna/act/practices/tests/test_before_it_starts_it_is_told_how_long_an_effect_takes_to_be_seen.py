"""The outlook goes by what those did whom the practice would have reached, and by the trial's own arithmetic."""

import math
from datetime import timedelta

import pytest

from kizuna.act.practices.queries import dry_run
from kizuna.act.practices.queries.foresight import Foresight, foresee
from kizuna.act.practices.rules.flow import Flow
from kizuna.act.practices.tests.shop import DAY, Shop, thanks
from kizuna.stats.planning import days_needed, power_share
from kizuna.understand.metrics.queries.planning import PLANNED_LOOKS

WINDOW = 30


def _sold(shop: Shop, *, customers: int, every: int = 4) -> None:
    """Every customer has a parcel fifty-five and one fifteen days ago; of ``every`` one buys once more in between."""
    start = shop.now
    shop.wait(60 * DAY)
    for number in range(customers):
        for place, delivered in enumerate((start + 5 * DAY, start + 45 * DAY)):
            at = delivered - timedelta(hours=30)
            shop.order(f"{number}-{place}", f"c{number}", at=at, delivered_at=delivered, wake=False)
        if number % every == 0:
            shop.order(f"{number}-more", f"c{number}", at=start + 15 * DAY, wake=False)
    shop.order("last", "somebody", at=shop.now, wake=False)
    shop.fold()


def _foresee(shop: Shop, flow: Flow, *, days: int = 40) -> Foresight:
    return foresee(flow=flow, people=dry_run(flow=flow, now=shop.now, days=days).people, days=days, now=shop.now)


@pytest.mark.django_db
def test_the_weeks_are_those_of_the_plan_of_this_shops_own_share(shop: Shop) -> None:
    _sold(shop, customers=40)
    found = _foresee(shop, thanks(holdout_share=0.5))
    needed = power_share(control=0.25, treated=0.27, hold_out_share=0.5, looks=PLANNED_LOOKS)
    days = days_needed(needed=needed, per_day=1.0, hold_out_share=0.5, window_days=WINDOW)
    assert math.ceil(days / 7) > 260  # forty customers in forty days
    assert (found.weeks, found.weeks_planned) == (None, None)
    told = f"{float(f'{needed.total:.2g}'):,.0f}"
    assert f"約{told}人必要です。このお店の規模では現実的ではありません" in found.words.ja
    busy = foresee(flow=thanks(holdout_share=0.5), people=4_000, days=40, now=shop.now)
    days = days_needed(needed=needed, per_day=100.0, hold_out_share=0.5, window_days=WINDOW)
    assert busy.weeks_planned == math.ceil(days / 7)
    assert busy.weeks is not None
    assert busy.weeks > busy.weeks_planned
    assert f"約{busy.weeks}週間" in busy.words.ja
    assert f"約{busy.weeks_planned}週間（約{told}人）" in busy.words.ja
    assert f"about {busy.weeks_planned} (some {told}) with an end" in busy.words.en


@pytest.mark.django_db
def test_a_small_hold_out_takes_longer(shop: Shop) -> None:
    _sold(shop, customers=40)
    even, small = (
        foresee(flow=thanks(holdout_share=share), people=8_000, days=40, now=shop.now) for share in (0.5, 0.1)
    )
    assert even.weeks_planned is not None
    assert small.weeks_planned is not None
    assert small.weeks_planned > 2 * even.weeks_planned


@pytest.mark.django_db
def test_where_everybody_comes_back_anyway_no_number_is_told(shop: Shop) -> None:
    _sold(shop, customers=40, every=1)
    found = _foresee(shop, thanks(holdout_share=0.5))
    assert (found.weeks, found.weeks_planned) == (None, None)
    assert "差を見分けられるか見積もれません" in found.words.ja


@pytest.mark.django_db
def test_a_handful_of_customers_tell_nothing(shop: Shop) -> None:
    _sold(shop, customers=12)
    found = _foresee(shop, thanks(holdout_share=0.5))
    assert (found.weeks, found.weeks_planned) == (None, None)
    assert "記録がまだ足りない" in found.words.ja


@pytest.mark.django_db
def test_without_anybody_held_out_nothing_is_foreseen(shop: Shop) -> None:
    _sold(shop, customers=40)
    found = _foresee(shop, thanks(holdout_share=0.0))
    assert found.weeks is None
    assert "比較用のお客様がいない" in found.words.ja
