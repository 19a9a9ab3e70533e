"""The heat map keeps silent touchpoints in view; room to improve is share × gap and says that it is arithmetic."""

from datetime import date

import pytest

from kizuna.facts.touchpoints import TOUCHPOINTS
from kizuna.stats.estimate import Estimate, NotEnough
from kizuna.understand.journey.queries import heat_map, room_to_improve
from kizuna.understand.journey.rules import reference_of
from kizuna.understand.metrics.tests.world import NOW, answers, tell

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_heat_map() -> None:
    tell(
        *answers([9] * 12, "2026-01-15", touchpoint="delivery"),
        *answers([0] * 3, "2026-02-15", touchpoint="delivery"),
        *answers([9], "2026-02-15", touchpoint="unboxing"),
    )
    found = heat_map(date_from=date(2025, 12, 1), date_to=date(2026, 3, 1), now=NOW)
    assert found.months == ("2025-12", "2026-01", "2026-02")
    assert [row.touchpoint for row in found.rows] == [*TOUCHPOINTS, "unboxing"]
    delivery = next(row for row in found.rows if row.touchpoint == "delivery")
    empty, january, february = delivery.cells
    assert empty.result == NotEnough(reason="no_data", have=0, need=1)
    assert isinstance(january.result, Estimate)
    assert isinstance(february.result, Estimate)
    assert (january.result.value, january.result.n) == (100.0, 12)
    assert (february.result.value, february.result.n) == (-100.0, 3)
    assert [cell.hatched for cell in delivery.cells] == [True, False, True]
    assert isinstance(delivery.total, Estimate)
    assert delivery.total.value == 60.0
    assert [getattr(cell.result, "n", 0) for cell in found.total] == [0, 12, 4]


def test_room_to_improve_is_the_share_of_answers_times_the_gap() -> None:
    tell(
        *answers([9] * 30 + [0] * 10, touchpoint="store"),
        *answers([9] * 30 + [0] * 30, touchpoint="delivery"),
        *answers([7] * 90 + [9] * 10, touchpoint="site"),
        *answers([10] * 5, touchpoint="support"),
    )
    found = room_to_improve(now=NOW)
    assert found.reference == "store", "five perfect answers are no example"
    by_touchpoint = {room.touchpoint: room for room in found.rooms}
    delivery = by_touchpoint["delivery"]
    assert delivery.answer_share == pytest.approx(60 / 205)
    assert isinstance(delivery.gain, Estimate)
    assert delivery.gain.value == pytest.approx(50 * 60 / 205)
    assert delivery.gain.low > 0
    assert [room.touchpoint for room in found.rooms][:2] == ["site", "delivery"]
    assert by_touchpoint["store"].is_reference
    assert isinstance(by_touchpoint["store"].gain, NotEnough)


def test_raising_every_touchpoint_to_the_example_gives_the_examples_score() -> None:
    tell(*answers([9] * 40 + [0] * 10, touchpoint="store"), *answers([9] * 30 + [0] * 30, touchpoint="delivery"))
    found = room_to_improve(now=NOW)
    gains = sum(room.gain.value for room in found.rooms if isinstance(room.gain, Estimate))
    assert isinstance(found.company, Estimate)
    assert found.company.value + gains == pytest.approx(60.0)


def test_the_reference_can_be_the_middle_one_and_knows_which_way_is_better() -> None:
    values = {"a": (10.0, 40), "b": (20.0, 40), "c": (30.0, 40), "d": (99.0, 3)}
    assert reference_of(values=values, reference="best") == "c"
    assert reference_of(values=values, reference="median") == "b"
    assert reference_of(values=values, reference="best", up=False) == "a"
    assert reference_of(values={"d": (99.0, 3)}, reference="best") is None
