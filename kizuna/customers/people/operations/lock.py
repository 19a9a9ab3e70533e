"""One writer of identity at a time."""

from kizuna.facts.rows.operations import hold

_IDENTITY = 0x6B697A31  # any constant of our own


def hold_identity() -> None:
    """Wait until no other transaction writes people, and keep others waiting until this one ends.

    Two imports that each see one half of a shared key would otherwise both commit without joining the
    two records. SQLite needs nothing: BEGIN IMMEDIATE already admits one writer.
    """
    hold(lock=_IDENTITY)
