"""Orders and parcels as facts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from kizuna.customers.orders.rules import LineRow, OrderRow, ShipmentRow
from kizuna.customers.products.rules import KnownProduct
from kizuna.facts.catalogue import (
    Fact,
    OrderAmended,
    OrderCancelled,
    OrderLineSold,
    OrderPlaced,
    OrderVoided,
    ShipmentDelivered,
    ShipmentPromised,
    ShipmentVoided,
)
from kizuna.facts.outbox.operations import publish_columns

_ORDER = (
    *("occurred_at", "person_id", "channel", "revision", "order_id", "source", "store", "total_yen"),
    *("discount_yen", "points_used_yen", "shipping_yen", "refunded_yen", "quantity"),
)
_LINE = (
    *("occurred_at", "person_id", "channel", "revision", "order_id", "line_no", "store", "product", "category"),
    *("brand", "quantity", "amount_yen", "discount_yen"),
)
_SHIPMENT = (
    *("occurred_at", "person_id", "channel", "revision", "shipment_id", "order_id", "store", "carrier"),
    *("promised_at", "shipped_at", "delivered_at"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """Publishes what one call changed; codes are looked up by the ids the rows carry."""

    now: datetime
    wake: bool
    store_codes: Mapping[int | None, str]

    def orders(self, *, rows: Sequence[OrderRow], created: Callable[[OrderRow], bool]) -> None:
        """State each order as it is now: placed, amended or cancelled."""
        by_fact: dict[type[Fact], list[tuple[object, ...]]] = {OrderPlaced: [], OrderAmended: [], OrderCancelled: []}
        codes = self.store_codes
        for row in rows:
            fact: type[Fact] = OrderCancelled if row.cancelled else OrderPlaced if created(row) else OrderAmended
            by_fact[fact].append(
                (
                    *(row.ordered_at, row.person_id, row.channel, row.revision, row.id, row.source),
                    *(codes[row.store_id], row.total_yen, row.discount_yen, row.points_used_yen),
                    *(row.shipping_yen, row.refunded_yen, row.quantity),
                )
            )
        for kind, values in by_fact.items():
            self._publish(fact=kind, names=_ORDER, values=values, touchpoint="purchase")

    def lines(
        self, *, rows: Sequence[LineRow], orders: Mapping[int, OrderRow], products: Mapping[int, KnownProduct]
    ) -> None:
        """State each line at its order's revision; a line without a category takes its product's."""
        codes = self.store_codes
        values = []
        for row in rows:
            order, product = orders[row.order_id], products[row.product_id]
            values.append(
                (
                    *(order.ordered_at, order.person_id, order.channel, order.revision, order.id, row.line_no),
                    *(codes[order.store_id], product.code, row.category or product.category),
                    *(row.brand or product.brand, row.quantity, row.amount_yen, row.discount_yen),
                )
            )
        self._publish(fact=OrderLineSold, names=_LINE, values=values, touchpoint="purchase")

    def shipments(self, *, rows: Sequence[ShipmentRow], orders: Mapping[int, OrderRow]) -> None:
        """State each parcel as it is now: promised or delivered."""
        by_fact: dict[type[Fact], list[tuple[object, ...]]] = {ShipmentPromised: [], ShipmentDelivered: []}
        for row in rows:
            order = orders[row.order_id]
            by_fact[ShipmentDelivered if row.delivered_at else ShipmentPromised].append(
                (
                    *(row.delivered_at or order.ordered_at, order.person_id, order.channel, row.revision, row.id),
                    *(order.id, self.store_codes[order.store_id], row.carrier),
                    *(row.promised_at, row.shipped_at, row.delivered_at),
                )
            )
        for fact, values in by_fact.items():
            self._publish(fact=fact, names=_SHIPMENT, values=values, touchpoint="delivery")

    def voided_orders(self, *, rows: Sequence[OrderRow]) -> None:
        """Withdraw these orders; the withdrawal outranks every earlier revision."""
        values = [(row.ordered_at, row.person_id, row.channel, row.revision + 1, row.id) for row in rows]
        names = ("occurred_at", "person_id", "channel", "revision", "order_id")
        self._publish(fact=OrderVoided, names=names, values=values, touchpoint="purchase")

    def voided_shipments(self, *, rows: Sequence[ShipmentRow], orders: Mapping[int, OrderRow]) -> None:
        """Withdraw these parcels."""
        values = [
            (order.ordered_at, order.person_id, order.channel, row.revision + 1, row.id)
            for row in rows
            for order in (orders[row.order_id],)
        ]
        names = ("occurred_at", "person_id", "channel", "revision", "shipment_id")
        self._publish(fact=ShipmentVoided, names=names, values=values, touchpoint="delivery")

    def _publish(
        self, *, fact: type[Fact], names: Sequence[str], values: Sequence[tuple[object, ...]], touchpoint: str
    ) -> None:
        if not values:
            return
        columns: dict[str, Sequence[object]] = dict(zip(names, zip(*values, strict=True), strict=True))
        columns["touchpoint"] = [touchpoint] * len(values)
        publish_columns(fact=fact, columns=columns, now=self.now, wake=self.wake)
