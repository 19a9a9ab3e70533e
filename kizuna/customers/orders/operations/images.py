"""Orders and parcels as the text a before-image keeps."""

from collections import defaultdict
from collections.abc import Sequence

import msgspec

from kizuna.customers.orders.models import Order, OrderLine
from kizuna.customers.orders.rules import LineRow, OrderRow, ShipmentRow
from kizuna.customers.stores.rules import slices


def order_images(*, order_ids: Sequence[int]) -> dict[int, str]:
    """Each order with its lines, as JSON."""
    lines: dict[int, list[LineRow]] = defaultdict(list)
    orders: dict[int, OrderRow] = {}
    for part in slices(items=order_ids):
        for row in OrderLine.objects.filter(order_id__in=part).order_by("line_no").values_list(*LineRow._fields):
            lines[row[0]].append(LineRow(*row))
        for found in Order.objects.filter(id__in=part).values_list(*OrderRow._fields):
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
