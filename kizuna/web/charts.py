"""What a chart is told: the same values and the same words as the table behind it."""

import math
from collections.abc import Sequence

from kizuna.web.figures import Shown
from kizuna.web.spans import span_short, span_words
from kizuna.words import Words

LEAST_FOR_AXIS = 10
"""A step with fewer units does not set the scale: one answer's interval spans all of it and would flatten the rest."""


def trend_chart(
    *, title: Words, unit: str, grain: str, points: Sequence[tuple[str, Shown]]
) -> dict[str, object] | None:
    """A line with its interval band; a step without enough data is a hatched gap. None when nothing can be drawn.

    ``points`` go by the ISO name of the day, week or month that each stands for.
    """
    if sum(1 for _, shown in points if shown.enough) < 2:
        return None
    described = Words(
        ja="{title}の推移と95%区間。{count}時点。数値は下の表にあります。",
        en="{title} over time with its 95% interval, {count} steps. The numbers are in the table below.",
    )
    return {
        "kind": "trend",
        "unit": unit,
        "description": str(described.fill(title=title, count=len(points))),
        **_axis(shown=[shown for _, shown in points if shown.raw is not None]),
        "points": [
            {
                "label": str(span_words(dim=grain, value=step)),
                "axis": str(span_short(dim=grain, value=step)),
                "value": shown.raw,
                "low": shown.raw_low,
                "high": shown.raw_high,
                "text": shown.sentence,
            }
            for step, shown in points
        ],
    }


def _axis(*, shown: Sequence[Shown]) -> dict[str, float]:
    """The ends of the scale when thin steps are among the points; otherwise the chart finds them itself."""
    sure = [one for one in shown if (one.n or 0) >= LEAST_FOR_AXIS]
    if len(sure) < 2 or len(sure) == len(shown):
        return {}
    seen = [value for one in sure for value in (one.raw_low, one.raw_high) if value is not None]
    low, high = min(seen), max(seen)
    if low == high:
        return {}
    step = 10.0 ** math.floor(math.log10(high - low)) / 2
    return {"min": math.floor(low / step) * step, "max": math.ceil(high / step) * step}


def bar_chart(*, title: Words, unit: str, points: Sequence[tuple[str, float, str]]) -> dict[str, object]:
    """Plain bars for sums of the shop's own books, which carry no interval."""
    return {
        "kind": "bars",
        "unit": unit,
        "description": str(title),
        "points": [{"label": label, "value": value, "text": text} for label, value, text in points],
    }
