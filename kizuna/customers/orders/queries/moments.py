"""Many customers' orders at once: when they ordered, what was in an order, which parcels are overdue."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from kizuna.customers.orders.models import Order, OrderLine, Shipment
from kizuna.customers.stores.queries import among, store_codes


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderContents:
    """An order as far as it says who may be served for it."""

    person_id: int | None
    ordered_at: datetime
    store: str
    channel: str
    cancelled: bool
    products: frozenset[str]
    categories: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class OverdueParcel:
    """A parcel whose promised time has passed while its arrival is not known."""

    shipment_id: int
    order_id: int
    person_id: int
    store: str
    promised_at: datetime


def order_moments(*, person_ids: Collection[int]) -> dict[int, list[tuple[datetime, int]]]:
    """(ordered_at, order id) of every order that was not cancelled, by person record, in order of time."""
    found: dict[int, list[tuple[datetime, int]]] = defaultdict(list)
    if person_ids:
        rows = Order.objects.filter(among(column="person_id", values=person_ids), cancelled=False)
        for person, at, id_ in rows.order_by("ordered_at", "id").values_list("person_id", "ordered_at", "id"):
            if person is not None:
                found[person].append((at, id_))
    return found


def order_contents(*, order_ids: Collection[int], with_lines: bool = True) -> dict[int, OrderContents]:
    """What these orders are, by id."""
    if not order_ids:
        return {}
    products: dict[int, set[str]] = defaultdict(set)
    categories: dict[int, set[str]] = defaultdict(set)
    if with_lines:
        lines = OrderLine.objects.filter(among(column="order_id", values=order_ids))
        for order, product, category in lines.values_list("order_id", "product__code", "category"):
            products[order].add(product)
            categories[order].add(category)
    codes = store_codes()
    rows = Order.objects.filter(among(column="id", values=order_ids))
    columns = ("id", "person_id", "ordered_at", "store_id", "channel", "cancelled")
    return {
        id_: OrderContents(
            person_id=person,
            ordered_at=at,
            store=codes.get(store, ""),
            channel=channel,
            cancelled=cancelled,
            products=frozenset(products[id_]),
            categories=frozenset(categories[id_]),
        )
        for id_, person, at, store, channel, cancelled in rows.values_list(*columns)
    }


def overdue_parcels(*, promised_from: datetime, promised_to: datetime) -> list[OverdueParcel]:
    """Parcels of known customers promised within the half-open period that are not known to have arrived."""
    rows = Shipment.objects.filter(
        promised_at__gte=promised_from,
        promised_at__lt=promised_to,
        delivered_at=None,
        order__cancelled=False,
        order__person__isnull=False,
    )
    codes = store_codes()
    columns = ("id", "order_id", "order__person_id", "order__store_id", "promised_at")
    return [
        OverdueParcel(
            shipment_id=id_, order_id=order, person_id=person, store=codes.get(store, ""), promised_at=promised
        )
        for id_, order, person, store, promised in rows.values_list(*columns)
        if person is not None and promised is not None
    ]
