"""One writer of orders at a time."""

from django.db import connection

_ORDERS = 0x6B697A32  # any constant of our own


def hold_orders() -> None:
    """Keep two imports of the same orders or products apart until this transaction ends.

    SQLite needs nothing: BEGIN IMMEDIATE already admits one writer.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("orders are written inside a transaction")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ORDERS])
