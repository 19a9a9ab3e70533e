"""Places of an effect on its own scale, as percentages of the width: drawn on the server, so it prints as it looks."""

from collections.abc import Sequence
from dataclasses import dataclass

_EDGE = 3.0
"""Per cent of the width kept free on both sides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A dot with its interval. ``low_cut`` and ``high_cut`` say that the interval goes on beyond the drawing."""

    dot: str
    low: str
    high: str
    low_cut: bool
    high_cut: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """One scale around 0 for several bars. ``worth`` is the smallest change worth having; empty when unknown."""

    reach: float
    zero: str
    worth: str

    def bar(self, *, value: float, low: float, high: float) -> Bar:
        """Where this interval lies; what reaches further than the scale is cut and marked."""
        return Bar(
            dot=self.at(value=value),
            low=self.at(value=low),
            high=self.at(value=high),
            low_cut=low < -self.reach,
            high_cut=high > self.reach,
        )

    def at(self, *, value: float) -> str:
        """Where a value lies, kept within the drawing."""
        return _at(value, self.reach)


def axis_of(*, intervals: Sequence[tuple[float, float, float]], worth: float | None) -> Axis:
    """A scale that shows every (value, low, high) well: as wide as the widest, but never so wide that values drown.

    An early look's interval may be a hundred times its value: it is cut at six times the largest value.
    """
    values = [abs(value) for value, _, _ in intervals] + ([abs(worth)] if worth else [])
    ends = [max(abs(low), abs(high)) for _, low, high in intervals]
    largest = max(values, default=0.0)
    reach = max(largest, min(max(ends, default=0.0), 6.0 * largest) if largest else max(ends, default=0.0))
    return axis_to(reach=reach * 1.05 or 1.0, worth=worth)


def axis_to(*, reach: float, worth: float | None = None) -> Axis:
    """The scale from ``-reach`` to ``reach``, so that 0 stands in the middle."""
    return Axis(reach=reach, zero=_at(0.0, reach), worth="" if worth is None else _at(worth, reach))


def _at(value: float, reach: float) -> str:
    within = max(-reach, min(reach, value))
    return f"{_EDGE + (within / reach + 1.0) / 2.0 * (100.0 - 2.0 * _EDGE):.2f}%"
