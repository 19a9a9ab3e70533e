"""Every trigger, without a reaction: history never sends, what is fresh begins once, whoever finds it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from kizuna.act.practices.models import Enrolment
from kizuna.act.practices.operations import sweep
from kizuna.act.practices.rules.flow import DateTrigger, Eligible, End, FactTrigger, Node, QuietTrigger, Send
from kizuna.act.practices.tests.shop import DAY, NOON, Shop, begin, thanks
from kizuna.customers.people.models import Person

NOW_NODES: dict[str, Node] = {"thank": Send(template="thanks", next="end"), "end": End()}


def _causes() -> list[str]:
    return sorted(Enrolment.objects.values_list("cause", flat=True))


def _born(shop: Shop, number: str, on: date) -> None:
    Person.objects.filter(pk=shop.person(number)).update(birth_date=on)


def test_an_imported_delivery_begins_it_once_and_history_does_not(shop: Shop) -> None:
    shop.order("old", "ren", delivered_at=shop.now - DAY, wake=False)
    begin(shop, thanks())
    shop.wait(timedelta(hours=1))
    shop.order("new", "aoi", delivered_at=shop.now, wake=False)
    shop.order("seen", "yui", delivered_at=shop.now)
    shop.react()
    shop.fold()
    shop.wait(timedelta(minutes=1))
    assert sweep(now=shop.now) == 1
    assert sweep(now=shop.now) == 0
    assert Enrolment.objects.count() == 2
    assert not Enrolment.objects.filter(person_id=shop.person("old")).exists()


@pytest.mark.parametrize(
    ("fact", "found"), [("delivered_late", {"late"}), ("ordered", {"late", "good"}), ("delivered", {"late", "good"})]
)
def test_late_ones_are_told_from_the_others(shop: Shop, fact: str, found: set[str]) -> None:
    begin(shop, thanks(trigger=FactTrigger(fact=fact), nodes=NOW_NODES, first="thank"))  # type: ignore[arg-type]
    shop.wait(DAY)
    for number, promised in (("late", shop.now - timedelta(hours=2)), ("good", shop.now + DAY)):
        shop.order(number, number, promised_at=promised, delivered_at=shop.now, wake=False)
    shop.fold()
    shop.wait(timedelta(minutes=1))
    sweep(now=shop.now)
    assert set(Enrolment.objects.values_list("person_id", flat=True)) == {shop.person(number) for number in found}


def test_a_broken_promise_is_noticed_before_the_customer_complains(shop: Shop) -> None:
    begin(shop, thanks(trigger=FactTrigger(fact="promise_missed"), nodes=NOW_NODES, first="thank"))
    promised = shop.now + timedelta(hours=6)
    shop.order("late", "aoi", promised_at=promised)
    shop.order("kept", "ren", promised_at=promised, delivered_at=promised - timedelta(hours=1))
    shop.order("gone", "yui", promised_at=promised, cancelled=True)
    assert sweep(now=shop.now) == 0
    shop.wait(timedelta(hours=6, minutes=5))
    assert sweep(now=shop.now) == 1
    assert Enrolment.objects.get().person_id == shop.person("late")
    shop.wait(timedelta(minutes=10))
    assert sweep(now=shop.now) == 0


def test_a_customer_who_has_fallen_quiet_is_found_on_the_day(shop: Shop) -> None:
    order = shop.order("1", "aoi", wake=False)
    shop.order("2", "ren", wake=False)
    shop.order("3", "ren", at=NOON + 20 * DAY, wake=False)
    shop.order("4", "yui", at=NOON - 20 * DAY, wake=False)  # quiet before the start already
    shop.wait(29 * DAY)
    begin(shop, thanks(trigger=QuietTrigger(days=30), nodes=NOW_NODES, first="thank"))
    shop.fold()
    assert sweep(now=shop.now) == 0
    shop.wait(DAY + timedelta(minutes=5))
    assert sweep(now=shop.now) == 1
    assert _causes() == [f"quiet:{order}"]


def test_who_has_just_ordered_is_not_quiet_though_the_state_is_older(shop: Shop) -> None:
    shop.order("1", "aoi", wake=False)
    shop.fold()
    shop.wait(29 * DAY)
    begin(shop, thanks(trigger=QuietTrigger(days=30), nodes=NOW_NODES, first="thank"))
    shop.wait(DAY + timedelta(minutes=5))
    shop.order("2", "aoi", wake=False)
    assert sweep(now=shop.now) == 0


@pytest.mark.parametrize(
    ("today", "born"),
    [
        (date(2026, 4, 8), date(1990, 4, 15)),
        (date(2026, 2, 21), date(1992, 2, 29)),  # a common year: the 29th is kept on the 28th
        (date(2028, 2, 22), date(1992, 2, 29)),
        (date(2026, 12, 27), date(1990, 1, 3)),
    ],
)
def test_a_birthday_is_met_so_many_days_before(shop: Shop, today: date, born: date) -> None:
    shop.now = datetime(today.year, today.month, today.day, tzinfo=UTC) - timedelta(hours=9, minutes=-1) - DAY
    shop.order("1", "aoi", wake=False)
    _born(shop, "1", born)
    begin(shop, thanks(trigger=DateTrigger(date="birthday", days_before=7), nodes=NOW_NODES, first="thank"))
    shop.fold()
    assert sweep(now=shop.now) == 0
    shop.wait(DAY)
    assert sweep(now=shop.now) == 1
    for _ in range(4):
        shop.wait(DAY)
        assert sweep(now=shop.now) == 0


def test_a_leap_day_birthday_is_not_kept_twice_in_a_leap_year(shop: Shop) -> None:
    shop.now = datetime(2028, 2, 27, 3, tzinfo=UTC)
    shop.order("1", "aoi", wake=False)
    _born(shop, "1", date(1992, 2, 29))
    begin(shop, thanks(trigger=DateTrigger(date="birthday"), nodes=NOW_NODES, first="thank"))
    made = []
    for _ in range(4):
        shop.wait(DAY)
        made.append(sweep(now=shop.now))
    assert made == [0, 1, 0, 0]


def test_the_day_of_the_first_order_comes_round_each_year(shop: Shop) -> None:
    shop.order("1", "aoi", wake=False)
    shop.fold()
    shop.now = datetime(2027, 3, 31, 3, tzinfo=UTC)
    begin(shop, thanks(trigger=DateTrigger(date="anniversary"), nodes=NOW_NODES, first="thank"))
    assert sweep(now=shop.now) == 0
    shop.wait(DAY)
    assert sweep(now=shop.now) == 1
    assert _causes() == [f"anniversary:{shop.person('1')}:2027"]


@pytest.mark.parametrize(
    ("rules", "found"),
    [
        (Eligible(segments=("repeat",)), {"ren"}),
        (Eligible(segments=("new",)), {"aoi", "yui"}),
        (Eligible(min_orders=2), {"ren"}),
        (Eligible(stores=("ginza",)), {"yui"}),
        (Eligible(products=("COFFEE",)), {"yui"}),
        (Eligible(categories=("茶",)), {"aoi", "ren", "yui"}),
        (Eligible(nps_groups=("promoter",)), {"aoi"}),
        (Eligible(channels_consented=("mail",)), set()),
        (Eligible(top_share=0.34), {"ren"}),
    ],
)
def test_only_those_it_is_meant_for_are_taken(shop: Shop, rules: Eligible, found: set[str]) -> None:
    shop.order("0", "ren", at=shop.now - 30 * DAY, wake=False)
    shop.answer("a", "aoi", 10.0, wake=False)
    begin(shop, thanks(eligible=rules))
    shop.wait(timedelta(minutes=1))
    for customer in ("aoi", "ren"):
        shop.order(customer, customer, delivered_at=shop.now, wake=False)
    shop.order("yui", "yui", delivered_at=shop.now, store="ginza", sku="COFFEE", wake=False)
    shop.fold()
    shop.wait(timedelta(minutes=1))
    sweep(now=shop.now)
    assert set(Enrolment.objects.values_list("person_id", flat=True)) == {shop.person(one) for one in found}
