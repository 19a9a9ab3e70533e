"""The few lines of effects on the home page: what harms is told in full, by whichever metric it does."""

from kizuna.prove.evidence.rules.league import Column, league
from kizuna.prove.evidence.tests.reports import report, sure
from kizuna.prove.trials.queries import Verdict
from kizuna.web.effects import LISTED, lines_of


def test_what_harms_is_told_also_by_a_metric_without_a_column() -> None:
    harder = report("harder", -0.4, 0.1, Verdict.HARMS, metric="ces")
    worse = report("worse", -9.0, 2.0, Verdict.HARMS)
    works = [report(f"good{number}", 9.0 + number, 1.0, Verdict.WORKS) for number in range(LISTED + 1)]
    open_ones = report("open", 1.0, 4.0, Verdict.UNCLEAR)
    reports = [harder, worse, *works, open_ones]
    told = lines_of(table=league(reports=reports, adjusted=sure(*reports), by=Column.SAYS))
    assert [one.practice for one in told.told if one.harms] == ["worse", "harder"]
    assert [one.practice for one in told.told if not one.harms] == ["good3", "good2", "good1"]
    assert told.unclear == 1
    assert [one.metric.en for one in told.told[:2]] == ["NPS", harder.reading.title.en]
