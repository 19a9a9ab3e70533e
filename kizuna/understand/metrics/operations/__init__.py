"""Keeping the roll-ups in step with the unit tables, and the docs in step with the definitions."""

from kizuna.understand.metrics.operations.catch_up import catch_up
from kizuna.understand.metrics.operations.refresh import refresh
from kizuna.understand.metrics.operations.write_docs import write_docs

__all__ = ["catch_up", "refresh", "write_docs"]
