"""CSAT, CES, own questions and counts on answers small enough to count by hand."""

import pytest

from kizuna.stats.estimate import Estimate
from kizuna.understand.metrics.queries import measure, metrics
from kizuna.understand.metrics.tests.world import NOW, answers, tell

pytestmark = pytest.mark.django_db(transaction=True)


def _one(metric: str) -> Estimate:
    (total,) = measure(metric=metric, now=NOW)
    assert isinstance(total.result, Estimate), total.result
    return total.result


def test_satisfaction_and_effort() -> None:
    tell(
        *answers([5, 4, 3, 1], instrument="csat5"),
        *answers([7, 6, 5, 4, 4, 1], instrument="csat7"),
        *answers([7, 5, 4, 2], instrument="ces7"),
        *answers([1, 2, 5, 4], instrument="ces5"),
        *answers([3, 5], instrument="own:清潔さ"),
    )
    assert (_one("csat5").value, _one("csat5").n) == (0.5, 4)
    assert _one("csat7").n == 6
    assert _one("csat7").value == pytest.approx(2 / 6)
    assert (_one("csat").value, _one("csat").n) == (0.4, 10), "each answer is judged on its own scale"
    assert (_one("ces").value, _one("ces").unit) == (4.5, "score")
    assert _one("ces_easy_share").value == 0.5
    assert _one("ces1").value == 3.0
    assert (_one("own:清潔さ").value, _one("own:清潔さ").n) == (4.0, 2)
    assert (_one("answer_count").value, _one("answer_count").unit) == (20.0, "count")
    assert "own:清潔さ" in [card.name for card in metrics()]


def test_the_wilson_interval_of_a_share() -> None:
    tell(*answers([5] * 8 + [1] * 2, instrument="csat5"))
    share = _one("csat5")
    assert [share.value, share.low, share.high] == pytest.approx([0.8, 0.49016247, 0.94331784], abs=1e-8)
    assert share.method == "wilson"
