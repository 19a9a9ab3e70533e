from collections.abc import Sequence
from datetime import date

import pytest

from kizuna.prove.goals.rules import Outlook, Word, add_months, outlook_of, whole_months, word_of
from kizuna.prove.goals.tests.world import month
from kizuna.stats.estimate import NotEnough

FIRST = date(2025, 1, 1)


def outlook(values: Sequence[float | None], *, target: float, ahead: int = 3, up: bool = True) -> Outlook:
    nothing = NotEnough(reason="no_data", have=0, need=1)
    measured = [
        (add_months(month=FIRST, count=place), nothing if value is None else month(value))
        for place, value in enumerate(values)
    ]
    due = add_months(month=FIRST, count=len(values) - 1 + ahead)
    return outlook_of(months=measured, due_month=due, target=target, up=up, bounds=(-100.0, 100.0))


@pytest.mark.parametrize(
    ("inner", "up", "word"),
    [
        ((10.0, 20.0), True, Word.LIKELY),
        ((9.9, 20.0), True, Word.TIGHT),
        ((0.0, 9.9), True, Word.HARD),
        ((0.0, 10.0), False, Word.LIKELY),
        ((5.0, 15.0), False, Word.TIGHT),
        ((10.1, 15.0), False, Word.HARD),
    ],
)
def test_the_whole_eighty_percent_interval_decides(inner: tuple[float, float], *, up: bool, word: Word) -> None:
    assert word_of(inner=inner, target=10.0, up=up) is word


def test_steady_months_far_above_below_and_at_the_target() -> None:
    steady = [20.0, 21.0, 20.0, 19.0, 20.0, 21.0, 20.0, 19.0, 20.0, 21.0, 20.0, 20.0]
    assert outlook(steady, target=5.0).word is Word.LIKELY
    assert outlook(steady, target=60.0).word is Word.HARD
    near = outlook(steady, target=20.0)
    assert near.word is Word.TIGHT
    assert near.chance is not None
    assert 0.1 < near.chance < 0.9
    assert outlook(steady, target=5.0, up=False).word is Word.HARD


def test_the_fan_reaches_to_the_due_month_widens_and_stays_on_the_scale() -> None:
    found = outlook([80.0, 90.0, 70.0, 95.0, 85.0, 97.0, 90.0, 98.0], target=99.0, ahead=12)
    assert len(found.fan) == 12
    assert all(one.outer[0] <= one.inner[0] <= one.value <= one.inner[1] <= one.outer[1] for one in found.fan)
    assert found.fan[-1].outer[1] <= 100.0
    assert found.fan[-1].inner[0] < found.fan[0].inner[0]


def test_without_six_months_there_is_no_word() -> None:
    found = outlook([None, 20.0, 21.0, None, 20.0, 22.0, 21.0], target=5.0)
    assert (found.word, found.fan) == (None, ())
    assert found.missing == NotEnough(reason="too_few_periods", have=5, need=6)


def test_a_due_month_that_is_over_has_its_result_and_no_fan() -> None:
    found = outlook([20.0, 21.0, 20.0, 19.0, 20.0, 21.0, 20.0], target=5.0, ahead=-1)
    assert found.result == month(21.0)
    assert (found.word, found.fan) == (None, ())


def test_only_months_that_are_wholly_known_count() -> None:
    assert whole_months(today=date(2026, 7, 10), count=2, mature_days=0) == [date(2026, 5, 1), date(2026, 6, 1)]
    assert whole_months(today=date(2026, 7, 10), count=1, mature_days=90) == [date(2026, 3, 1)]
    assert whole_months(today=date(2026, 7, 1), count=1, mature_days=0) == [date(2026, 6, 1)]
