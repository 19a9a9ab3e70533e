"""Pure decisions about orders: the records that come in, and when two of them say the same."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from hashlib import blake2b
from typing import Any, NamedTuple, TypeVar

import msgspec

from kizuna.customers.people.rules import Sighting
from kizuna.customers.products.rules import product_code
from kizuna.errors import Invalid
from kizuna.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRecord:
    """One order line as imported. ``amount_yen`` is after the line's discount, tax as given by the source."""

    sku: str
    name: str = ""
    variant: str = ""
    category: str = ""
    brand: str = ""
    quantity: int
    unit_price_yen: int
    discount_yen: int = 0
    amount_yen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentRecord:
    """One parcel of an order. Unknown times stay None; a date without a time means the end of that day, JST."""

    external_id: str = ""
    carrier: str = ""
    tracking_no: str = ""
    promised_at: datetime | None = None
    shipped_at: datetime | None = None
    delivered_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRecord:
    """One order as one source knows it; unique by (source, external_id). Amounts are integer yen.

    ``total_yen`` is what the customer paid for, after discounts and before points used as payment.
    ``refunded_yen`` is cumulative. ``store`` is a store code or name; unknown stores are created.
    """

    source: str
    external_id: str
    ordered_at: datetime
    customer: Sighting | None
    channel: str
    store: str = ""
    lines: tuple[LineRecord, ...]
    subtotal_yen: int
    discount_yen: int = 0
    points_used_yen: int = 0
    shipping_yen: int = 0
    total_yen: int
    refunded_yen: int = 0
    cancelled: bool = False
    payment_method: str = ""
    shipments: tuple[ShipmentRecord, ...] = ()


class OrderRow(NamedTuple):
    """One row of the orders table; the field names are its columns."""

    id: int
    source: str
    external_id: str
    person_id: int | None
    store_id: int | None
    ordered_at: datetime
    channel: str
    subtotal_yen: int
    discount_yen: int
    points_used_yen: int
    shipping_yen: int
    total_yen: int
    refunded_yen: int
    quantity: int
    cancelled: bool
    payment_method: str
    digest: str
    revision: int


class LineRow(NamedTuple):
    """One row of the order lines table."""

    order_id: int
    line_no: int
    product_id: int
    name: str
    variant: str
    category: str
    brand: str
    quantity: int
    unit_price_yen: int
    discount_yen: int
    amount_yen: int


class ShipmentRow(NamedTuple):
    """One row of the shipments table."""

    id: int
    order_id: int
    external_id: str
    carrier: str
    tracking_no: str
    promised_at: datetime | None
    shipped_at: datetime | None
    delivered_at: datetime | None
    revision: int


_R = TypeVar("_R", LineRecord, OrderRecord)
_LARGEST_YEN = 10**12


class OrderNotStorable(Invalid):
    """The order has no usable number, too long a number, or an amount beyond any shop's."""

    code = "order_not_storable"

    def __init__(self, *, field: str, value: object) -> None:
        super().__init__(
            Words(
                ja="注文の項目「{field}」の値が正しくありません。", en="The order's {field} cannot be accepted."
            ).fill(field=field)
        )
        self.field = field
        self.value = value


def refusal_of(*, order: OrderRecord) -> OrderNotStorable | None:
    """Why an order cannot be stored; None when it can."""
    if not 0 < len(order.external_id) <= 200:
        return OrderNotStorable(field="external_id", value=order.external_id[:40])
    if not 0 < len(order.source) <= 60:
        return OrderNotStorable(field="source", value=order.source[:40])
    if order.ordered_at.tzinfo is None:
        return OrderNotStorable(field="ordered_at", value=order.ordered_at)
    amounts = (order.subtotal_yen, order.discount_yen, order.points_used_yen, order.shipping_yen)
    if max(map(abs, (*amounts, order.total_yen, order.refunded_yen))) > _LARGEST_YEN:
        return OrderNotStorable(field="total_yen", value=order.total_yen)
    for line in order.lines:
        if (
            max(abs(line.quantity), abs(line.unit_price_yen), abs(line.amount_yen), abs(line.discount_yen))
            > _LARGEST_YEN
        ):
            return OrderNotStorable(field="amount_yen", value=line.amount_yen)
    return None


def digest_of(*, order: OrderRecord, person_id: int | None) -> str:
    """What the imported order says, in 32 characters. Shipments are compared on their own."""
    content = (
        order.ordered_at.timestamp(),
        person_id,
        order.channel,
        order.store,
        order.lines,
        order.subtotal_yen,
        order.discount_yen,
        order.points_used_yen,
        order.shipping_yen,
        order.total_yen,
        order.refunded_yen,
        order.cancelled,
        order.payment_method,
    )
    return blake2b(msgspec.json.encode(content), digest_size=16).hexdigest()


def storable(*, order: OrderRecord) -> OrderRecord:
    """The order without NUL characters, which PostgreSQL cannot store; nearly always the order itself."""
    texts = [order.source, order.external_id, order.channel, order.store, order.payment_method]
    for line in order.lines:
        texts += (line.sku, line.name, line.variant, line.category, line.brand)
    if "\x00" not in "".join(texts):
        return order
    return _without_nul(order)


def _without_nul(record: _R) -> _R:
    changes: dict[str, Any] = {}
    for field in fields(record):
        value = getattr(record, field.name)
        if isinstance(value, str):
            changes[field.name] = value.replace("\x00", "")
    if isinstance(record, OrderRecord):
        changes["lines"] = tuple(_without_nul(line) for line in record.lines)
    return replace(record, **changes)


def nameless(*, order: OrderRecord) -> OrderRecord:
    """The order of an erased customer: products by code, without free wording and tracking numbers."""
    lines = tuple(
        replace(line, sku=product_code(sku=line.sku, name=line.name), name="", variant="") for line in order.lines
    )
    return replace(order, lines=lines, shipments=tuple(replace(one, tracking_no="") for one in order.shipments))


def matching_shipment(*, known: Sequence[ShipmentRow], record: ShipmentRecord, place: int) -> ShipmentRow | None:
    """Which known parcel of the order a record speaks of: by its id, its tracking number, or its place in the order."""
    if record.external_id:
        return next((row for row in known if row.external_id == record.external_id), None)
    if record.tracking_no:
        found = next((row for row in known if row.tracking_no == record.tracking_no), None)
        if found:
            return found
    at = next((row for row in known if row.external_id == f"#{place}"), None) or (known[0] if len(known) == 1 else None)
    if at and record.tracking_no and at.tracking_no:
        return None  # both numbers are known and differ: another parcel
    return at


def shipment_after(*, row: ShipmentRow, record: ShipmentRecord) -> ShipmentRow:
    """The parcel with what the record adds; a time that is known is not forgotten when a file leaves it out."""
    return row._replace(
        carrier=record.carrier.replace("\x00", "")[:100] or row.carrier,
        tracking_no=record.tracking_no.replace("\x00", "")[:100] or row.tracking_no,
        promised_at=record.promised_at or row.promised_at,
        shipped_at=record.shipped_at or row.shipped_at,
        delivered_at=record.delivered_at or row.delivered_at,
    )
