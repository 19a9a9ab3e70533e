import pytest

from kizuna.stats.compare import difference_share
from kizuna.stats.scores import share_wilson
from kizuna.stats.tests.cast import difference, interval, share_moments


# Newcombe, Statistics in Medicine 17 (1998) 857-872, table I, method 3
@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson(successes: int, n: int, low: float, high: float) -> None:
    found = interval(share_wilson(successes=successes, n=n))
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


# Newcombe, Statistics in Medicine 17 (1998) 873-890, table II, method 10
@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_newcombe(first: tuple[int, int], second: tuple[int, int], low: float, high: float) -> None:
    found = difference(
        difference_share(
            before=share_moments(successes=second[0], n=second[1]),
            after=share_moments(successes=first[0], n=first[1]),
        )
    )
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_the_ends_of_the_scale_are_exact() -> None:
    assert interval(share_wilson(successes=0, n=7)).low == 0.0
    assert interval(share_wilson(successes=7, n=7)).high == 1.0
