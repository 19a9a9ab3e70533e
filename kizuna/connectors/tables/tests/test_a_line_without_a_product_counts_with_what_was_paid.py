"""Some tills export amounts without goods: the shop's sales must not be short of them."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from kizuna.connectors.tables.operations import import_file
from kizuna.customers.orders.models import OrderLine
from kizuna.customers.orders.queries import orders_of
from kizuna.customers.people.models import Person
from kizuna.customers.products.models import Product
from kizuna.facts.lake.operations import write_due
from kizuna.facts.state.operations import advance
from kizuna.stats.estimate import Estimate
from kizuna.understand.metrics.operations import refresh
from kizuna.understand.metrics.queries import measure

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 7, 20, 3, tzinfo=UTC)
HEADER = "order_id,ordered_at,customer,sku,product,category,quantity,unit_price_yen\n"


def take(text: str, *, folder: Path) -> tuple[int, int]:
    path = folder / "orders.csv"
    path.write_text(HEADER + text, encoding="utf-8")
    result = import_file(path=path, layout="generic_orders", mapping=None, actor="system", now=NOW)
    return result.imported, result.errored


def test_quantity_and_price_are_enough(tmp_path: Path) -> None:
    assert take("A1,2026-07-09,C1,,,,2,900\nA2,2026-07-09,C2,T1,茶,飲料,1,500\n", folder=tmp_path) == (2, 0)
    write_due(now=NOW, limit=100)
    advance(now=NOW)
    refresh(now=NOW)
    (found,) = measure(metric="sales", now=NOW)
    assert isinstance(found.result, Estimate)
    assert found.result.value == 2300
    orders = orders_of(person_ids=list(Person.objects.values_list("pk", flat=True)), stores=None)
    (unnamed,) = [line for order in orders for line in order.lines if not line.product]
    assert (unnamed.name, unnamed.amount_yen) == ("", 1800)


@pytest.mark.parametrize("row", ["A1,2026-07-09,C1,,,,2,\n", "A1,2026-07-09,C1,,,,,900\n"])
def test_without_an_amount_or_a_quantity_the_order_is_still_refused(row: str, tmp_path: Path) -> None:
    assert take(row, folder=tmp_path) == (0, 1)


def test_unknown_products_lend_each_other_nothing(tmp_path: Path) -> None:
    assert take("A1,2026-07-09,C1,,,食品,1,900\nA2,2026-07-09,C2,,,,1,500\n", folder=tmp_path) == (2, 0)
    (product,) = Product.objects.all()
    assert (product.code, product.name, product.category) == ("", "", "")
    assert list(OrderLine.objects.order_by("order_id").values_list("category", flat=True)) == ["食品", ""]
