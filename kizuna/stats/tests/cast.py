"""What the tests of ``stats`` share: moments of plain values, and an estimate that must be there."""

from collections.abc import Sequence

from kizuna.stats.compare import Difference
from kizuna.stats.estimate import Interval, Moments, NotEnough


def moments_of(ys: Sequence[float], xs: Sequence[float] | None = None) -> Moments:
    """The moments of the values ``ys``, and of their denominators ``xs``."""
    xs = [0.0] * len(ys) if xs is None else xs
    return Moments(
        n=len(ys),
        sum_y=sum(ys),
        sum_yy=sum(y * y for y in ys),
        sum_x=sum(xs),
        sum_xx=sum(x * x for x in xs),
        sum_xy=sum(x * y for x, y in zip(xs, ys, strict=True)),
    )


def nps_moments(*, detractors: int, passives: int, promoters: int) -> Moments:
    """The moments of +1, 0, -1 for so many answers."""
    return Moments(n=detractors + passives + promoters, sum_y=promoters - detractors, sum_yy=promoters + detractors)


def share_moments(*, successes: int, n: int) -> Moments:
    """The moments of 0 and 1."""
    return Moments(n=n, sum_y=successes, sum_yy=successes)


def interval(found: Interval | NotEnough) -> Interval:
    """The interval, which the test takes for granted."""
    assert isinstance(found, Interval), found
    return found


def difference(found: Difference | NotEnough) -> Difference:
    """The difference, which the test takes for granted."""
    assert isinstance(found, Difference), found
    return found
