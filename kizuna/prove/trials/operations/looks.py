"""Every look at a running trial is written down, since each spends a little of the 5 %."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from kizuna.prove.trials.models import Look
from kizuna.prove.trials.queries.effect import practice_effects
from kizuna.prove.trials.queries.looks import AS_TAKEN, today
from kizuna.prove.trials.rules.effects import Shown
from kizuna.prove.trials.rules.report import Report
from kizuna.understand.metrics.queries.windows import assigned_practices


def take_looks(*, practice: str, metric: str = "", now: datetime) -> list[Report]:
    """Read the effects of a practice, and remember that they were read: whoever shows them goes through here.

    Raises: PracticeUnknown, NothingAssigned, UnknownMetric, NoWindow.
    """
    reports = practice_effects(practice=practice, metric=metric, now=now)
    remember(reports=reports, now=now)
    return reports


def remember(*, reports: Sequence[Report], now: datetime) -> int:
    """Write down the looks that told something new; at most one a day for each metric."""
    rows = [
        Look(
            practice=report.practice,
            metric=report.metric,
            window_days=report.window_days,
            day=today(now=now),
            people=report.people,
            value=report.effect.value,
            low=report.effect.low,
            high=report.effect.high,
            p=report.effect.p,
            crossed=report.effect.crossed and not report.srm_alert and not report.response_alert,
            verdict=report.verdict.value,
            taken_at=now,
        )
        for report in reports
        if isinstance(report.effect, Shown) and report.effect.method != AS_TAKEN
    ]
    with transaction.atomic():
        Look.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


_looked: dict[str, date] = {}
"""Practices this process has looked at today, those without any number to write down among them."""
_AT_ONCE = 5


def look_due(*, now: datetime) -> int:
    """Take today's look at every practice, so that what any page or command shows later today was written down."""
    day = today(now=now)
    waiting = [name for name in assigned_practices() if _looked.get(name) != day]
    if not waiting:
        return 0
    seen = set(Look.objects.filter(day=day).values_list("practice", flat=True))
    for name in waiting[:_AT_ONCE]:
        if name not in seen:
            take_looks(practice=name, now=now)
        _looked[name] = day
    return len(waiting[:_AT_ONCE])
