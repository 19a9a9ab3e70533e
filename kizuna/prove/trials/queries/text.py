"""Numbers of an effect as they are printed."""

from kizuna.prove.trials.rules.report import Report
from kizuna.understand.metrics.queries.text import number_text
from kizuna.words import Words

_POINTS = Words(ja="{n} ポイント", en="{n} pts")


def amount_text(*, report: Report, value: float) -> str:
    """An arm's value: ``12.5 %``, ``+31.0``, ``¥4,200``."""
    return number_text(value=value, unit=report.reading.unit, decimals=_decimals(report))


def signed_text(*, report: Report, value: float) -> str:
    """A difference, always with its sign; one of shares is in points, so that it is not taken for a relative change."""
    unit = report.reading.unit
    if unit == "share":
        return str(_POINTS.fill(n=f"{100 * value:+.1f}"))
    if unit == "points":
        return str(_POINTS.fill(n=f"{value:+.1f}"))
    text = number_text(value=abs(value), unit=unit, decimals=_decimals(report))
    return ("+" if value >= 0 else "-") + text


def _decimals(report: Report) -> int:
    return 0 if report.reading.unit == "yen" else max(1, report.reading.metric.decimals)
