import pytest
from hypothesis import given
from hypothesis import strategies as st

from kizuna.stats.multiplicity import benjamini_hochberg, holm

# The fifteen p values of Benjamini & Hochberg's 1995 paper (thrombolysis trial)
PAPER = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0,
]  # fmt: skip


def test_the_paper_rejects_four_with_bh_and_three_with_holm() -> None:
    assert sum(p <= 0.05 for p in benjamini_hochberg(p_values=PAPER)) == 4
    assert sum(p <= 0.05 for p in holm(p_values=PAPER)) == 3


def test_values_of_r_p_adjust() -> None:
    # R: p.adjust(c(0.01, 0.02, 0.03, 0.04, 0.05), "BH" / "holm"), and out of order
    assert benjamini_hochberg(p_values=[0.01, 0.02, 0.03, 0.04, 0.05]) == pytest.approx([0.05] * 5)
    assert holm(p_values=[0.01, 0.02, 0.03, 0.04, 0.05]) == pytest.approx([0.05, 0.08, 0.09, 0.09, 0.09])
    assert benjamini_hochberg(p_values=[0.04, 0.001, 0.03]) == pytest.approx([0.04, 0.003, 0.04])


@given(st.lists(st.floats(0, 1), max_size=50))
def test_adjusting_never_helps_and_keeps_the_order(p_values: list[float]) -> None:
    for adjust in (benjamini_hochberg, holm):
        adjusted = adjust(p_values=p_values)
        assert all(p <= q or q == pytest.approx(p) for p, q in zip(p_values, adjusted, strict=True))
        assert all(0 <= q <= 1 for q in adjusted)
        ranked = [q for _, q in sorted(zip(p_values, adjusted, strict=True))]
        assert ranked == sorted(ranked)


@given(st.lists(st.floats(0, 1), max_size=50))
def test_the_family_wise_rule_is_the_stricter_one(p_values: list[float]) -> None:
    both = zip(holm(p_values=p_values), benjamini_hochberg(p_values=p_values), strict=True)
    assert all(strict >= loose or strict == pytest.approx(loose) for strict, loose in both)


def test_nothing_tested_is_nothing_adjusted() -> None:
    assert benjamini_hochberg(p_values=[]) == ()
    assert holm(p_values=[]) == ()


@pytest.mark.parametrize("wrong", [float("nan"), -0.1, 1.1])
def test_what_could_not_be_tested_must_be_left_out(wrong: float) -> None:
    with pytest.raises(ValueError, match="p value"):
        benjamini_hochberg(p_values=[0.5, wrong])
