import numpy as np
import pytest

from kizuna.stats.arms import AdjustedEffect, effect_cuped, effect_mean, effect_nps, effect_share
from kizuna.stats.estimate import Moments
from kizuna.stats.skew import Kind
from kizuna.stats.tests.cast import moments_of, nps_moments, share_moments


def drawn(n_control: int, n_treated: int, *, seed: int = 7) -> tuple[list[list[float]], list[list[float]]]:
    chance = np.random.default_rng(seed)
    xs = [chance.gamma(2.0, 1.0, n) for n in (n_control, n_treated)]
    ys = [2.0 * x + chance.normal(5.0 + arm, 1.0, len(x)) for arm, x in enumerate(xs)]
    return [y.tolist() for y in ys], [x.tolist() for x in xs]


def adjusted(control: Moments, treated: Moments, kind: Kind = "mean", skewness: float | None = None) -> AdjustedEffect:
    found = effect_cuped(control=control, treated=treated, kind=kind, skewness=skewness)
    assert isinstance(found, AdjustedEffect)
    return found


def test_it_is_the_regression_on_arm_and_covariate() -> None:
    (y_c, y_t), (x_c, x_t) = drawn(40, 360)
    # a large skewness asks for one variance in both arms: then it is least squares to the last digit
    found = adjusted(moments_of(y_c, x_c), moments_of(y_t, x_t), skewness=2.5)
    y, x = np.array(y_c + y_t), np.array(x_c + x_t)
    arm = np.repeat([0.0, 1.0], [40, 360])
    design = np.column_stack([np.ones(400), arm, x])
    solution, residual, *_ = np.linalg.lstsq(design, y, rcond=None)
    error = np.sqrt(residual[0] / 397 * np.linalg.inv(design.T @ design)[1, 1])
    assert found.effect.method == "pooled_t_cuped"
    assert found.effect.value == pytest.approx(float(solution[1]), rel=1e-9)
    assert found.theta == pytest.approx(float(solution[2]), rel=1e-9)
    assert found.effect.se == pytest.approx(float(error), rel=1e-9)


def test_it_removes_the_share_that_the_covariate_explains() -> None:
    (y_c, y_t), (x_c, x_t) = drawn(2_000, 2_000)
    control, treated = moments_of(y_c, x_c), moments_of(y_t, x_t)
    found, plain = adjusted(control, treated), effect_mean(control=control, treated=treated)
    # var(2x) = 8 of 9
    assert found.variance_reduction_share == pytest.approx(8 / 9, abs=0.02)
    assert isinstance(plain, type(found.effect))
    assert (found.effect.se / plain.se) ** 2 == pytest.approx(1 - found.variance_reduction_share, rel=0.01)
    assert found.effect.low < 1.0 < found.effect.high


def test_without_a_covariate_the_effect_is_as_it_is() -> None:
    answers = (
        nps_moments(detractors=40, passives=100, promoters=60),
        nps_moments(detractors=30, passives=100, promoters=70),
    )
    bought = share_moments(successes=30, n=200), share_moments(successes=45, n=200)
    spent = moments_of([float(i % 9) for i in range(90)]), moments_of([float(i % 11) for i in range(90)])
    for kind, (control, treated), plain in (
        ("nps", answers, effect_nps),
        ("share", bought, effect_share),
        ("mean", spent, effect_mean),
    ):
        found = adjusted(control, treated, kind)  # type: ignore[arg-type]
        assert found.effect == plain(control=control, treated=treated)
        assert (found.theta, found.variance_reduction_share) == (0.0, 0.0)


def test_a_covariate_that_never_varies_changes_nothing() -> None:
    control, treated = moments_of([1.0, 2.0, 4.0] * 9, [3.0] * 27), moments_of([2.0, 3.0, 4.0] * 9, [3.0] * 27)
    assert adjusted(control, treated).effect == effect_mean(control=control, treated=treated)


def test_an_nps_is_adjusted_in_points() -> None:
    chance = np.random.default_rng(3)
    arms = []
    for shift in (0.0, 0.3):
        before = chance.normal(0, 1, 1_500)
        mood = before + chance.normal(shift, 1, 1_500)
        arms.append(moments_of(np.where(mood > 0.9, 1.0, np.where(mood < -0.3, -1.0, 0.0)).tolist(), before.tolist()))
    found, plain = adjusted(arms[0], arms[1], "nps"), effect_nps(control=arms[0], treated=arms[1])
    assert isinstance(plain, type(found.effect))
    assert found.effect.value == pytest.approx(plain.value, abs=6.0)
    assert found.effect.se < 0.85 * plain.se
    assert found.variance_reduction_share > 0.25
