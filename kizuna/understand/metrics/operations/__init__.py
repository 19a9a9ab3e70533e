"""Keeping the roll-ups in step with the unit tables, proving it, and the docs in step with the definitions."""

from kizuna.understand.metrics.operations.catch_up import catch_up
from kizuna.understand.metrics.operations.refresh import refresh
from kizuna.understand.metrics.operations.verify import RollUpReport, verify
from kizuna.understand.metrics.operations.write_docs import write_docs

__all__ = ["RollUpReport", "catch_up", "refresh", "verify", "write_docs"]
