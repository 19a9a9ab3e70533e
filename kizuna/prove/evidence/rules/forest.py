"""Where dots and whiskers stand in a forest plot, in per cent of its width: zero is always on it, in the middle."""

from collections.abc import Sequence
from dataclasses import dataclass

EDGE = 3.0
"""Per cent kept free on both sides, so that a dot at the end is whole."""
_NICE = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One effect on its scale. ``cut_low`` and ``cut_high``: the whisker goes on beyond the drawing."""

    dot: float
    low: float
    high: float
    cut_low: bool
    cut_high: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """From ``-reach`` to ``reach`` over the width."""

    reach: float

    def place(self, *, value: float) -> float:
        """Per cent from the left, kept within the drawing."""
        inside = min(max(value, -self.reach), self.reach)
        return round(EDGE + (inside + self.reach) / (2 * self.reach) * (100.0 - 2 * EDGE), 3)

    def mark(self, *, value: float, low: float, high: float) -> Mark:
        """The dot and its whisker."""
        return Mark(
            dot=self.place(value=value),
            low=self.place(value=low),
            high=self.place(value=high),
            cut_low=low < -self.reach,
            cut_high=high > self.reach,
        )


def scale_of(*, spans: Sequence[tuple[float, float, float]]) -> Scale:
    """A scale that holds every (value, low, high), unless a whisker is more than thrice as long as the median one.

    One practice with few customers must not press all others into the middle: its whisker is cut instead.
    """
    if not spans:
        return Scale(reach=1.0)
    lengths = sorted(high - low for _, low, high in spans)
    longest = 3.0 * lengths[len(lengths) // 2]
    whole = [max(abs(low), abs(high)) for _, low, high in spans if high - low <= longest]
    return Scale(reach=_nice(max([*whole, *(abs(value) for value, _, _ in spans)])))


def _nice(size: float) -> float:
    """The next round number: 24.3 → 25."""
    if size <= 0.0:
        return 1.0
    power = 10.0 ** _exponent(size)
    return next(step * power for step in _NICE if step * power >= size * (1 - 1e-9))


def _exponent(size: float) -> int:
    return int(f"{size:e}".partition("e")[2])
