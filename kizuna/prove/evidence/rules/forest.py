"""One scale for all effects of a column in the forest plot; dots and whiskers stand on it as on every trial's page."""

from collections.abc import Sequence

from kizuna.prove.trials.rules.drawing import Axis, axis_to

_NICE = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)


def scale_of(*, spans: Sequence[tuple[float, float, float]]) -> Axis:
    """A scale that holds every (value, low, high), unless a whisker is more than thrice as long as the median one.

    One practice with few customers must not press all others into the middle: its whisker is cut instead.
    """
    if not spans:
        return axis_to(reach=1.0)
    lengths = sorted(high - low for _, low, high in spans)
    longest = 3.0 * lengths[len(lengths) // 2]
    whole = [max(abs(low), abs(high)) for _, low, high in spans if high - low <= longest]
    return axis_to(reach=_nice(max([*whole, *(abs(value) for value, _, _ in spans)])))


def _nice(size: float) -> float:
    """The next round number: 24.3 → 25."""
    if size <= 0.0:
        return 1.0
    power = 10.0 ** _exponent(size)
    return next(step * power for step in _NICE if step * power >= size * (1 - 1e-9))


def _exponent(size: float) -> int:
    return int(f"{size:e}".partition("e")[2])
