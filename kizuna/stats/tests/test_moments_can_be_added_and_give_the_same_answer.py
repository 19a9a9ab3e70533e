import pytest
from hypothesis import given
from hypothesis import strategies as st

from kizuna.stats.estimate import Interval, Moments
from kizuna.stats.moments import counts_of_nps, mean, nps, share
from kizuna.stats.scores import nps_tango, share_wilson
from kizuna.stats.tests.cast import moments_of

answers = st.lists(st.sampled_from([1, 0, -1]), max_size=60)


@given(answers, answers)
def test_two_groups_of_answers_make_one(first: list[int], second: list[int]) -> None:
    joined = moments_of(first) + moments_of(second)
    assert joined == moments_of(first + second)
    assert nps(moments=joined) == nps_tango(
        promoters=(first + second).count(1),
        passives=(first + second).count(0),
        detractors=(first + second).count(-1),
    )


@given(st.lists(st.booleans(), max_size=60))
def test_a_share_from_moments_is_the_share_from_counts(values: list[bool]) -> None:
    assert share(moments=moments_of([int(v) for v in values])) == share_wilson(successes=sum(values), n=len(values))


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=40), st.lists(st.floats(-1e6, 1e6), max_size=40))
def test_a_mean_lies_in_its_interval(first: list[float], second: list[float]) -> None:
    found = mean(moments=moments_of(first) + moments_of(second))
    if isinstance(found, Interval):
        assert found.low <= found.value <= found.high
        assert found.n == len(first) + len(second)


@pytest.mark.parametrize(
    "wrong",
    [
        Moments(n=3, sum_y=2, sum_yy=1),  # Σy above Σy²
        Moments(n=1, sum_y=2, sum_yy=2),  # more answers than respondents
        Moments(n=3, sum_y=0, sum_yy=1),  # an odd remainder: a value that is neither +1, 0 nor -1
        Moments(n=2, sum_y=7.5, sum_yy=40),
    ],
)
def test_moments_of_something_else_are_not_an_nps(wrong: Moments) -> None:
    with pytest.raises(ValueError, match=r"moments of|whole values"):
        counts_of_nps(moments=wrong)


def test_moments_of_something_else_are_not_a_share() -> None:
    with pytest.raises(ValueError, match=r"moments of|whole values"):
        share(moments=Moments(n=3, sum_y=6, sum_yy=14))
