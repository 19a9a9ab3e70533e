"""The only two shapes a number may leave Kizuna in: an estimate with its interval, or why there is none."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """Additive sums over units: n, Σy, Σy², and for ratios and CUPED Σx, Σx², Σxy. Adding two gives their union."""

    n: int
    sum_y: float
    sum_yy: float
    sum_x: float = 0.0
    sum_xx: float = 0.0
    sum_xy: float = 0.0

    def __add__(self, other: "Moments") -> "Moments":
        return Moments(
            n=self.n + other.n,
            sum_y=self.sum_y + other.sum_y,
            sum_yy=self.sum_yy + other.sum_yy,
            sum_x=self.sum_x + other.sum_x,
            sum_xx=self.sum_xx + other.sum_xx,
            sum_xy=self.sum_xy + other.sum_xy,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A value with its ``level`` interval [low, high] from ``n`` units by ``method``: what ``stats`` computes."""

    value: float
    low: float
    high: float
    level: float
    n: int
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """An interval that knows its unit (``points``, ``share``, ``yen``, ``days`` …) and the moment it speaks of."""

    value: float
    low: float
    high: float
    level: float
    n: int
    unit: str
    method: str
    as_of: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NotEnough:
    """There is no honest number yet: ``have`` units where ``need`` are needed, for ``reason`` (a stable slug)."""

    reason: str
    have: int
    need: int
