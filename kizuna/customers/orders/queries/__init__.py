"""Nouns about orders."""

from kizuna.customers.orders.queries.arrivals import Arrival, arrivals, latest_arrivals
from kizuna.customers.orders.queries.cards import LineCard, OrderCard, ShipmentCard, orders_of, people_of_order
from kizuna.customers.orders.queries.export import export_people
from kizuna.customers.orders.queries.moments import (
    OrderContents,
    OverdueParcel,
    order_contents,
    order_moments,
    overdue_parcels,
)
from kizuna.customers.orders.queries.states import OrderStanding, ended_orders, latest_standing, order_standings

__all__ = [
    "Arrival",
    "LineCard",
    "OrderCard",
    "OrderContents",
    "OrderStanding",
    "OverdueParcel",
    "ShipmentCard",
    "arrivals",
    "ended_orders",
    "export_people",
    "latest_arrivals",
    "latest_standing",
    "order_contents",
    "order_moments",
    "order_standings",
    "orders_of",
    "overdue_parcels",
    "people_of_order",
]
