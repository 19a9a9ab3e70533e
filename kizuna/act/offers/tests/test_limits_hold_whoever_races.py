"""L11 with 64 racing redeemers: a coupon, an offer's limit, a budget, a customer's limit, and one key."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from kizuna.act.offers.models import Coupon, LedgerEntry, Slice
from kizuna.act.offers.operations import redeem, reverse
from kizuna.act.offers.queries import check_invariants, offer
from kizuna.act.offers.tests.conftest import NOW, issue, issue_beyond, make, person
from kizuna.errors import Refusal

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time"),
]
RACERS = 64


def race(tasks: Sequence[Callable[[], object]]) -> Counter[str]:
    """Run all at once; counts what became of them: «done» or the code of the refusal."""
    barrier = Barrier(len(tasks))

    def run(task: Callable[[], object]) -> str:
        connection.ensure_connection()
        barrier.wait()
        try:
            task()
        except Refusal as refusal:
            return refusal.code
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(tasks)) as pool:
        outcomes = Counter(pool.map(run, tasks))
    assert check_invariants() == []
    return outcomes


def use(code: str, key: str, *, amount_yen: int = 3000, person_id: int | None = None) -> Callable[[], object]:
    return lambda: redeem(
        code=code, key=key, person_id=person_id, order_id=None, amount_yen=amount_yen, store="", now=NOW
    )


def test_one_coupon_is_used_once() -> None:
    make()
    (coupon,) = issue(person("a"))
    assert race([use(coupon.code, f"k{n}") for n in range(RACERS)]) == {"done": 1, "coupon_used": RACERS - 1}


def test_one_key_has_one_effect_and_everybody_gets_its_answer() -> None:
    make(uses_per_coupon=100)
    (coupon,) = issue(None)
    assert race([use(coupon.code, "same") for _ in range(RACERS)]) == {"done": RACERS}
    assert LedgerEntry.objects.count() == 1
    assert Coupon.objects.get().used == 1


def test_one_key_with_two_bodies_is_one_effect_and_conflicts() -> None:
    make(uses_per_coupon=100)
    (coupon,) = issue(None)
    outcomes = race([use(coupon.code, "same", amount_yen=3000 + n % 2) for n in range(RACERS)])
    assert outcomes == {"done": RACERS // 2, "same_key_other_body": RACERS // 2}
    assert LedgerEntry.objects.count() == 1


def test_a_shared_code_is_used_as_often_as_it_may() -> None:
    make(uses_per_coupon=40)
    (coupon,) = issue(None)
    assert race([use(coupon.code, f"k{n}") for n in range(RACERS)]) == {"done": 40, "coupon_used": RACERS - 40}


@pytest.mark.parametrize("limit", [1, 7, 16, 50])
def test_the_offers_limit_is_reached_exactly(limit: int) -> None:
    make(total_limit=limit)
    coupons = issue_beyond(*[None] * RACERS)
    outcomes = race([use(one.code, f"k{n}") for n, one in enumerate(coupons)])
    assert outcomes == {"done": limit, "limit_reached": RACERS - limit}


@pytest.mark.parametrize("budget", [499, 500, 4_999, 12_345, 25_000])
def test_the_budget_is_never_exceeded_and_nobody_is_refused_while_enough_is_left(budget: int) -> None:
    # 500 yen fit no single slice of most of these budgets, so the room has to be gathered.
    make(budget_yen=budget)
    coupons = issue_beyond(*[None] * RACERS)
    outcomes = race([use(one.code, f"k{n}") for n, one in enumerate(coupons)])
    assert outcomes == Counter(done=budget // 500, budget_spent=RACERS - budget // 500)
    assert offer(name="next-500").budget_left_yen == budget % 500


def test_discounts_of_many_sizes_use_the_budget_up() -> None:
    make(kind="percent", value=10, budget_yen=10_000)
    coupons = issue_beyond(*[None] * RACERS)
    amounts = [1000 + 370 * n for n in range(RACERS)]
    race([use(one.code, f"k{n}", amount_yen=amounts[n]) for n, one in enumerate(coupons)])
    left = offer(name="next-500").budget_left_yen
    assert left is not None
    refused = [amount // 10 for n, amount in enumerate(amounts) if not LedgerEntry.objects.filter(key=f"k{n}").exists()]
    assert all(yen > left for yen in refused), "somebody was refused although the budget would have covered it"


def test_a_customers_limit_holds_over_their_coupons() -> None:
    make(per_person_limit=3, uses_per_coupon=100)
    (coupon,) = issue(None)
    hanako, taro = person("hanako"), person("taro")
    tasks = [use(coupon.code, f"k{n}", person_id=(hanako, taro)[n % 2]) for n in range(RACERS)]
    assert race(tasks) == {"done": 6, "person_limit_reached": RACERS - 6}


def test_uses_and_reversals_race_and_nothing_is_lost() -> None:
    make(total_limit=32, budget_yen=16_000, per_person_limit=10)
    people = [person(f"p{n}") for n in range(8)]
    coupons = issue_beyond(*[people[n % 8] for n in range(RACERS)])
    for n in range(32):
        use(coupons[n].code, f"k{n}")()
    back = [lambda n=n: reverse(key=f"k{n}", reversal_key=f"r{n}", reason="returned", now=NOW) for n in range(32)]
    again = [use(coupons[n].code, f"k{n}") for n in range(32, 64)]
    outcomes = race([*back, *again])
    assert outcomes["done"] >= 32
    for n in range(32, 64):
        use(coupons[n].code, f"k{n}")()  # whoever came before the room was free finds it now
    assert check_invariants() == []
    assert LedgerEntry.objects.filter(kind="reversed").count() == 32
    assert offer(name="next-500").redeemed == 32


def test_the_slices_that_were_never_enough_alone_are_used_to_the_last_yen() -> None:
    make(budget_yen=1600)
    assert set(Slice.objects.values_list("yen_limit", flat=True)) == {100}
    coupons = issue_beyond(*[None] * 4)
    assert race([use(one.code, f"k{n}") for n, one in enumerate(coupons)]) == {"done": 3, "budget_spent": 1}
