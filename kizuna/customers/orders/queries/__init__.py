"""Nouns about orders."""

from kizuna.customers.orders.queries.cards import LineCard, OrderCard, ShipmentCard, orders_of
from kizuna.customers.orders.queries.export import export_people

__all__ = ["LineCard", "OrderCard", "ShipmentCard", "export_people", "orders_of"]
