"""Numbers of an effect as they are printed."""

from kizuna.prove.trials.rules.compared import ComparedReport
from kizuna.prove.trials.rules.report import Report
from kizuna.understand.metrics.queries.text import difference_span_text, difference_text, number_text, size_text

Reported = Report | ComparedReport


def amount_text(*, report: Reported, value: float) -> str:
    """An arm's value: ``12.5%``, ``+31.0``, ``4,200円``."""
    return number_text(value=value, unit=report.reading.unit, decimals=_decimals(report))


def signed_text(*, report: Reported, value: float) -> str:
    """A difference, always with its sign and its unit."""
    return difference_text(value=value, unit=report.reading.unit, decimals=_decimals(report))


def signed_span_text(*, report: Reported, low: float, high: float) -> str:
    """The interval of a difference, its unit said once."""
    return difference_span_text(low=low, high=high, unit=report.reading.unit, decimals=_decimals(report))


def effect_size_text(*, report: Reported, value: float) -> str:
    """How large a difference is, without its sign."""
    return size_text(value=value, unit=report.reading.unit, decimals=_decimals(report))


def _decimals(report: Reported) -> int:
    return 0 if report.reading.unit == "yen" else max(1, report.reading.metric.decimals)
