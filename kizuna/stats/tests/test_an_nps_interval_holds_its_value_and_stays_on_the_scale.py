from hypothesis import assume, given
from hypothesis import strategies as st

from kizuna.stats.distributions import z_of
from kizuna.stats.scores import nps_tango, share_wilson, tango_variance
from kizuna.stats.tests.cast import interval

counts = st.one_of(st.integers(0, 12), st.integers(0, 3_000_000))
levels = st.sampled_from([0.5, 0.8, 0.95, 0.99, 0.9999])


@given(counts, counts, counts, levels)
def test_tango(promoters: int, passives: int, detractors: int, level: float) -> None:
    assume(promoters + passives + detractors)
    found = interval(nps_tango(promoters=promoters, passives=passives, detractors=detractors, level=level))
    assert -100.0 <= found.low <= found.value <= found.high <= 100.0
    assert found.low < found.high  # never a single point, unanimous or not


@given(counts, counts, counts)
def test_swapping_promoters_and_detractors_mirrors_the_interval(promoters: int, passives: int, detractors: int) -> None:
    assume(promoters + passives + detractors)
    found = interval(nps_tango(promoters=promoters, passives=passives, detractors=detractors))
    mirrored = interval(nps_tango(promoters=detractors, passives=passives, detractors=promoters))
    assert (found.value, found.low, found.high) == (-mirrored.value, -mirrored.high, -mirrored.low)


@given(st.integers(0, 500), st.integers(0, 500), st.integers(0, 500), levels)
def test_the_limits_solve_the_score_equation(promoters: int, passives: int, detractors: int, level: float) -> None:
    n = promoters + passives + detractors
    assume(n)
    found = interval(nps_tango(promoters=promoters, passives=passives, detractors=detractors, level=level))
    for end in (found.low / 100, found.high / 100):
        if abs(end) < 1:
            variance = tango_variance(delta=end, promoters=promoters, detractors=detractors, n=n)
            score = (promoters - detractors - n * end) ** 2 / n
            assert abs(score - z_of(level=level) ** 2 * variance) < 1e-9 * n


@given(st.integers(0, 10_000), st.integers(1, 10_000), levels)
def test_wilson(successes: int, failures: int, level: float) -> None:
    n = successes + failures
    found = interval(share_wilson(successes=successes, n=n, level=level))
    assert 0.0 <= found.low <= found.value <= found.high <= 1.0
    mirrored = interval(share_wilson(successes=failures, n=n, level=level))
    assert abs(found.low - (1 - mirrored.high)) < 1e-12


@given(counts, counts, counts)
def test_more_answers_of_the_same_kind_narrow_the_interval(promoters: int, passives: int, detractors: int) -> None:
    assume(promoters + passives + detractors)
    once = interval(nps_tango(promoters=promoters, passives=passives, detractors=detractors))
    four = interval(nps_tango(promoters=4 * promoters, passives=4 * passives, detractors=4 * detractors))
    assert four.high - four.low < once.high - once.low
