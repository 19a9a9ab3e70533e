"""Conditions about orders for rows of other rooms that carry an order's id."""

from django.db.models import Exists, OuterRef

from kizuna.customers.orders.models import Order


def is_cancelled(*, column: str) -> Exists:
    """The condition that the order named by ``column`` stands no more; the database joins, no ids travel."""
    return Exists(Order.objects.filter(pk=OuterRef(column), cancelled=True))
