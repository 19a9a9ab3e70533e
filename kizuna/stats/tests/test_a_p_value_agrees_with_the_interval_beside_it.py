from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from kizuna.stats.compare import Difference, difference_mean, difference_nps, difference_share
from kizuna.stats.estimate import Moments, NotEnough
from kizuna.stats.tests.cast import difference, moments_of, nps_moments, share_moments

Counts = tuple[int, int, int]
counts = st.integers(0, 400)
trinomials = st.tuples(counts, counts, counts).filter(any)


def of_nps(counts: Counts) -> Moments:
    return nps_moments(detractors=counts[0], passives=counts[1], promoters=counts[2])


def of_share(counts: Counts) -> Moments:
    return share_moments(successes=counts[0], n=sum(counts))


def assert_coherent(found: Difference, again: Callable[[float], Difference | NotEnough]) -> None:
    assert found.low <= found.value <= found.high
    assert 0.0 <= found.p <= 1.0
    if found.value == 0.0:
        assert found.p == 1.0
    elif 1e-9 < found.p < 1 - 1e-9:  # at the level 1 - p the nearer end is exactly 0
        touching = difference(again(1.0 - found.p))
        assert min(abs(touching.low), abs(touching.high)) <= 1e-6 * max(1.0, abs(found.value))


@given(trinomials, trinomials)
def test_for_nps(before: Counts, after: Counts) -> None:
    one, two = of_nps(before), of_nps(after)
    found = difference(difference_nps(before=one, after=two))
    assert_coherent(found, lambda level: difference_nps(before=one, after=two, level=level))
    assert found.low >= -200.0
    assert found.high <= 200.0


@given(trinomials, trinomials)
def test_for_a_share(before: Counts, after: Counts) -> None:
    one, two = of_share(before), of_share(after)
    found = difference(difference_share(before=one, after=two))
    assert_coherent(found, lambda level: difference_share(before=one, after=two, level=level))


@given(st.lists(st.integers(-1000, 1000), min_size=2), st.lists(st.integers(-1000, 1000), min_size=2))
@settings(max_examples=50)
def test_for_a_mean(before: list[float], after: list[float]) -> None:
    one, two = moments_of(before), moments_of(after)
    found = difference_mean(before=one, after=two)
    if isinstance(found, Difference):
        assert_coherent(found, lambda level: difference_mean(before=one, after=two, level=level))


@given(trinomials, trinomials)
def test_swapping_the_groups_turns_the_sign(before: Counts, after: Counts) -> None:
    there = difference(difference_nps(before=of_nps(before), after=of_nps(after)))
    back = difference(difference_nps(before=of_nps(after), after=of_nps(before)))
    assert abs(there.value + back.value) < 1e-9
    assert abs(there.low + back.high) < 1e-6
    assert abs(there.p - back.p) < 1e-6
