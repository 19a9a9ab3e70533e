from collections.abc import Callable

import pytest

from kizuna.stats.compare import (
    difference_mean,
    difference_nps,
    difference_ratio,
    difference_share,
    difference_total,
)
from kizuna.stats.concentration import deciles, gini, top_share_of_values
from kizuna.stats.estimate import Moments, NotEnough
from kizuna.stats.moments import mean, nps, ratio, share, total
from kizuna.stats.quantiles import median
from kizuna.stats.scores import nps_adjusted_wald, nps_tango, nps_wald, share_wilson

Found = Callable[..., object]
NOTHING = Moments(n=0, sum_y=0, sum_yy=0)
SOME = Moments(n=3, sum_y=1, sum_yy=1, sum_x=3, sum_xx=3, sum_xy=1)


@pytest.mark.parametrize("compute", [mean, ratio, total, nps, share])
def test_of_a_group(compute: Found) -> None:
    found = compute(moments=NOTHING)
    assert isinstance(found, NotEnough)
    assert (found.reason, found.have) == ("no_data", 0)
    assert found.need >= 1


@pytest.mark.parametrize("compute", [nps_tango, nps_wald, nps_adjusted_wald])
def test_of_counts(compute: Found) -> None:
    assert compute(promoters=0, passives=0, detractors=0) == NotEnough(reason="no_data", have=0, need=1)


def test_of_a_share() -> None:
    assert share_wilson(successes=0, n=0) == NotEnough(reason="no_data", have=0, need=1)


@pytest.mark.parametrize("compute", [difference_mean, difference_ratio, difference_nps, difference_share])
@pytest.mark.parametrize(("before", "after"), [(NOTHING, SOME), (SOME, NOTHING), (NOTHING, NOTHING)])
def test_of_a_difference_when_one_side_is_empty(compute: Found, before: Moments, after: Moments) -> None:
    found = compute(before=before, after=after)
    assert isinstance(found, NotEnough)
    assert (found.reason, found.have) == ("no_data", 0)


def test_of_a_difference_of_totals() -> None:
    assert difference_total(before=NOTHING, after=NOTHING) == NotEnough(reason="no_data", have=0, need=10)
    assert difference_total(before=NOTHING, after=SOME) == NotEnough(reason="too_few", have=3, need=10)


@pytest.mark.parametrize("compute", [median, gini, top_share_of_values, deciles])
def test_of_values(compute: Found) -> None:
    found = compute(values=[])
    assert isinstance(found, NotEnough)
    assert (found.reason, found.have) == ("no_data", 0)
