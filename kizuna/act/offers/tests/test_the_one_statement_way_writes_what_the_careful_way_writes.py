from typing import Any

import pytest
from django.db import connection
from django.forms.models import model_to_dict

from kizuna.act.offers.models import LedgerEntry
from kizuna.act.offers.operations import fast, redeem, spend
from kizuna.act.offers.queries import check_invariants
from kizuna.act.offers.rules.wanted import Use
from kizuna.act.offers.tests.conftest import NOW, issue, make, person
from kizuna.facts.outbox.models import OutboxEntry
from kizuna.facts.outbox.rules import to_facts

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="the one-statement way is PostgreSQL's"),
]
OWN = {"id", "key", "coupon", "digest"}


def told() -> list[Any]:
    """The redemption facts, oldest first."""
    facts: list[Any] = []
    for entry in OutboxEntry.objects.filter(fact_type="CouponRedeemed").order_by("id"):
        facts += to_facts(fact_type=entry.fact_type, payload=bytes(entry.payload))
    return facts


@pytest.mark.parametrize("per_person_limit", [None, 5])
def test_both_ways_agree_in_ledger_and_outbox(monkeypatch: pytest.MonkeyPatch, per_person_limit: int | None) -> None:
    make(total_limit=100, budget_yen=100_000, per_person_limit=per_person_limit, min_spend_yen=1000)
    hanako = person("hanako")
    quick, careful = issue(hanako, hanako)

    def use(code: str, key: str) -> None:
        redeem(
            code=code, key=key, person_id=hanako, order_id=7, amount_yen=3000, store="ginza", actor="user:1", now=NOW
        )

    with monkeypatch.context() as patch:
        patch.setattr(spend, "_redeem", lambda **_: pytest.fail("the usual case left the one-statement way"))
        use(quick.code, "quick")
    with monkeypatch.context() as patch:
        patch.setattr(fast, "redeem", lambda **_: None)
        use(careful.code, "careful")
    one, other = (
        model_to_dict(LedgerEntry.objects.get(key=key), exclude=[*OWN, "slice_number"]) for key in ("quick", "careful")
    )
    assert one == other
    first, second = told()
    assert (first.redemption_id, second.redemption_id) == tuple(
        LedgerEntry.objects.order_by("id").values_list("id", flat=True)
    )
    assert {name: getattr(first, name) for name in ("person_id", "offer", "practice", "order_id", "discount_yen")} == {
        name: getattr(second, name) for name in ("person_id", "offer", "practice", "order_id", "discount_yen")
    }
    entries = OutboxEntry.objects.filter(fact_type="CouponRedeemed")
    columns = list(entries.values("wakes", "due_at", "attempts", "batch", "error", "fact_count"))
    assert columns[0] == columns[1]
    assert check_invariants() == []


def test_the_careful_way_is_asked_whenever_something_is_unusual() -> None:
    make(per_person_limit=1)
    (coupon,) = issue(None)
    for code, person_id, amount_yen in (
        (coupon.code, None, 3000),
        ("BD-0000-0000-0000", None, 3000),
        (coupon.code, 10**9, 1),
    ):
        use = Use(code=code, key="k", person_id=person_id, order_id=None, amount_yen=amount_yen, store="")
        assert fast.redeem(use=use, turn=0, now=NOW) is None
    assert not LedgerEntry.objects.exists()
