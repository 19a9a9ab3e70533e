"""Thirteen trials of the BCG vaccine (Colditz et al., JAMA 271 (1994) 698-702): the example of R's metafor."""

import math

import pytest

from kizuna.stats.estimate import NotEnough
from kizuna.stats.pooling import Pooled, Study, interaction, pool

# tuberculosis and none among the vaccinated, tuberculosis and none among the others
BCG = [
    (4, 119, 11, 128),
    (6, 300, 29, 274),
    (3, 228, 11, 209),
    (62, 13536, 248, 12619),
    (33, 5036, 47, 5761),
    (180, 1361, 372, 1079),
    (8, 2537, 10, 619),
    (505, 87886, 499, 87892),
    (29, 7470, 45, 7232),
    (17, 1699, 65, 1600),
    (186, 50448, 141, 27197),
    (5, 2493, 3, 2338),
    (27, 16886, 29, 17825),
]


def log_relative_risks() -> list[Study]:
    studies = []
    for ill, well, ill_0, well_0 in BCG:
        n, n_0 = ill + well, ill_0 + well_0
        error = math.sqrt(1 / ill - 1 / n + 1 / ill_0 - 1 / n_0)
        studies.append(Study(value=math.log(ill / n) - math.log(ill_0 / n_0), se=error))
    return studies


def pooled(studies: list[Study], **options: str) -> Pooled:
    found = pool(studies=studies, **options)  # type: ignore[arg-type]
    assert isinstance(found, Pooled)
    return found


def test_by_dersimonian_and_laird() -> None:
    found = pooled(log_relative_risks(), interval="normal")
    assert found.tau**2 == pytest.approx(0.3088, abs=5e-5)
    assert found.i2_share == pytest.approx(0.9212, abs=5e-5)
    assert found.q == pytest.approx(152.2330, abs=5e-4)
    assert found.value == pytest.approx(-0.7141, abs=5e-5)
    assert (found.low, found.high) == pytest.approx((-1.0644, -0.3638), abs=1e-4)
    assert sum(found.weights) == pytest.approx(1.0)


def test_by_hartung_and_knapp_the_interval_is_wider() -> None:
    found, plain = pooled(log_relative_risks()), pooled(log_relative_risks(), interval="normal")
    assert found.value == plain.value
    assert found.high - found.low > plain.high - plain.low
    # μ ± t(11)·√(τ² + se²), Higgins, Thompson & Spiegelhalter (2009), with t(11) = 2.200985
    reach = 2.200985 * math.sqrt(plain.tau**2 + plain.se**2)
    assert plain.prediction_low == pytest.approx(plain.value - reach, abs=1e-5)
    assert plain.prediction_high == pytest.approx(plain.value + reach, abs=1e-5)


def test_trials_that_agree_have_no_spread_and_the_common_weights() -> None:
    found = pooled([Study(value=2.0, se=1.0), Study(value=2.0, se=0.5), Study(value=2.0, se=2.0)])
    assert (found.tau, found.i2_share, found.q) == (0.0, 0.0, 0.0)
    assert found.value == pytest.approx(2.0)
    assert found.se == pytest.approx(1 / math.sqrt(1 + 4 + 0.25))
    assert found.weights == pytest.approx((1 / 5.25, 4 / 5.25, 0.25 / 5.25))


def test_one_trial_is_not_several() -> None:
    assert pool(studies=[Study(value=1.0, se=1.0)]) == NotEnough(reason="too_few", have=1, need=2)
    assert pool(studies=[]) == NotEnough(reason="no_data", have=0, need=2)
    two = pooled([Study(value=1.0, se=1.0), Study(value=2.0, se=1.0)])
    assert two.prediction_low is None
    with pytest.raises(ValueError, match="standard error"):
        pool(studies=[Study(value=1.0, se=0.0), Study(value=1.0, se=1.0)])


def test_cochrans_q_is_the_one_of_the_example() -> None:
    q, p = interaction(studies=log_relative_risks(), degrees=[math.inf] * 13)
    assert q == pytest.approx(152.2330, abs=5e-4)
    assert p < 1e-20


def test_trials_that_agree_by_luck_do_not_get_a_narrower_interval_than_the_normal_one() -> None:
    alike = [Study(value=1.0, se=1.0), Study(value=1.01, se=1.0), Study(value=0.99, se=1.0)]
    found, plain = pooled(alike), pooled(alike, interval="normal")
    assert (found.low, found.high, found.p) == (plain.low, plain.high, plain.p)
