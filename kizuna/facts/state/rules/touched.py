"""What an advance of the state has changed, so that readers refresh that and no more."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

EVERYTHING: frozenset[date] = frozenset({date.min})
"""Stands for every month of a table; compare with ``is`` or ask ``Touched.all_of``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """The generation now current and, per unit table, the months whose rows differ from before."""

    generation: int
    tables: Mapping[str, frozenset[date]] = field(default_factory=dict)

    def all_of(self, *, table: str) -> bool:
        """Whether the whole table was made anew."""
        return self.tables.get(table) == EVERYTHING

    def plain(self) -> dict[str, object]:
        """As JSON can hold it."""
        return {
            table: "everything" if self.all_of(table=table) else sorted(month.isoformat() for month in months)
            for table, months in self.tables.items()
        }


NOTHING: Mapping[str, frozenset[date]] = {}
