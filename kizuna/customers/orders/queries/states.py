"""How orders stand, for whoever is about to write to the customer about them."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from kizuna.customers.orders.models import Order, OrderLine
from kizuna.customers.stores.queries import among


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderStanding:
    """An order's number and first product, and whether it still stands."""

    order_id: int
    external_id: str
    cancelled: bool
    refunded: bool
    """Refunded as a whole; a part given back leaves an order standing."""
    product: str
    """The name of its dearest line that has one, also when only the product's code tells it; empty when none has."""


def latest_standing(*, person_ids: Collection[int]) -> OrderStanding | None:
    """The latest order of these records, None when they have ordered nothing."""
    rows = Order.objects.filter(among(column="person_id", values=person_ids)).order_by("-ordered_at", "-id")
    latest = rows.values_list("id", flat=True).first()
    return order_standings(order_ids=[latest]).get(latest) if latest is not None else None


def order_standings(*, order_ids: Collection[int]) -> dict[int, OrderStanding]:
    """The orders among these ids that there are, by id."""
    if not order_ids:
        return {}
    products: dict[int, str] = {}
    lines = OrderLine.objects.filter(among(column="order_id", values=order_ids)).order_by("amount_yen", "-line_no")
    for order, name, known in lines.values_list("order_id", "name", "product__name"):
        products[order] = name or known or products.get(order, "")
    rows = Order.objects.filter(among(column="id", values=order_ids))
    columns = ("id", "external_id", "cancelled", "total_yen", "refunded_yen")
    return {
        id_: OrderStanding(
            order_id=id_,
            external_id=number,
            cancelled=cancelled,
            refunded=is_refunded(total_yen=total_yen, refunded_yen=refunded_yen),
            product=products.get(id_, ""),
        )
        for id_, number, cancelled, total_yen, refunded_yen in rows.values_list(*columns)
    }


def ended_orders(*, order_ids: Collection[int]) -> dict[int, Literal["cancelled", "refunded", "gone"]]:
    """Those of these orders that no longer stand, and why. Without their lines: it is asked of thousands at once."""
    if not order_ids:
        return {}
    ended: dict[int, Literal["cancelled", "refunded", "gone"]] = dict.fromkeys(order_ids, "gone")
    rows = Order.objects.filter(among(column="id", values=order_ids))
    for id_, cancelled, total, refunded in rows.values_list("id", "cancelled", "total_yen", "refunded_yen"):
        if cancelled:
            ended[id_] = "cancelled"
        elif is_refunded(total_yen=total, refunded_yen=refunded):
            ended[id_] = "refunded"
        else:
            del ended[id_]
    return ended


def is_refunded(*, total_yen: int, refunded_yen: int) -> bool:
    """Refunded as a whole; a part given back leaves an order standing."""
    return refunded_yen > 0 and refunded_yen >= total_yen
