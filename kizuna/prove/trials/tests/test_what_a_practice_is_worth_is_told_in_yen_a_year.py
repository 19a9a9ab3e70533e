import pytest
from django.db import transaction

from kizuna.act.offers.operations import ensure_offer, issue_coupons, redeem
from kizuna.act.offers.rules import CouponRequest, IssuedCoupon
from kizuna.facts.catalogue import Fact
from kizuna.prove.trials.queries import Shown, Yearly, effect
from kizuna.prove.trials.rules.told import report_json
from kizuna.prove.trials.tests.world import NOW, PRACTICE, assigned, day, order, practice, tell
from kizuna.words import Words

pytestmark = pytest.mark.django_db
PEOPLE = 400 / 60 * 365.25
"""Four hundred customers came in sixty days."""


def _spent(*, treated: int, held_out: int) -> None:
    """Two hundred were served; everybody buys once in the window, for about so many yen."""
    facts: list[Fact] = [order(900_000, 59)]
    for person in range(1, 401):
        control = person % 2 == 0
        yen = (held_out if control else treated) + 10 * (person // 2 % 5)
        facts += [order(person, -5), assigned(person, held_out=control), order(person, 10, yen)]
    tell(*facts)


def _used(*, coupons: int, yen: int) -> None:
    """So many of the practice's coupons were used."""
    title = Words(ja="次回割引", en="Off next time")
    ensure_offer(name="next", title=title, kind="amount", value=yen, valid_days=30, now=day(1))
    with transaction.atomic():
        requests = [CouponRequest(person_id=None, key=f"k{n}", practice=PRACTICE) for n in range(coupons)]
        issued = issue_coupons(offer="next", requests=requests, now=day(1))
    for number, one in enumerate(issued):
        assert isinstance(one, IssuedCoupon)
        redeem(code=one.code, key=f"r{number}", person_id=None, order_id=None, amount_yen=3000, store="", now=day(2))


def _yearly() -> Yearly:
    report = effect(practice=PRACTICE, metric="sales", now=NOW)
    assert isinstance(report.effect, Shown)
    assert report.effect.value == pytest.approx(200.0)
    assert report.yen_per_year is not None
    return report.yen_per_year


def test_more_spending_of_a_years_customers_less_what_their_coupons_cost() -> None:
    practice(goals=[("sales", 30)])
    _spent(treated=1200, held_out=1000)
    free = _yearly()
    assert (free.people, free.cost_yen) == (round(PEOPLE), 0)
    assert free.value == pytest.approx(PEOPLE * 200)
    assert 0.0 < free.low < free.value < free.high
    _used(coupons=20, yen=500)  # 10,000 yen for two hundred served: fifty each
    paid = _yearly()
    assert paid.cost_yen == round(PEOPLE * 50)
    assert paid.value == pytest.approx(PEOPLE * (200 - 50))
    assert paid.high - paid.low == pytest.approx(free.high - free.low)


def test_a_program_reads_it_too() -> None:
    practice(goals=[("repeat_rate", 30)])
    _spent(treated=1200, held_out=1000)
    said = report_json(report=effect(practice=PRACTICE, metric="repeat_rate", now=NOW))["yen_per_year"]
    assert isinstance(said, dict)
    assert set(said) == {"value", "low", "high", "people", "cost_yen"}
    assert said["value"] == pytest.approx(PEOPLE * 200)


def test_a_group_picked_afterwards_has_no_year() -> None:
    practice(goals=[("sales", 30)])
    _spent(treated=1200, held_out=1000)
    found = effect(practice=PRACTICE, metric="sales", where={"segment": "new"}, now=NOW)
    assert found.yen_per_year is None
