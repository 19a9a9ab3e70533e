"""Verbs on orders and parcels: record, undo, erase."""

from kizuna.customers.orders.operations.erase import erase_people
from kizuna.customers.orders.operations.record import record_orders
from kizuna.customers.orders.operations.shipments import UnknownOrder, record_shipments
from kizuna.customers.orders.operations.undo import undo_import

__all__ = ["UnknownOrder", "erase_people", "record_orders", "record_shipments", "undo_import"]
