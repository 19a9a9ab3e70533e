import pytest
from django.db import transaction

from kizuna.act.offers.operations import redeem
from kizuna.act.offers.queries import check_invariants, offer
from kizuna.act.offers.rules import Item, Terms, discount_of
from kizuna.act.offers.rules.refusals import SpendTooSmall
from kizuna.act.offers.tests.conftest import NOW, issue, make
from kizuna.customers.products.operations import ensure_products
from kizuna.customers.products.rules import ProductSeen
from kizuna.words import Words


@pytest.mark.parametrize(
    ("terms", "amount", "yen"),
    [
        ({"kind": "amount", "value": 500}, 3000, 500),
        ({"kind": "amount", "value": 500}, 300, 300),
        ({"kind": "percent", "value": 10}, 1999, 199),
        ({"kind": "percent", "value": 10, "max_discount_yen": 150}, 1999, 150),
        ({"kind": "free_shipping", "value": 600}, 1000, 600),
        ({"kind": "gift", "value": 200, "unit_cost_yen": 80}, 1000, 80),
        ({"kind": "lottery", "value": 5000}, 1000, 5000),
    ],
)
def test_what_one_use_costs(terms: dict[str, object], amount: int, yen: int) -> None:
    offered = Terms(name="x", title=Words(ja="あ", en="a"), **terms)  # type: ignore[arg-type]
    assert discount_of(terms=offered, amount_yen=amount) == yen


@pytest.mark.django_db
def test_a_set_costs_its_set_price_and_takes_a_purchase_that_holds_it() -> None:
    with transaction.atomic():
        seen = [ProductSeen(code=code, name=code, category="", brand="") for code in ("TEA", "CUP")]
        ensure_products(seen=seen)
    items = (Item(sku="TEA", quantity=2, price_yen=1200), Item(sku="CUP", quantity=1, price_yen=800))
    make(kind="bundle", value=2700, items=items)
    (one,) = issue(None)
    use = {"code": one.code, "person_id": None, "order_id": None, "store": "", "now": NOW}
    with pytest.raises(SpendTooSmall):
        redeem(key="a", amount_yen=3199, **use)  # type: ignore[arg-type]
    assert redeem(key="a", amount_yen=3200, **use).discount_yen == 500  # type: ignore[arg-type]
    assert offer(name="next-500").cost_yen == 500
    assert check_invariants() == []
