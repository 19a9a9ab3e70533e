"""The order, the words and the pooling of the league table."""

from dataclasses import replace

import pytest

from kizuna.prove.evidence.rules.forest import scale_of
from kizuna.prove.evidence.rules.league import Column, league
from kizuna.prove.evidence.rules.shown import signed, span
from kizuna.prove.evidence.tests.reports import report, sure
from kizuna.prove.trials.queries import Verdict
from kizuna.stats.estimate import NotEnough
from kizuna.understand.metrics.queries.text import large_yen_words
from kizuna.words import Words


def test_a_large_but_unsure_effect_stands_below_a_smaller_sure_one() -> None:
    lucky = report("lucky", 30.0, 40.0, Verdict.UNCLEAR)
    steady = report("steady", 8.0, 3.0, Verdict.WORKS)
    table = league(reports=[lucky, steady], adjusted=sure(lucky, steady), by=Column.SAYS)
    assert [row.practice for row in table.rows] == ["steady", "lucky"]


def test_an_effect_that_does_not_stand_among_all_is_not_known_yet() -> None:
    one = report("one", 8.0, 3.0, Verdict.WORKS)
    table = league(reports=[one], adjusted={("one", "nps"): 0.2}, by=Column.SAYS)
    assert table.rows[0].verdict is Verdict.UNCLEAR
    assert [row.practice for row in table.told(verdict=Verdict.WORKS)] == []


def test_what_harms_anything_is_told_so_whatever_else_it_does() -> None:
    good = report("both", 0.05, 0.02, Verdict.WORKS, metric="repeat_rate")
    bad = report("both", -9.0, 4.0, Verdict.HARMS, metric="nps", primary=False)
    table = league(reports=[good, bad], adjusted=sure(good, bad), by=Column.RETURNS)
    (row,) = table.rows
    assert row.verdict is Verdict.HARMS
    assert {column: cell.verdict for column, cell in row.cells.items()} == {
        Column.RETURNS: Verdict.WORKS,
        Column.SAYS: Verdict.HARMS,
    }


def test_a_practice_without_the_chosen_column_stands_at_the_end() -> None:
    said = report("a", -20.0, 3.0, Verdict.HARMS)
    spent = report("b", 500.0, 100.0, Verdict.WORKS, metric="customer_value")
    table = league(reports=[spent, said], adjusted=sure(said, spent), by=Column.SAYS)
    assert [row.practice for row in table.rows] == ["a", "b"]


def test_a_main_metric_without_a_column_still_earns_its_word() -> None:
    calmer = report("easier", 0.4, 0.1, Verdict.WORKS, metric="ces")
    said = report("easier", 1.0, 6.0, Verdict.UNCLEAR, primary=False)
    (row,) = league(reports=[calmer, said], adjusted=sure(calmer, said), by=Column.SAYS).rows
    assert row.other is not None
    assert (row.verdict, row.other.report.metric, set(row.cells)) == (Verdict.WORKS, "ces", {Column.SAYS})
    assert [cell.report.metric for _, cell in row.earned] == ["ces"]


def test_repeats_of_one_practice_are_pooled_and_a_single_one_is_not() -> None:
    tries = [report("thanks", 8.0, 4.0, Verdict.WORKS), report("thanks-2", 6.0, 4.0, Verdict.WORKS)]
    alone = report("other", 1.0, 4.0, Verdict.UNCLEAR)
    table = league(reports=[*tries, alone], adjusted=sure(*tries, alone), by=Column.SAYS)
    (one,) = table.repeats
    assert (one.family, one.tries) == ("thanks", 2)
    pooled = one.pooled[Column.SAYS]
    assert pooled.value == pytest.approx(7.0)  # equal weights
    assert pooled.studies == 2


def test_different_metrics_of_one_column_are_never_pooled() -> None:
    tries = [
        report("x", 0.05, 0.02, Verdict.WORKS, metric="repeat_rate"),
        report("x-2", 0.05, 0.02, Verdict.WORKS, metric="f2_conversion"),
    ]
    assert league(reports=tries, adjusted=sure(*tries), by=Column.RETURNS).repeats == ()


def test_what_has_no_effect_yet_says_why() -> None:
    few = replace(report("few", 0.0, 1.0, Verdict.UNCLEAR), effect=NotEnough(reason="too_few", have=3, need=100))
    (row,) = league(reports=[few], adjusted={}, by=Column.SAYS).rows
    assert row.cells == {}
    assert row.missing[Column.SAYS].need == 100


def test_the_scale_is_round_and_one_long_whisker_does_not_press_the_others_flat() -> None:
    spans = [(8.0, 5.0, 11.0), (-3.0, -6.0, 0.0), (2.0, -1.0, 5.0), (4.0, -180.0, 190.0)]
    scale = scale_of(spans=spans)
    assert scale.reach == 15.0
    bar = scale.bar(value=4.0, low=-180.0, high=190.0)
    assert (bar.low_cut, bar.high_cut, bar.low, bar.high) == (True, True, "3.00%", "97.00%")
    assert scale.zero == "50.00%"
    assert scale_of(spans=[]).reach == 1.0


def test_figures_carry_their_sign_and_unit() -> None:
    assert signed(value=0.0812, unit="share").ja == "+8.1ポイント"
    assert signed(value=-10.64, unit="points").en == "−10.6 points"
    assert signed(value=0.0000001, unit="share").ja == "0.0ポイント"
    assert span(low=-0.026, high=0.026, unit="share") == Words(ja="−2.6 ～ +2.6", en="−2.6 to +2.6")
    assert large_yen_words(value=-1_442_854).ja == "−144万円"
    assert large_yen_words(value=231_000_000).ja == "+2.31億円"
