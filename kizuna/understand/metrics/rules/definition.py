"""What a metric is: one value per unit of one unit table, and everything needed to read it honestly.

``keep``, ``value`` and ``base`` take an unbound Ibis table and return Ibis columns, so one definition runs on
DuckDB today and on Spark or ClickHouse later. The files beside this one hold the definitions; nothing else may
compute a metric.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from kizuna.words import Words

Table = Any
"""An ibis table; ibis itself is only imported by ``rules.compiled`` (it costs a quarter of a second)."""


class Kind(StrEnum):
    """How the moments of the units become a number."""

    NPS = "nps"
    """y = +1/0/-1 per answer, shown as points."""
    SHARE = "share"
    """y = 0/1 per unit."""
    MEAN = "mean"
    """y per unit."""
    RATIO = "ratio"
    """Σy / Σx over units."""
    TOTAL = "total"
    """Σy."""
    TOP_SHARE = "top_share"
    """The share of Σy that the top fifth of the units holds."""


class Better(StrEnum):
    """Which direction is good news."""

    UP = "up"
    DOWN = "down"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One metric. ``mature_days``: a unit counts only when its day lies that many days or more before today (JST).

    ``fold`` set means the unit is a person within the group: that person's rows are first folded by ``max`` or
    ``sum``, so nobody is counted twice. ``family`` means one metric per value of ``instrument``.
    """

    name: str
    words: Words
    kind: Kind
    table: str
    value: Callable[[Table], Any]
    keep: Callable[[Table], Any] | None = None
    base: Callable[[Table], Any] | None = None
    unit: str
    low: float | None = 0.0
    high: float | None = None
    better: Better = Better.UP
    mature_days: int = 0
    fold: str = ""
    family: bool = False
    definition: Words
    formula: Words
    source: str
    decimals: int = 2

    def __post_init__(self) -> None:
        if self.fold not in {"", "max", "sum"}:
            raise ValueError(f"{self.name}: fold is max or sum, not {self.fold!r}")
        if (self.kind is Kind.RATIO) != (self.base is not None):
            raise ValueError(f"{self.name}: a ratio has a base, nothing else does")
