import pytest

from kizuna.stats.scores import nps_adjusted_wald, nps_standard_error, nps_tango, nps_wald
from kizuna.stats.tests.cast import interval

Limits = tuple[float, float]

# detractors, passives, promoters, then NPS, standard error, Wald, adjusted Wald, score limits as printed
PUBLISHED: list[tuple[int, int, int, float, float, Limits, Limits, Limits]] = [
    (150, 150, 200, 10.0, 3.714835, (2.7191, 17.2809), (2.6868, 17.1939), (2.6747, 17.2056)),
    (54, 108, 162, 33.3333, 4.140867, (25.2174, 41.4493), (24.9453, 41.1098), (24.9540, 41.1611)),
    (10, 0, 0, -100.0, 0.0, (-100.0, -100.0), (-106.34, -47.50), (-100.0, -44.4934)),
    (0, 10, 0, 0.0, 0.0, (0.0, 0.0), (-18.4650, 18.4650), (-27.7533, 27.7533)),
]


@pytest.mark.parametrize("row", PUBLISHED)
def test_values_are_met_to_the_printed_digits(
    row: tuple[int, int, int, float, float, Limits, Limits, Limits],
) -> None:
    d, pa, p, nps, error, *limits = row
    assert round(nps_standard_error(promoters=p, passives=pa, detractors=d), 6) == error
    for compute, printed in zip((nps_wald, nps_adjusted_wald, nps_tango), limits, strict=True):
        found = interval(compute(promoters=p, passives=pa, detractors=d))
        assert round(found.value, 4) == nps
        digits = 2 if printed == (-106.34, -47.50) else 4
        assert (round(found.low, digits), round(found.high, digits)) == printed


def test_tango_agrees_with_the_textbook_of_fagerland_lydersen_and_laake() -> None:
    # Cavo et al. 2012 in "Statistical Analysis of Contingency Tables", ch. 8: 6 and 16 discordant of 161
    found = interval(nps_tango(promoters=6, passives=139, detractors=16))
    assert [round(v / 100, 4) for v in (found.value, found.low, found.high)] == [-0.0621, -0.1240, -0.0054]


def test_ten_of_ten_promoters_are_at_the_top_of_the_scale_and_not_beyond() -> None:
    found = interval(nps_tango(promoters=10, passives=0, detractors=0))
    assert (found.value, found.high) == (100.0, 100.0)
    adjusted = interval(nps_adjusted_wald(promoters=10, passives=0, detractors=0))
    assert (round(adjusted.low, 1), round(adjusted.high, 1)) == (47.5, 106.3)
