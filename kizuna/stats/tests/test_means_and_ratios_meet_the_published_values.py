import pytest

from kizuna.stats.compare import difference_mean
from kizuna.stats.estimate import Moments
from kizuna.stats.moments import mean, ratio
from kizuna.stats.tests.cast import difference, interval, moments_of

# Student's sleep data (R: sleep), extra hours under two drugs
DRUG_1 = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
DRUG_2 = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]


def test_welch_on_the_sleep_data() -> None:
    # R: t.test(extra ~ group, sleep): t = -1.8608, df = 17.776, p = 0.07939, [-3.3654832, 0.2054832]
    found = difference(difference_mean(before=moments_of(DRUG_2), after=moments_of(DRUG_1)))
    assert (round(found.low, 7), round(found.high, 7), round(found.p, 5)) == (-3.3654832, 0.2054832, 0.07939)


def test_welch_on_unequal_sizes() -> None:
    # R: t = 0.51703, df = 9.48, p = 0.617, [-1.935420, 3.093754]
    one, two = [5.1, 2.0, 4.1, 6.2, 7.1, 8.3], [1.5, 6.4, 3.3, 5.8, 4.8, 7.2, 5.6, 4.5]
    found = difference(difference_mean(before=moments_of(two), after=moments_of(one)))
    assert (round(found.low, 6), round(found.high, 6), round(found.p, 3)) == (-1.935420, 3.093754, 0.617)


def test_the_t_interval_on_the_differences_of_the_sleep_data() -> None:
    # R: t.test(extra ~ group, paired = TRUE): mean -1.58, [-2.4598858, -0.7001142]
    found = interval(mean(moments=moments_of([a - b for a, b in zip(DRUG_1, DRUG_2, strict=True)])))
    assert (round(found.low, 7), round(found.high, 7)) == (-2.4598858, -0.7001142)


def test_fieller_on_a_published_example() -> None:
    # DCSTATS (D. Colquhoun's Fieller): 14 ± 3 over 7 ± 2, no correlation, 10 degrees, 90 %: [1.051413, 4.414296]
    n = 11
    made = Moments(
        n=n,
        sum_y=14.0 * n,
        sum_yy=9.0 * n * (n - 1) + 14.0**2 * n,
        sum_x=7.0 * n,
        sum_xx=4.0 * n * (n - 1) + 7.0**2 * n,
        sum_xy=14.0 * 7.0 * n,
    )
    found = interval(ratio(moments=made, level=0.9))
    assert (found.value, round(found.low, 6), round(found.high, 6)) == (2.0, 1.051413, 4.414296)
    # the same source's approximate SD of the ratio, .714286, is the delta method's: 1.812461 of them
    delta = interval(ratio(moments=made, level=0.9, method="delta"))
    assert delta.high - 2.0 == pytest.approx(1.812461 * 0.714286, abs=1e-5)


def test_a_ratio_over_ones_is_the_mean() -> None:
    made = moments_of([3.0, 5.0, 8.0, 13.0], [1.0] * 4)
    by_ratio, by_mean = interval(ratio(moments=made)), interval(mean(moments=made))
    assert (by_ratio.low, by_ratio.high) == pytest.approx((by_mean.low, by_mean.high))
