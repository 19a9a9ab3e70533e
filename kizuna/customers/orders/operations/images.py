"""Orders and parcels as the text a before-image keeps."""

from collections import defaultdict
from collections.abc import Sequence

import msgspec

from kizuna.customers.orders.models import Order, OrderLine
from kizuna.customers.orders.rules import LineRow, OrderRow, ShipmentRow
from kizuna.customers.stores.queries import among


def order_images(*, order_ids: Sequence[int]) -> dict[int, str]:
    """Each order with its lines, as JSON."""
    lines: dict[int, list[LineRow]] = defaultdict(list)
    orders: dict[int, OrderRow] = {}
    sold = OrderLine.objects.filter(among(column="order_id", values=order_ids)).order_by("line_no")
    for row in sold.values_list(*LineRow._fields):
        lines[row[0]].append(LineRow(*row))
    for found in Order.objects.filter(among(column="id", values=order_ids)).values_list(*OrderRow._fields):
        orders[found[0]] = OrderRow(*found)
    return {id_: msgspec.json.encode((row, lines[id_])).decode() for id_, row in orders.items()}


def read_order_image(*, content: str) -> tuple[OrderRow, list[LineRow]]:
    """The rows that ``order_images`` wrote."""
    return msgspec.json.decode(content, type=tuple[OrderRow, list[LineRow]])


def shipment_image(*, row: ShipmentRow) -> str:
    """A parcel as JSON."""
    return msgspec.json.encode(row).decode()


def read_shipment_image(*, content: str) -> ShipmentRow:
    """The row that ``shipment_image`` wrote."""
    return msgspec.json.decode(content, type=ShipmentRow)
