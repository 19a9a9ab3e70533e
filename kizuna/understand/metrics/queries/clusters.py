"""Customers with several rows in their window are clusters: the customer stays the unit, not the row."""

from kizuna.stats.estimate import Moments
from kizuna.understand.metrics.queries.windows import ArmSums
from kizuna.understand.metrics.rules.definition import Kind
from kizuna.understand.metrics.rules.windows import How, Reading


def counts_once(*, reading: Reading, sums: tuple[ArmSums, ...]) -> bool:
    """Whether every counted customer stands for one value, so that values may be compared as they are."""
    if reading.how is not How.PER_UNIT:
        return True
    return reading.kind is not Kind.RATIO and all(one.once_each for one in sums)


def clusters_of(*, reading: Reading, sums: ArmSums) -> Moments:
    """The sums of a ratio. NPS answers are counted 0, 100, 200 instead of -100, 0, 100: that moves both arms alike, and
    values that are not negative tell how lopsided they are.
    """
    one = sums.moments
    if reading.kind is not Kind.NPS:
        return one
    return Moments(
        n=one.n,
        sum_y=100.0 * (one.sum_y + one.sum_x),
        sum_yy=10_000.0 * (one.sum_yy + 2.0 * one.sum_xy + one.sum_xx),
        sum_x=one.sum_x,
        sum_xx=one.sum_xx,
        sum_xy=100.0 * (one.sum_xy + one.sum_xx),
    )
