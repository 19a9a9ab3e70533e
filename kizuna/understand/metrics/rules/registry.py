"""Every metric by name, and the sentences for a name that does not exist."""

import dataclasses

from kizuna.errors import NotFound
from kizuna.understand.metrics.rules import behaviour, delivery, sales, satisfaction, voice
from kizuna.understand.metrics.rules.definition import Metric
from kizuna.words import Words

METRICS: dict[str, Metric] = {
    metric.name: metric
    for metric in (
        *satisfaction.METRICS,
        *behaviour.METRICS,
        *sales.METRICS,
        *delivery.METRICS,
        *voice.METRICS,
    )
}
OWN = "own:"


class UnknownMetric(NotFound):
    """There is no metric of that name."""

    code = "unknown_metric"

    def __init__(self, *, name: str) -> None:
        self.name = name
        choices = ", ".join(label_of(name=known) for known in METRICS)
        super().__init__(
            Words(
                ja=f"「{name}」という指標はありません。使える指標: {choices}",
                en=f"There is no metric «{name}». Choose one of: {choices}",
            )
        )


def label_of(*, name: str) -> str:
    """How the name is typed: a family is typed with its question."""
    return "own:<name>" if name == "own" else name


def find_metric(*, name: str) -> Metric:
    """The metric of that name; ``own:<question>`` is the company's own question.

    Raises: UnknownMetric.
    """
    if name.startswith(OWN) and len(name) > len(OWN):
        return _own(name=name)
    metric = METRICS.get(name)
    if metric is None or metric.family:
        raise UnknownMetric(name=name)
    return metric


def _own(*, name: str) -> Metric:
    question = name.removeprefix(OWN).replace("{", "(").replace("}", ")")
    family = METRICS["own"]
    return dataclasses.replace(
        family,
        name=name,
        words=family.words.fill(name=question),
        keep=lambda t: t.instrument == name,
        family=False,
    )
