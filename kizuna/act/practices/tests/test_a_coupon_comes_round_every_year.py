"""A coupon belongs to its cause: the next birthday, answer or silence brings a new one, used or not."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from kizuna.act.offers.models import Coupon as CouponRow
from kizuna.act.offers.operations import redeem
from kizuna.act.outreach.models import Message
from kizuna.act.practices.models import Enrolment
from kizuna.act.practices.operations import sweep
from kizuna.act.practices.rules.flow import Coupon, End, Node, Send
from kizuna.act.practices.rules.reasons import reason_of
from kizuna.act.practices.tests.shop import DAY, Shop, adopt, agree, begin, named_sender, offered, sent, thanks
from kizuna.customers.people.operations import record_people
from kizuna.customers.people.rules import Sighting


def _take(shop: Shop, name: str) -> None:
    named_sender(shop)
    adopt(shop, name)


def _use_newest(shop: Shop, person: int) -> None:
    code = CouponRow.objects.latest("id").code
    redeem(code=code, key=code, person_id=person, order_id=None, amount_yen=9000, store="", now=shop.now)


@pytest.mark.parametrize("used", [True, False])
def test_three_birthdays_bring_three_wishes_and_three_coupons(shop: Shop, used: bool) -> None:
    shop.now = datetime(2026, 3, 1, 3, tzinfo=UTC)
    _take(shop, "birthday_perk")
    shop.order("1", "aoi", wake=False)
    person = shop.person("1")
    born = Sighting(source="webshop", observed_at=shop.now, account_id="aoi", birth_date=date(2000, 3, 20))
    with transaction.atomic():
        record_people(sightings=[born], import_id=None, now=shop.now)
    agree(shop, person)
    shop.fold()
    letters = []
    for year in (2026, 2027, 2028):
        shop.now = datetime(year, 3, 13, 3, tzinfo=UTC)
        sweep(now=shop.now)
        shop.step()
        letters += sent(shop)
        if used:
            _use_newest(shop, person)
    assert letters == ["birthday_perk"] * 3
    assert CouponRow.objects.filter(person_id=person).count() == 3
    assert {state for _, state in shop.standing()} == {"done"}


@pytest.mark.parametrize("used", [True, False])
def test_a_second_answer_is_thanked_like_the_first(shop: Shop, used: bool) -> None:
    _take(shop, "passive_coupon")
    shop.order("1", "aoi")
    person = shop.person("1")
    agree(shop, person)
    letters = []
    for number in range(2):
        shop.answer(f"a{number}", "aoi", 7.0)
        shop.react()
        shop.wait(2 * DAY)
        shop.step()
        letters += sent(shop)
        if used:
            _use_newest(shop, person)
        shop.wait(20 * DAY)
    assert letters == ["passive_coupon"] * 2
    assert not Enrolment.objects.filter(state="stuck").exists()


def test_a_second_silence_is_met_like_the_first(shop: Shop) -> None:
    for number in range(2):
        shop.order(str(number), "aoi", at=shop.now - (2 - number) * DAY, wake=False)
    person = shop.person("1")
    agree(shop, person)
    _take(shop, "dormant_customer")
    letters = []
    for number in range(2):
        shop.wait(180 * DAY + timedelta(hours=1))
        shop.fold()
        sweep(now=shop.now)
        for _ in range(3):
            shop.wait(DAY)
            shop.step()
            letters += sent(shop)
        _use_newest(shop, person)
        shop.order(f"back{number}", "aoi", wake=False)
    assert letters == ["dormant_customer"] * 2
    assert not Enrolment.objects.filter(state="stuck").exists()


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ({"per_person_limit": 1}, "person_limit_reached"),
        ({"total_limit": 1}, "limit_reached"),
        ({"budget_yen": 600}, "budget_spent"),
    ],
)
def test_where_nothing_is_left_to_give_no_letter_promises_it_and_nobody_is_stuck(
    shop: Shop, terms: dict[str, Any], code: str
) -> None:
    offered(shop, **terms)
    nodes: dict[str, Node] = {"give": Coupon(offer="next500", next="tell"), "tell": Send(template="thanks", next="end")}
    begin(shop, thanks(nodes={**nodes, "end": End()}, first="give"))
    for number in range(2):
        shop.order(str(number), "aoi", delivered_at=shop.now)
    shop.react()
    shop.step()
    rows = list(Enrolment.objects.order_by("id"))
    assert [row.state for row in rows] == ["done", "left"]
    reason = reason_of(text=rows[1].reason)
    assert (reason.code, rows[1].due_at) == (code, None)
    assert reason.words.ja
    assert CouponRow.objects.count() == Message.objects.count() == 1
