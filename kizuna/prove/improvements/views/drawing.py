"""The metric by month around an improvement, as a picture."""

from kizuna.prove.evidence.rules.timeline import Chart, Picture, Step, pictures
from kizuna.prove.improvements.queries import Month, Movement
from kizuna.stats.estimate import NotEnough
from kizuna.understand.metrics.queries import MetricCard
from kizuna.understand.metrics.queries.text import number_text


def line_of(*, found: Movement, done_month: str) -> tuple[Picture, ...]:
    """The months with the one marked in which it was done."""
    known = found.metric
    steps = [_step(one, metric=known) for one in found.months]
    mark = next((place for place, one in enumerate(found.months) if one.month >= done_month), None)
    return pictures(chart=Chart(steps=steps, unit=known.unit, mark=mark))


def _step(one: Month, *, metric: MetricCard) -> Step:
    label = f"{one.month[2:4]}/{int(one.month[5:])}"
    if isinstance(one.result, NotEnough):
        return Step(label=label, value=None)
    text = number_text(value=one.result.value, unit=metric.unit, decimals=metric.decimals)
    return Step(
        label=label, value=one.result.value, low=one.result.low, high=one.result.high, text=f"{one.month}: {text}"
    )
