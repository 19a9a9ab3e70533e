"""Keeping the roll-ups in step with the unit tables."""

from kizuna.understand.metrics.operations.catch_up import catch_up
from kizuna.understand.metrics.operations.refresh import refresh

__all__ = ["catch_up", "refresh"]
