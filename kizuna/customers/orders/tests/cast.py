"""Orders of the named cast."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction

from kizuna.customers.orders.operations import record_orders
from kizuna.customers.orders.rules import LineRecord, OrderRecord, ShipmentRecord
from kizuna.customers.people.rules import Sighting
from kizuna.customers.people.tests.cast import CAST, NOON, at
from kizuna.facts.outbox.models import OutboxEntry
from kizuna.facts.outbox.rules import to_facts
from kizuna.facts.rows.rules import Outcome


def tea(*, quantity: int = 1) -> LineRecord:
    """A line of 煎茶."""
    price = 1_200
    return LineRecord(
        sku="TEA-1",
        name="煎茶 100g",
        category="お茶",
        brand="絆園",
        quantity=quantity,
        unit_price_yen=price,
        amount_yen=price * quantity,
    )


def cup() -> LineRecord:
    """A line of 湯呑, with a line discount."""
    return LineRecord(
        sku="CUP-9", name="湯呑", category="食器", quantity=1, unit_price_yen=3_000, discount_yen=300, amount_yen=2_700
    )


def order(
    number: str = "A-1",
    *,
    customer: Sighting | None = CAST.misaki_web,
    lines: tuple[LineRecord, ...] = (tea(), cup()),
    ordered_at: datetime = NOON,
    **changes: object,
) -> OrderRecord:
    """An order of the web shop, whose totals fit its lines."""
    subtotal = sum(line.amount_yen for line in lines)
    made = OrderRecord(
        source="webshop",
        external_id=number,
        ordered_at=ordered_at,
        customer=customer,
        channel="web",
        store="web",
        lines=lines,
        subtotal_yen=subtotal,
        shipping_yen=500,
        total_yen=subtotal + 500,
        payment_method="クレジットカード",
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def parcel(*, promised: float = 3, delivered: float | None = None, **changes: object) -> ShipmentRecord:
    """A parcel promised and perhaps delivered so many days after the cast's first day."""
    made = ShipmentRecord(
        carrier="ヤマト運輸",
        promised_at=at(days=promised),
        delivered_at=None if delivered is None else at(days=delivered),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def record(*orders: OrderRecord, import_id: int | None = 1, now: datetime = NOON) -> list[Outcome]:
    """Record orders as one chunk of an import."""
    with transaction.atomic():
        return record_orders(orders=orders, import_id=import_id, now=now, wake=False)


def facts(*types: str) -> list[Any]:
    """The published facts of these types, in the order they were published."""
    entries = OutboxEntry.objects.filter(fact_type__in=types).order_by("id")
    return [one for entry in entries for one in to_facts(fact_type=entry.fact_type, payload=bytes(entry.payload))]
