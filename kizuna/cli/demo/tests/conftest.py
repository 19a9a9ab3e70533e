"""The whole demo company as records, made once, and how to count in it."""

from collections.abc import Callable, Iterable
from datetime import date

import pytest

from kizuna.cli.demo.company import Plan
from kizuna.cli.demo.generate import Month, make_months
from kizuna.listen.surveys.rules import AnswerRecord
from kizuna.stats.estimate import Moments

TODAY = date(2026, 11, 21)


@pytest.fixture(scope="session")
def plan() -> Plan:
    return Plan(today=TODAY)


@pytest.fixture(scope="session")
def months(plan: Plan) -> list[Month]:
    return list(make_months(plan=plan))


def moments(values: Iterable[float]) -> Moments:
    """n, Σy, Σy² of these values."""
    listed = list(values)
    return Moments(n=len(listed), sum_y=sum(listed), sum_yy=sum(value * value for value in listed))


def nps_of(months: Iterable[Month], wanted: Callable[[AnswerRecord], bool]) -> Moments:
    """The moments of +1/0/−1 over the wanted NPS answers."""
    return moments(
        (answer.score >= 9) - (answer.score <= 6)
        for month in months
        for answer in month.answers
        if answer.instrument == "nps" and wanted(answer)
    )


def share_of(months: Iterable[Month], instrument: str, least: float, wanted: Callable[[AnswerRecord], bool]) -> Moments:
    """The moments of «scored at least that» over the wanted answers."""
    return moments(
        float(answer.score >= least)
        for month in months
        for answer in month.answers
        if answer.instrument == instrument and wanted(answer)
    )
