"""Reports of trials with made-up effects, for the table and whoever tells of it."""

from datetime import UTC, datetime

from kizuna.prove.trials.queries import Left, Report, Shown, Verdict
from kizuna.stats.estimate import NotEnough
from kizuna.understand.metrics.rules.windows import reading_of
from kizuna.words import Words

NOW = datetime(2026, 11, 20, tzinfo=UTC)


def report(
    practice: str, value: float, half: float, verdict: Verdict, *, metric: str = "nps", primary: bool = True
) -> Report:
    """A report with value ± half on a metric."""
    return Report(
        practice=practice,
        title=Words(ja=practice, en=practice),
        metric=metric,
        reading=reading_of(metric=metric),
        window_days=90,
        primary=primary,
        as_of=NOW,
        until=NOW,
        first_at=NOW,
        arms=(),
        effect=Shown(
            value=value,
            low=value - half,
            high=value + half,
            level=0.95,
            p=0.01,
            method="welch",
            crossed=half < abs(value),
        ),
        p_adjusted=0.01,
        variance_reduction_share=0.0,
        lift=NotEnough(reason="no_data", have=0, need=1),
        srm_p=0.5,
        srm_alert=False,
        response_srm_p=None,
        response_alert=False,
        verdict=verdict,
        because=Words(ja="", en=""),
        grade=3,
        decided_on=None,
        looks=(),
        fraction=None,
        people=1000,
        people_planned=None,
        ends_at=None,
        smallest=5.0,
        days_needed=None,
        worth_ruled_out=False,
        yen_per_year=None,
        left=Left(assigned=1000, immature=0, not_asked=0, crossed=0, repeated=0, without_value=0),
    )


def sure(*reports: Report) -> dict[tuple[str, str], float]:
    return {(one.practice, one.metric): 0.001 for one in reports}
