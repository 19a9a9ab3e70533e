from collections.abc import Callable
from statistics import fmean, stdev

import pytest

from kizuna.stats.arms import Effect, effect_nps
from kizuna.stats.estimate import Moments, NotEnough
from kizuna.stats.heterogeneity import Segments, by_segment
from kizuna.stats.pooling import Study, interaction
from kizuna.stats.tests.cast import nps_moments

Measure = Callable[[float], Effect | NotEnough]

# R's datasets `sleep` and `InsectSprays`
SLEEP = ([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0], [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4])
SPRAYS = (
    [10, 7, 20, 14, 14, 12, 10, 23, 17, 20, 14, 13],
    [11, 17, 21, 11, 16, 14, 17, 17, 19, 21, 7, 13],
    [0, 1, 7, 2, 3, 1, 2, 1, 3, 0, 1, 4],
    [3, 5, 12, 6, 4, 3, 5, 5, 5, 5, 2, 4],
    [3, 5, 3, 5, 3, 6, 1, 1, 3, 2, 6, 4],
    [11, 9, 15, 22, 15, 16, 13, 10, 26, 26, 24, 13],
)


def measured(control: Moments, treated: Moments) -> Measure:
    return lambda level: effect_nps(control=control, treated=treated, level=level)


def answers(promoters: int) -> Moments:
    return nps_moments(detractors=120, passives=180 - promoters, promoters=promoters)


def segments(effects: dict[str, Measure]) -> Segments:
    found = by_segment(effects=effects)
    assert isinstance(found, Segments)
    return found


@pytest.mark.parametrize(("groups", "p"), [(SLEEP, 0.07939), (SPRAYS, 7.999e-12)])
def test_the_interaction_is_the_one_way_test_of_welch(groups: tuple[list[float], ...], p: float) -> None:
    # R: oneway.test(extra ~ group, sleep), oneway.test(count ~ spray, InsectSprays)
    studies = [Study(value=fmean(group), se=stdev(group) / len(group) ** 0.5) for group in groups]
    _, found = interaction(studies=studies, degrees=[len(group) - 1.0 for group in groups])
    assert found == pytest.approx(p, rel=5e-4)


def test_significant_in_one_and_not_in_the_other_is_no_difference() -> None:
    found = segments({"new": measured(answers(30), answers(70)), "repeat": measured(answers(30), answers(50))})
    new, repeat = found.effects["new"], found.effects["repeat"]
    assert isinstance(new, Effect)
    assert isinstance(repeat, Effect)
    assert new.low > 0.0 > repeat.low
    assert found.p > 0.05
    assert not found.differs


def test_opposite_effects_differ() -> None:
    found = segments({"new": measured(answers(30), answers(80)), "repeat": measured(answers(80), answers(30))})
    assert found.differs
    assert found.df == 1


def test_bands_are_wider_the_more_segments_there_are_and_the_unmeasured_count_for_nothing() -> None:
    one = measured(answers(30), answers(40))
    nobody = measured(nps_moments(detractors=0, passives=0, promoters=0), answers(40))
    two, four = segments({"a": one, "b": one, "c": nobody}), segments(dict.fromkeys("abcd", one))
    alone, wide, wider = one(0.95), two.effects["a"], four.effects["a"]
    assert isinstance(alone, Effect)
    assert isinstance(wide, Effect)
    assert isinstance(wider, Effect)
    assert alone.low > wide.low > wider.low
    assert wide.level == pytest.approx(0.95**0.5)
    assert isinstance(two.effects["c"], NotEnough)


def test_one_segment_cannot_differ() -> None:
    one = measured(answers(30), answers(40))
    assert by_segment(effects={"a": one}) == NotEnough(reason="too_few_segments", have=1, need=2)
    assert by_segment(effects={}) == NotEnough(reason="no_data", have=0, need=2)
