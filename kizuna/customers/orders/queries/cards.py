"""Orders as pages show them."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from kizuna.customers.orders.models import Order, OrderLine, Shipment


@dataclass(frozen=True, slots=True, kw_only=True)
class LineCard:
    """One line of an order."""

    line_no: int
    product: str
    name: str
    variant: str
    category: str
    quantity: int
    unit_price_yen: int
    discount_yen: int
    amount_yen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentCard:
    """One parcel of an order; ``late`` is None while the promise can neither be kept nor broken yet."""

    shipment_id: int
    carrier: str
    tracking_no: str
    promised_at: datetime | None
    shipped_at: datetime | None
    delivered_at: datetime | None

    @property
    def late(self) -> bool | None:
        """Whether the parcel came after its promise."""
        if self.promised_at is None or self.delivered_at is None:
            return None
        return self.delivered_at > self.promised_at


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCard:
    """One order with its lines and parcels."""

    order_id: int
    person_id: int | None
    source: str
    external_id: str
    ordered_at: datetime
    channel: str
    store: str
    store_name: str
    subtotal_yen: int
    discount_yen: int
    points_used_yen: int
    shipping_yen: int
    total_yen: int
    refunded_yen: int
    quantity: int
    cancelled: bool
    payment_method: str
    lines: tuple[LineCard, ...]
    shipments: tuple[ShipmentCard, ...]


def orders_of(
    *, person_ids: Collection[int], stores: frozenset[str] | None = None, limit: int | None = None
) -> list[OrderCard]:
    """The orders of these records, newest first; ``stores`` shows those of some stores only."""
    found = Order.objects.filter(person_id__in=list(person_ids)).select_related("store")
    if stores is not None:
        found = found.filter(store__code__in=list(stores))
    orders = list(found.order_by("-ordered_at", "-id")[:limit])
    ids = [order.pk for order in orders]
    lines, shipments = _lines(order_ids=ids), _shipments(order_ids=ids)
    return [_card(order=order, lines=lines[order.pk], shipments=shipments[order.pk]) for order in orders]


def people_of_order(*, external_id: str, stores: frozenset[str] | None = None) -> tuple[int, ...]:
    """The person records behind an order number, as a customer reads it out; several sources may share a number."""
    found = Order.objects.filter(external_id=external_id.strip(), person__isnull=False)
    if stores is not None:
        found = found.filter(store__code__in=list(stores))
    return tuple(found.order_by("-id").values_list("person_id", flat=True)[:20])


def _card(*, order: Order, lines: list[LineCard], shipments: list[ShipmentCard]) -> OrderCard:
    return OrderCard(
        order_id=order.pk,
        person_id=order.person_id,
        source=order.source,
        external_id=order.external_id,
        ordered_at=order.ordered_at,
        channel=order.channel,
        store=order.store.code if order.store else "",
        store_name=order.store.name if order.store else "",
        subtotal_yen=order.subtotal_yen,
        discount_yen=order.discount_yen,
        points_used_yen=order.points_used_yen,
        shipping_yen=order.shipping_yen,
        total_yen=order.total_yen,
        refunded_yen=order.refunded_yen,
        quantity=order.quantity,
        cancelled=order.cancelled,
        payment_method=order.payment_method,
        lines=tuple(lines),
        shipments=tuple(shipments),
    )


def _lines(*, order_ids: list[int]) -> dict[int, list[LineCard]]:
    cards: dict[int, list[LineCard]] = defaultdict(list)
    for row in OrderLine.objects.filter(order_id__in=order_ids).select_related("product").order_by("line_no"):
        cards[row.order_id].append(
            LineCard(
                line_no=row.line_no,
                product=row.product.code,
                name=row.name or row.product.name,
                variant=row.variant,
                category=row.category or row.product.category,
                quantity=row.quantity,
                unit_price_yen=row.unit_price_yen,
                discount_yen=row.discount_yen,
                amount_yen=row.amount_yen,
            )
        )
    return cards


def _shipments(*, order_ids: list[int]) -> dict[int, list[ShipmentCard]]:
    cards: dict[int, list[ShipmentCard]] = defaultdict(list)
    for row in Shipment.objects.filter(order_id__in=order_ids).order_by("id"):
        cards[row.order_id].append(
            ShipmentCard(
                shipment_id=row.pk,
                carrier=row.carrier,
                tracking_no=row.tracking_no,
                promised_at=row.promised_at,
                shipped_at=row.shipped_at,
                delivered_at=row.delivered_at,
            )
        )
    return cards
