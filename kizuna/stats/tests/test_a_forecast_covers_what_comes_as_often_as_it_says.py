"""Simulated series, wandering little or much, drifting or not: the interval holds the coming month as often as told."""

from random import Random

import pytest

from kizuna.stats.estimate import NotEnough
from kizuna.stats.forecast import Ahead, Seen, confirmable_change, forecast

RUNS = 300


def made(
    dice: Random, *, months: int, wander: float, drift: float, noise: float, steps: int
) -> tuple[list[Seen], float]:
    """A series with known measurement noise, and what was measured so many steps later."""
    level, seen = 40.0, []
    for _ in range(months):
        seen.append(Seen(value=level + dice.gauss(0, noise), variance=noise * noise))
        level += drift + dice.gauss(0, wander)
    for _ in range(steps - 1):
        level += drift + dice.gauss(0, wander)
    return seen, level + dice.gauss(0, noise)


@pytest.mark.parametrize("months", [12, 24])
@pytest.mark.parametrize(("wander", "drift"), [(0.0, 0.0), (0.0, 1.0), (2.0, 0.0), (4.0, 0.5), (8.0, 0.0)])
@pytest.mark.parametrize("steps", [1, 6])
def test_the_intervals_cover(*, months: int, wander: float, drift: float, steps: int) -> None:
    dice = Random(f"{months}-{wander}-{drift}-{steps}")
    held: dict[float, int] = {0.8: 0, 0.95: 0}
    for _ in range(RUNS):
        series, came = made(dice, months=months, wander=wander, drift=drift, noise=4.0, steps=steps)
        found = forecast(series=series, steps=steps)
        assert not isinstance(found, NotEnough)
        for level in held:
            low, high = found[-1].interval(level)
            held[level] += low <= came <= high
    # As its docstring says: never far below, and wide of the mark only where the series does not wander at all.
    assert 0.73 <= held[0.8] / RUNS <= 0.96, held
    assert 0.905 <= held[0.95] / RUNS <= 1.0, held


def test_the_interval_grows_with_the_distance_and_less_where_more_is_measured() -> None:
    series, _ = made(Random(3), months=24, wander=2.0, drift=0.0, noise=4.0, steps=1)
    found = forecast(series=series, steps=6)
    assert not isinstance(found, NotEnough)
    widths = [high - low for low, high in (one.interval(0.95) for one in found)]
    assert widths == sorted(widths)
    sharp = forecast(series=series, steps=6, variance=1.0)
    assert not isinstance(sharp, NotEnough)
    low, high = sharp[0].interval(0.95)
    assert high - low < widths[0]


def test_a_month_without_a_measurement_is_stepped_over() -> None:
    line = [Seen(value=10.0 + month, variance=0.01) for month in range(12)]
    gap = forecast(series=[*line[:5], None, *line[6:]], steps=1)
    assert not isinstance(gap, NotEnough)
    assert gap[0].quantile(0.5) == pytest.approx(22.0, abs=0.3)


def test_quantile_and_probability_are_each_others_inverse() -> None:
    one = Ahead(weights=(0.3, 0.7), means=(0.0, 10.0), deviations=(1.0, 4.0))
    for probability in (0.025, 0.1, 0.3, 0.5, 0.9, 0.975):
        assert one.below(one.quantile(probability)) == pytest.approx(probability, abs=1e-5)
    single = Ahead(weights=(1.0,), means=(5.0,), deviations=(2.0,))
    assert single.interval(0.95) == pytest.approx((5 - 2 * 1.959964, 5 + 2 * 1.959964), abs=1e-5)


def test_too_short_or_motionless_a_series_gives_no_number() -> None:
    short = forecast(series=[Seen(value=float(n), variance=1.0) for n in range(5)], steps=1)
    assert short == NotEnough(reason="too_few_periods", have=5, need=6)
    still = forecast(series=[Seen(value=1.0, variance=0.0)] * 8, steps=1)
    assert isinstance(still, NotEnough)
    assert still.reason == "no_variation"


def test_the_confirmable_change_is_that_of_two_samples() -> None:
    # 100 in each group, deviation 10: the textbook's 3.96 for 80 % power.
    assert confirmable_change(variance_before=1.0, variance_after=1.0) == pytest.approx(3.962, abs=1e-3)
