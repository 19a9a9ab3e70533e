"""Pure decisions about orders: the records that come in, and when two of them say the same."""

from dataclasses import dataclass
from datetime import datetime

from kizuna.customers.people.rules import Sighting


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
