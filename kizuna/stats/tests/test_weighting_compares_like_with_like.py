import pytest

from kizuna.stats.compare import difference_mean
from kizuna.stats.estimate import NotEnough
from kizuna.stats.quasi import StratumMoments, WeightedEffect, weighted_difference
from kizuna.stats.tests.cast import difference, moments_of, nps_moments

LIGHT, HEAVY = [1.0, 2.0, 3.0, 2.0], [10.0, 12.0, 14.0, 12.0]


def weighted(strata: list[StratumMoments]) -> WeightedEffect:
    found = weighted_difference(strata=strata)
    assert isinstance(found, WeightedEffect), found
    return found


def stratum(name: str, control: list[float], treated: list[float]) -> StratumMoments:
    return StratumMoments(name=name, control=moments_of(control), treated=moments_of(treated))


def test_who_buys_more_anyway_is_no_effect() -> None:
    # the practice reaches mostly heavy buyers and does nothing: the plain difference is large, the weighted one is 0
    light, heavy = stratum("light", LIGHT * 9, LIGHT), stratum("heavy", HEAVY, HEAVY * 9)
    plain = difference(difference_mean(before=light.control + heavy.control, after=light.treated + heavy.treated))
    found = weighted([light, heavy]).effect
    assert plain.value == pytest.approx(8.0)
    assert plain.p < 0.001
    assert found.value == pytest.approx(0.0)
    assert found.low < 0.0 < found.high


def test_one_stratum_is_welchs_test() -> None:
    only = stratum("all", LIGHT * 3, [value + 1.0 for value in LIGHT * 5])
    plain = difference(difference_mean(before=only.control, after=only.treated))
    found = weighted([only])
    assert (found.effect.value, found.effect.low, found.effect.p) == pytest.approx((plain.value, plain.low, plain.p))
    assert found.overlap_share == 1.0


def test_strata_count_as_they_do_among_the_treated() -> None:
    small, large = stratum("a", LIGHT, [v + 1.0 for v in LIGHT]), stratum("b", HEAVY, [v + 4.0 for v in HEAVY * 3])
    assert weighted([small, large]).effect.value == pytest.approx(0.25 * 1.0 + 0.75 * 4.0)


def test_without_comparable_people_there_is_no_number() -> None:
    compared, alone = stratum("a", LIGHT, LIGHT * 9), stratum("b", [], HEAVY)
    found = weighted([compared, alone])
    assert found.overlap_share == pytest.approx(0.9)
    assert found.dropped == ("b",)
    refused = weighted_difference(strata=[stratum("a", LIGHT, LIGHT), stratum("b", [5.0], HEAVY * 2)])
    assert refused == NotEnough(reason="no_overlap", have=4, need=10)
    assert weighted_difference(strata=[alone]) == NotEnough(reason="no_data", have=0, need=1)


def test_nps_is_in_points() -> None:
    one = StratumMoments(
        name="all",
        control=nps_moments(detractors=40, passives=40, promoters=20),
        treated=nps_moments(detractors=30, passives=40, promoters=30),
    )
    found = weighted_difference(strata=[one], kind="nps")
    assert isinstance(found, WeightedEffect)
    assert found.effect.value == pytest.approx(20.0)
