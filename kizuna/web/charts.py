"""What a chart is told: the same values and the same words as the table behind it."""

from collections.abc import Sequence

from kizuna.web.figures import Shown
from kizuna.words import Words


def trend_chart(*, title: Words, unit: str, points: Sequence[tuple[str, Shown]]) -> dict[str, object] | None:
    """A line with its interval band; a step without enough data is a hatched gap. None when nothing can be drawn."""
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
        "points": [
            {"label": label, "value": shown.raw, "low": shown.raw_low, "high": shown.raw_high, "text": shown.sentence}
            for label, shown in points
        ],
    }


def bar_chart(*, title: Words, unit: str, points: Sequence[tuple[str, float, str]]) -> dict[str, object]:
    """Plain bars for sums of the shop's own books, which carry no interval."""
    return {
        "kind": "bars",
        "unit": unit,
        "description": str(title),
        "points": [{"label": label, "value": value, "text": text} for label, value, text in points],
    }
