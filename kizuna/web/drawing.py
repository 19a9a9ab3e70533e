"""Small drawings as SVG numbers, made on the server: a trend with its band, a dot with its whisker.

They need no script, so the home page stays light and prints as it looks.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from kizuna.prove.evidence.rules.timeline import stretches
from kizuna.web.figures import Shown

WIDTH, HEIGHT, PAD = 200.0, 44.0, 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Spark:
    """Path data for one small trend: bands and lines break where there is not enough data."""

    bands: tuple[str, ...]
    line: str
    dots: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Whisker:
    """A dot with its interval on a common scale, in percent of the width."""

    dot: str
    low: str
    high: str
    reference: str


def _span(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    return (low, high) if high > low else (low - 1.0, high + 1.0)


def spark(*, points: Sequence[Shown]) -> Spark | None:
    """The trend of these points, oldest first; None when fewer than two of them have a value."""
    known = [point for point in points if point.raw is not None]
    if len(known) < 2:
        return None
    edges = [value for point in known for value in (point.raw_low, point.raw_high, point.raw) if value is not None]
    low, high = _span(edges)
    step = WIDTH / max(1, len(points) - 1)

    def place(index: int, value: float) -> str:
        y = PAD + (high - value) / (high - low) * (HEIGHT - 2 * PAD)
        return f"{index * step:.1f} {y:.1f}"

    runs = stretches(known=[point.raw is not None for point in points])
    bands = []
    for run in runs:
        upper = [place(index, points[index].raw_high or 0.0) for index in run]
        lower = [place(index, points[index].raw_low or 0.0) for index in reversed(run)]
        if len(run) > 1:
            bands.append(f"M{' L'.join(upper + lower)} Z")
    line = " ".join(f"M{' L'.join(place(index, points[index].raw or 0.0) for index in run)}" for run in runs)
    last = runs[-1][-1]
    x, _, y = place(last, points[last].raw or 0.0).partition(" ")
    return Spark(bands=tuple(bands), line=line, dots=((x, y),))


def whiskers(*, rows: Sequence[Shown], reference: float | None = None) -> list[Whisker | None]:
    """One dot with its interval per row, all on the same scale; None where there is not enough data."""
    edges = [value for row in rows for value in (row.raw_low, row.raw_high) if value is not None]
    if reference is not None and edges:
        edges.append(reference)
    if not edges:
        return [None for _ in rows]
    low, high = _span(edges)

    def at(value: float) -> str:
        return f"{2 + (value - low) / (high - low) * 96:.2f}%"

    return [
        None
        if row.raw is None or row.raw_low is None or row.raw_high is None
        else Whisker(
            dot=at(row.raw),
            low=at(row.raw_low),
            high=at(row.raw_high),
            reference="" if reference is None else at(reference),
        )
        for row in rows
    ]
