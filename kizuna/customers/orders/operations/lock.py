"""One writer of orders at a time."""

from kizuna.facts.rows.operations import hold

_ORDERS = 0x6B697A32  # any constant of our own


def hold_orders() -> None:
    """Keep two imports of the same orders or products apart until this transaction ends.

    SQLite needs nothing: BEGIN IMMEDIATE already admits one writer.
    """
    hold(lock=_ORDERS)
