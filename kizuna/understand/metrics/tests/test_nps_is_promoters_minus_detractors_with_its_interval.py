"""150 detractors, 150 passives, 200 promoters: a published value, through facts, lake, state and roll-ups."""

import pytest

from kizuna.stats.estimate import Estimate, NotEnough
from kizuna.understand.metrics.queries import measure
from kizuna.understand.metrics.tests.world import NOW, answers, tell

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_published_example() -> None:
    tell(*answers([0, 3, 6] * 50), *answers([7, 8] * 75), *answers([9, 10] * 100))
    (total,) = measure(metric="nps", now=NOW)
    assert isinstance(total.result, Estimate)
    assert total.group == {}
    assert (total.result.n, total.result.unit, total.result.method) == (500, "points", "tango")
    assert [total.result.value, total.result.low, total.result.high] == pytest.approx([10.0, 2.6747, 17.2056], abs=1e-4)


def test_no_answers_yet_is_said_and_not_shown_as_zero() -> None:
    (total,) = measure(metric="nps", now=NOW)
    assert total.result == NotEnough(reason="no_data", have=0, need=1)


def test_a_scale_of_1_to_10_never_counts_as_nps() -> None:
    tell(*answers([10, 10, 1]), *answers([10, 9, 8, 1], instrument="nps1to10"))
    (nps,) = measure(metric="nps", now=NOW)
    (top_two,) = measure(metric="top_two_box_1to10", now=NOW)
    assert isinstance(nps.result, Estimate)
    assert isinstance(top_two.result, Estimate)
    assert nps.result.n == 3
    assert nps.result.value == pytest.approx(100 / 3)
    assert (top_two.result.n, top_two.result.value, top_two.result.unit) == (4, 0.5, "share")
