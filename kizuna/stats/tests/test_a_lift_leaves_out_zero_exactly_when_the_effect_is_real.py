from hypothesis import given, settings
from hypothesis import strategies as st

from kizuna.stats.arms import Effect, Lift, effect_mean, effect_share, lift
from kizuna.stats.estimate import Moments, NotEnough
from kizuna.stats.tests.cast import moments_of, nps_moments, share_moments

spend = st.lists(st.integers(0, 50), min_size=3, max_size=40)
shares = st.tuples(st.integers(0, 300), st.integers(0, 300)).filter(any)


def assert_agree(effect: Effect | NotEnough, found: Lift | NotEnough) -> None:
    if isinstance(effect, Effect) and isinstance(found, Lift):
        assert found.low <= found.value <= found.high
        if abs(effect.p - 0.05) > 1e-6:
            assert (found.low > 0.0 or found.high < 0.0) == (effect.p < 0.05)


@given(spend, spend)
@settings(max_examples=300)
def test_for_a_mean(one: list[float], two: list[float]) -> None:
    control, treated = moments_of(one), moments_of(two)
    assert_agree(effect_mean(control=control, treated=treated), lift(control=control, treated=treated))


@given(shares, shares)
@settings(max_examples=300)
def test_for_a_share(one: tuple[int, int], two: tuple[int, int]) -> None:
    control, treated = (share_moments(successes=a, n=a + b) for a, b in (one, two))
    found = lift(control=control, treated=treated, kind="share")
    assert_agree(effect_share(control=control, treated=treated), found)


def test_there_is_none_for_nps_nor_over_a_baseline_that_is_negative_or_near_zero() -> None:
    answers = nps_moments(detractors=40, passives=100, promoters=60)
    refused = lift(control=answers, treated=answers, kind="nps")
    assert isinstance(refused, NotEnough)
    assert refused.reason == "signed_scale"
    loss, gain = moments_of([-3.0, -2.0, -4.0]), moments_of([1.0, 2.0, 4.0])
    assert lift(control=loss, treated=gain) == NotEnough(reason="baseline_not_positive", have=3, need=4)
    near = lift(control=moments_of([-3.0, 2.0, 1.5]), treated=gain)
    assert isinstance(near, NotEnough)
    assert near.reason == "baseline_near_zero"
    assert near.need > 3


def test_fieller_meets_its_worked_example() -> None:
    # DCSTATS: 14 ± 3 over 7 ± 2, 10 degrees, 90 %: 1.051413 … 4.414296; here with the same quantile on each arm
    six = 6
    treated = Moments(n=six, sum_y=6 * 14.0, sum_yy=6 * 14.0**2 + 5 * 6 * 9.0)
    control = Moments(n=six, sum_y=6 * 7.0, sum_yy=6 * 7.0**2 + 5 * 6 * 4.0)
    found = lift(control=control, treated=treated, level=0.9)
    assert isinstance(found, Lift)
    assert abs(found.value - 1.0) < 1e-12
    # Satterthwaite leaves 8.7 of the 10 degrees, so the interval is a little wider than the printed one
    assert 0.04 < found.low + 1.0 < 1.051413
    assert 4.414296 < found.high + 1.0 < 4.9
