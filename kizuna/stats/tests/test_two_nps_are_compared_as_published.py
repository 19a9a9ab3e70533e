from typing import Literal

import pytest

from kizuna.stats.compare import difference_nps
from kizuna.stats.scores import nps_tango
from kizuna.stats.tests.cast import difference, interval, nps_moments

BEFORE = nps_moments(detractors=12, passives=20, promoters=18)
AFTER = nps_moments(detractors=8, passives=17, promoters=25)


@pytest.mark.parametrize(("method", "value", "p"), [("wald", 22.0, 0.143353), ("adjusted_wald", 20.7547, 0.155125)])
def test_values_are_met_to_the_printed_digits(method: Literal["wald", "adjusted_wald"], value: float, p: float) -> None:
    found = difference(difference_nps(before=BEFORE, after=AFTER, method=method))
    assert (round(found.value, 4), round(found.p, 6)) == (value, p)


def test_the_score_difference_adds_the_squares_of_the_distances_to_each_limit() -> None:
    # Zou & Donner's formula, with each group's Tango limits taken from nps_tango
    one = interval(nps_tango(promoters=18, passives=20, detractors=12))
    two = interval(nps_tango(promoters=25, passives=17, detractors=8))
    found = difference(difference_nps(before=BEFORE, after=AFTER))
    assert found.value == pytest.approx(22.0)
    assert found.low == pytest.approx(22 - ((two.value - two.low) ** 2 + (one.high - one.value) ** 2) ** 0.5)
    assert found.high == pytest.approx(22 + ((two.high - two.value) ** 2 + (one.value - one.low) ** 2) ** 0.5)
