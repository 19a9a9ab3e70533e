"""The closed loop on one screen: which fact makes whom react, and what falls due.

``REACTIONS`` maps a fact to the reactions that run after it has committed, at least once each.
``DUE`` lists the functions a worker calls in turn; each does a bounded slice of the work that is
due at ``now`` and returns how much it did, so a busy feature cannot starve the others.
"""

from collections.abc import Callable

from kizuna.connectors.tables import operations as tables
from kizuna.facts.catalogue import Fact
from kizuna.understand.metrics import operations as metrics

REACTIONS: dict[type[Fact], tuple[Callable[..., None], ...]] = {}
DUE: tuple[Callable[..., int], ...] = (tables.run_due, tables.expire_files, metrics.refresh)
