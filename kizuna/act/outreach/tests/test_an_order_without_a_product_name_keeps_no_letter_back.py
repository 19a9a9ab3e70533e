"""«{{注文.商品}}» is filled in also when the shop's files know products by their codes only."""

import pytest
from django.db import transaction

from kizuna.act.outreach.models import Message
from kizuna.act.outreach.operations import claim, ensure_template
from kizuna.act.outreach.operations.sender import note_liking
from kizuna.act.outreach.queries import render_preview
from kizuna.act.outreach.rules import Body
from kizuna.act.outreach.tests.conftest import NOON, NewPerson, draft, plan
from kizuna.customers.orders.models import Order
from kizuna.customers.orders.operations import record_orders
from kizuna.customers.orders.rules import LineRecord, OrderRecord
from kizuna.customers.people.rules import Sighting
from kizuna.words import Words


def _order(number: str, *lines: tuple[str, str, int]) -> int:
    record = OrderRecord(
        source="shop",
        external_id=number,
        ordered_at=NOON,
        channel="web",
        store="honten",
        customer=Sighting(source="shop", observed_at=NOON, account_id="c1"),
        lines=tuple(
            LineRecord(sku=sku, name=name, quantity=1, unit_price_yen=yen, amount_yen=yen) for sku, name, yen in lines
        ),
        subtotal_yen=5000,
        total_yen=5000,
    )
    with transaction.atomic():
        record_orders(orders=[record], import_id=None, now=NOON, wake=False)
    return Order.objects.get(external_id=number).pk


@pytest.fixture
def arrived(db: None) -> None:
    bodies = [
        Body("mail", "ja", "お届け", "{{注文.商品}}は届きましたでしょうか。"),
        Body("mail", "en", "It has arrived", "How is {{注文.商品}}?"),
    ]
    ensure_template(name="arrived", title=Words(ja="お届け", en="x"), purpose="service", bodies=bodies, now=NOON)


def _text(person: int, order: int) -> str:
    plan(draft(person, key=f"k{order}", template="arrived", order_id=order))
    (one,) = claim(channel="mail", limit=5, lease_seconds=60, now=NOON)
    return one.text


def test_a_product_without_any_name_is_called_what_was_ordered(arrived: None, new_person: NewPerson) -> None:
    person, order = new_person(), _order("1", ("SKU-1", "", 5000))
    assert "ご注文の商品は届きましたでしょうか" in _text(person, order)
    assert not Message.objects.filter(reason="missing_value").exists()
    shown = render_preview(template="arrived", person_id=person, language="ja")
    assert shown is not None
    assert "ご注文の商品" in shown.text


def test_in_the_language_of_the_letter(arrived: None, new_person: NewPerson) -> None:
    person, order = new_person(), _order("1", ("SKU-1", "", 5000))
    note_liking(person_id=person, channel="", language="en", now=NOON)
    assert "How is your order?" in _text(person, order)


def test_a_code_that_had_a_name_before_keeps_it(arrived: None, new_person: NewPerson) -> None:
    person = new_person()
    _order("0", ("SKU-1", "有機煎茶", 5000))
    assert "有機煎茶は届きましたでしょうか" in _text(person, _order("1", ("SKU-1", "", 5000)))


def test_of_several_lines_the_dearest_with_a_name_is_told(arrived: None, new_person: NewPerson) -> None:
    person = new_person()
    order = _order("1", ("SKU-1", "", 4000), ("SKU-2", "ほうじ茶", 600), ("SKU-3", "茶筒", 400))
    assert "ほうじ茶は届きましたでしょうか" in _text(person, order)
