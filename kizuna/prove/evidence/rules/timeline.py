"""A metric by month drawn on the server, so that it prints as it looks: line, interval band, forecast fan, target.

Text in a picture shrinks with the picture, so a page draws one for a desk and one for a telephone and shows either.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from kizuna.understand.metrics.queries.text import MINUS, number_text
from kizuna.words import Words

WIDE, NARROW = (760.0, 260.0), (340.0, 240.0)
_TOP, _BOTTOM, _RIGHT = 14.0, 26.0, 14.0
_TICKS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One measured month; no value is a gap. ``label`` stands on the axis, ``text`` is read out."""

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fan:
    """One coming month: its middle, its 80 % and its 95 % interval."""

    label: str
    value: float
    inner: tuple[float, float]
    outer: tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """A measured month in the picture."""

    x: str
    y: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A grid line with its words."""

    at: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Everything the template writes into one SVG."""

    width: int
    height: int
    left: str
    right: str
    bottom: str
    bands: tuple[str, ...]
    lines: tuple[str, ...]
    dots: tuple[Dot, ...]
    fan_outer: str
    fan_inner: str
    fan_line: str
    rows: tuple[Tick, ...]
    columns: tuple[Tick, ...]
    target: str
    target_above: bool
    mark: str
    narrow: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """What to draw, in the metric's unit. ``mark`` is the month from which something was different."""

    steps: Sequence[Step]
    unit: str
    fan: Sequence[Fan] = ()
    target: float | None = None
    mark: int | None = None


def axis_text(*, value: float, unit: str) -> str:
    """A value on the axis, short."""
    if unit == "share":
        return f"{100 * value:g}%".replace("-", MINUS)
    if unit == "yen" and abs(value) >= 1e6:
        return str(Words(ja=f"{value / 1e4:,.0f}万", en=f"{value / 1e6:g}M"))
    return number_text(value=value, unit=unit, decimals=0 if abs(value) >= 10 or value == int(value) else 1)


def pictures(*, chart: Chart) -> tuple[Picture, ...]:
    """The picture for a desk and the one for a telephone; none when nothing was measured."""
    if sum(step.value is not None for step in chart.steps) < 2:
        return ()
    return tuple(_picture(chart, size=size) for size in (WIDE, NARROW))


@dataclass(frozen=True, slots=True)
class _Plane:
    """From months and values to places."""

    left: float
    width: float
    height: float
    low: float
    high: float
    count: int

    def x(self, place: float) -> float:
        return self.left + (self.width - self.left - _RIGHT) * place / max(1, self.count - 1)

    def y(self, value: float) -> float:
        within = min(max(value, self.low), self.high)
        return _TOP + (self.height - _TOP - _BOTTOM) * (self.high - within) / (self.high - self.low)

    def at(self, place: float, value: float) -> str:
        return f"{self.x(place):.1f},{self.y(value):.1f}"


def _picture(chart: Chart, *, size: tuple[float, float]) -> Picture:
    width, height = size
    low, high, ticks = _scale(chart)
    longest = max(len(axis_text(value=tick, unit=chart.unit)) for tick in ticks)
    count = len(chart.steps) + len(chart.fan)
    plane = _Plane(14.0 + 6.6 * longest, width, height, low, high, count)
    labels = [*(step.label for step in chart.steps), *(step.label for step in chart.fan)]
    every = max(1, math.ceil(count / (7 if width > 500 else 4)))
    broken = stretches(known=[step.value is not None for step in chart.steps])
    runs = [[(place, chart.steps[place]) for place in run] for run in broken]
    target_y = None if chart.target is None else plane.y(chart.target)
    return Picture(
        width=round(width),
        height=round(height),
        left=f"{plane.left:.1f}",
        right=f"{width - _RIGHT:.1f}",
        bottom=f"{height - _BOTTOM:.1f}",
        bands=tuple(_band(plane, [(i, s.low, s.high) for i, s in run]) for run in runs),
        lines=tuple(" ".join(plane.at(i, s.value or 0.0) for i, s in run) for run in runs),
        dots=tuple(
            Dot(x=f"{plane.x(i):.1f}", y=f"{plane.y(s.value or 0.0):.1f}", text=s.text) for run in runs for i, s in run
        ),
        **_fan(chart, plane=plane),
        rows=tuple(Tick(at=f"{plane.y(tick):.1f}", text=axis_text(value=tick, unit=chart.unit)) for tick in ticks),
        columns=tuple(
            Tick(at=f"{plane.x(i):.1f}", text=labels[i]) for i in range(count) if (count - 1 - i) % every == 0
        ),
        target="" if target_y is None else f"{target_y:.1f}",
        target_above=target_y is not None and target_y > _TOP + 18,
        mark="" if chart.mark is None else f"{plane.x(chart.mark):.1f}",
        narrow=width < 500,
    )


def stretches(*, known: Sequence[bool]) -> list[list[int]]:
    """The places without a gap between them: a line or a band breaks where nothing was measured."""
    found: list[list[int]] = []
    for place, is_known in enumerate(known):
        if not is_known:
            continue
        if found and found[-1][-1] == place - 1:
            found[-1].append(place)
        else:
            found.append([place])
    return found


def _band(plane: _Plane, edges: Sequence[tuple[int, float | None, float | None]]) -> str:
    kept = [(i, low, high) for i, low, high in edges if low is not None and high is not None]
    above = [plane.at(i, high) for i, _, high in kept]
    below = [plane.at(i, low) for i, low, _ in reversed(kept)]
    return " ".join([*above, *below])


def _fan(chart: Chart, *, plane: _Plane) -> dict[str, str]:
    last = next((i for i in range(len(chart.steps) - 1, -1, -1) if chart.steps[i].value is not None), None)
    if not chart.fan or last is None:
        return {"fan_outer": "", "fan_inner": "", "fan_line": ""}
    start = chart.steps[last].value or 0.0
    places = [last, *range(len(chart.steps), len(chart.steps) + len(chart.fan))]
    outer = [(start, start), *(step.outer for step in chart.fan)]
    inner = [(start, start), *(step.inner for step in chart.fan)]
    middle = [start, *(step.value for step in chart.fan)]
    return {
        "fan_outer": _band(plane, [(i, *pair) for i, pair in zip(places, outer, strict=True)]),
        "fan_inner": _band(plane, [(i, *pair) for i, pair in zip(places, inner, strict=True)]),
        "fan_line": " ".join(plane.at(i, value) for i, value in zip(places, middle, strict=True)),
    }


def _scale(chart: Chart) -> tuple[float, float, list[float]]:
    """Ends and grid lines that hold every value and interval; one month's wild interval may be cut."""
    values = [step.value for step in chart.steps if step.value is not None]
    values += [chart.target] if chart.target is not None else []
    values += [end for step in chart.fan for end in step.outer]
    spread = (max(values) - min(values)) or abs(values[0]) or 1.0
    ends = [end for step in chart.steps for end in (step.low, step.high) if end is not None]
    low = max(min([*values, *ends]), min(values) - spread)
    high = min(max([*values, *ends]), max(values) + spread)
    step = _nice((high - low) / _TICKS or 1.0)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    last = max(last, first + 1)
    return first * step, last * step, [n * step for n in range(first, last + 1)]


def _nice(size: float) -> float:
    power = 10.0 ** math.floor(math.log10(size))
    return next(power * part for part in (1.0, 2.0, 5.0, 10.0) if size <= power * part * 1.0001)
