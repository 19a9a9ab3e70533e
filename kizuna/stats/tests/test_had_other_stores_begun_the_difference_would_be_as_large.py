from math import comb

import pytest

from kizuna.stats.estimate import Moments, NotEnough
from kizuna.stats.quasi import Placebo, StorePeriods, placebo_stores


def store(change: float) -> StorePeriods:
    return StorePeriods(
        before=Moments(n=10, sum_y=50.0, sum_yy=300.0),
        after=Moments(n=10, sum_y=50.0 + 10 * change, sum_yy=400.0),
    )


def placebo(control: list[float], treated: list[float], *, kind: str = "mean", seed: int = 1) -> Placebo:
    found = placebo_stores(
        control=[store(one) for one in control],
        treated=[store(one) for one in treated],
        kind="nps" if kind == "nps" else "mean",
        seed=seed,
    )
    assert isinstance(found, Placebo), found
    return found


def test_every_choice_is_looked_at_while_they_are_few() -> None:
    # Of the 70 choices of 4 stores in 8 only the real one and its mirror are so far apart.
    found = placebo([0.0, 0.1, 0.2, 0.3], [2.0, 2.1, 2.2, 2.3])
    assert (found.as_large, found.choices, found.exact) == (2, comb(8, 4), True)
    assert found.p == pytest.approx(2 / 70)


def test_one_store_of_five_never_comes_below_a_fifth() -> None:
    assert placebo([0.0, 0.1, 0.2, 0.3], [50.0]).p == pytest.approx(0.2)
    assert placebo([0.0, 0.1, 0.2, -50.0], [0.05]).as_large == 4


def test_small_groups_are_counted_as_one_counts_by_hand() -> None:
    # Two groups of four whose sums can be told apart by hand: 1 2 3 4 against 5 6 7 9.
    # Choices of four with a mean difference of 17/4 or more either way: {5,6,7,9} and {1,2,3,4} alone.
    assert placebo([1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 9.0]).as_large == 2
    # {4,6,7,9} gives 26 - 11 = 15, {3,…}: of 70 choices 4 reach 15 when the treated are {4,6,7,9}.
    assert placebo([1.0, 2.0, 3.0, 5.0], [4.0, 6.0, 7.0, 9.0]).as_large == 4


def test_of_many_choices_a_sample_is_drawn_that_the_seed_repeats() -> None:
    control = [0.01 * number for number in range(30)]
    one, two = (placebo(control, [5.0, 6.0, 7.0, 8.0, 9.0], seed=7) for _ in range(2))
    assert one == two
    assert (one.choices, one.exact) == (10_000, False)
    assert one.p == pytest.approx(1 / 10_000)
    assert placebo(control, [0.05, 0.15, 0.2, 0.1, 0.16], seed=7).p > 0.3


def test_a_scale_moves_nothing_and_too_few_stores_say_so() -> None:
    assert placebo([0.0, 0.1, 0.2, 0.3], [0.2, 0.5]).p == placebo([0.0, 0.1, 0.2, 0.3], [0.2, 0.5], kind="nps").p
    few = placebo_stores(control=[store(0.0), store(1.0)], treated=[store(2.0)], seed=1)
    assert few == NotEnough(reason="too_few_stores", have=3, need=4)
    assert placebo_stores(control=[], treated=[store(2.0)], seed=1) == NotEnough(reason="no_data", have=0, need=1)
