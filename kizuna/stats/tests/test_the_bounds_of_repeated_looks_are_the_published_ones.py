import time

import pytest

from kizuna.stats.arms import effect_mean
from kizuna.stats.brownian import bounds_of
from kizuna.stats.sequential import Look, group_sequential, obf_bounds
from kizuna.stats.tests.cast import moments_of


def equal(looks: int) -> tuple[float, ...]:
    return tuple((look + 1) / looks for look in range(looks))


def test_five_equal_looks() -> None:
    # as ldbounds prints them (asf 1, two-sided); its coarser grid gives 3.3569 where a finer one says 3.35701
    assert obf_bounds(fractions=equal(5)) == pytest.approx((4.8769, 3.3569, 2.6803, 2.2898, 2.0310), abs=1.3e-4)


def test_four_looks_at_five_percent_a_side() -> None:
    # as the README of SeqBounds.jl prints them, one-sided; a path next to never crosses both sides of a two-sided 10 %
    found = obf_bounds(fractions=equal(4), alpha=0.1)
    assert found == pytest.approx((3.74955, 2.53993, 2.01604, 1.72014), abs=2e-4)


def test_one_look_is_the_ordinary_test() -> None:
    assert obf_bounds(fractions=(1.0,)) == pytest.approx((1.959964,), abs=1e-6)


def test_sixty_looks_take_no_time() -> None:
    bounds_of.cache_clear()
    obf_bounds(fractions=(0.5, 1.0))
    began = time.perf_counter()
    found = obf_bounds(fractions=equal(60))
    assert time.perf_counter() - began < 0.5  # 0.05 s on an idle core
    assert found[-1] == pytest.approx(2.170, abs=0.001)
    assert list(found) == sorted(found, reverse=True)


def test_looks_that_do_not_rise_are_refused() -> None:
    for fractions in ((0.5, 0.5), (0.0, 1.0), (0.5, 1.2)):
        with pytest.raises(ValueError, match=r"look|fractions"):
            obf_bounds(fractions=fractions)


def look(shift: float, fraction: float, past: tuple[float, ...], alpha: float = 0.05) -> Look:
    control = moments_of([float(i % 7) for i in range(200)])
    treated = moments_of([i % 7 + shift for i in range(200)])
    found = group_sequential(
        effect=lambda level: effect_mean(control=control, treated=treated, level=level),
        fraction=fraction,
        past_fractions=past,
        alpha=alpha,
    )
    assert isinstance(found, Look)
    return found


@pytest.mark.parametrize("shift", [0.0, 0.3, 0.45, 0.55, 0.7, 1.5])
@pytest.mark.parametrize("fraction", [0.3, 0.6, 1.0])
def test_crossing_p_and_interval_say_the_same(shift: float, fraction: float) -> None:
    found = look(shift, fraction, (0.1, 0.2))
    assert found.crossed == (found.low > 0.0 or found.high < 0.0) == (found.p < 0.05)
    if 1e-5 < found.p < 0.99:
        assert look(shift, fraction, (0.1, 0.2), alpha=found.p * 1.01).crossed
        assert not look(shift, fraction, (0.1, 0.2), alpha=found.p * 0.99).crossed


def test_a_look_without_news_costs_nothing() -> None:
    assert look(0.5, 0.6, (0.3, 0.3, 0.6)) == look(0.5, 0.6, (0.3,))
