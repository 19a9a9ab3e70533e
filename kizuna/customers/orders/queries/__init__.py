"""Nouns about orders."""

from kizuna.customers.orders.queries.cards import LineCard, OrderCard, ShipmentCard, orders_of, people_of_order
from kizuna.customers.orders.queries.export import export_people

__all__ = ["LineCard", "OrderCard", "ShipmentCard", "export_people", "orders_of", "people_of_order"]
