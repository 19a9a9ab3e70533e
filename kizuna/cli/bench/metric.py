"""Bench of the questions a page asks: from state and in plain SQL over the raw facts, also after corrections."""

import math
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction

from kizuna.cli.bench import plain
from kizuna.facts.catalogue import (
    AnswerVoided,
    OrderAmended,
    OrderCancelled,
    OrderLineSold,
    OrderPlaced,
    SurveyAnswered,
)
from kizuna.facts.lake import operations as lake
from kizuna.facts.outbox.operations import publish
from kizuna.facts.state import operations as state
from kizuna.stats.estimate import Estimate, NotEnough
from kizuna.understand.metrics import operations as metrics
from kizuna.understand.metrics.queries import cohorts, forget_answers, measure

NOW = datetime(2026, 4, 1, tzinfo=UTC)
ASKED = 200

MEASURED: dict[str, tuple[str, tuple[str, ...]]] = {
    "NPS by touchpoint and month": ("nps", ("touchpoint", "month")),
    "repeat rate": ("repeat_rate", ()),
    "F2 conversion": ("f2_conversion", ()),
}


def _ask(name: str) -> object:
    """A question as a page asks it the first time after the data changed: nothing is remembered."""
    forget_answers()
    if name in MEASURED:
        metric, by = MEASURED[name]
        return measure(metric=metric, by=by, now=NOW)
    return cohorts(now=NOW)


def run(*, seed: int, size: int = 1_000_000) -> dict[str, Any]:
    """``size`` customers with ten order lines and five answers each; returns milliseconds and whether all agree."""
    figures: dict[str, Any] = {"customers": size, "order lines": size * 10, "answers": size * 5}
    figures["facts into the lake, s"] = _seconds(lambda: _fill(size=size, seed=seed))
    figures["state made anew, s"] = _seconds(lambda: metrics.refresh(touched=state.rebuild(now=NOW), now=NOW))
    for name, baseline in plain.QUESTIONS.items():
        figures[f"{name}: from state, p95 ms"] = _p95(question=partial(_ask, name), times=ASKED)
        figures[f"{name}: plain SQL over the facts, p95 ms"] = _p95(question=baseline, times=5)
    figures["largest difference to plain SQL"] = _largest_difference()
    figures["late, edited and deleted facts into state, s"] = _seconds(lambda: _correct(size=size))
    figures["largest difference afterwards"] = _largest_difference()
    return figures


def _fill(*, size: int, seed: int) -> None:
    for fact, sql in plain.facts(size=size, seed=seed).items():
        lake.write_query(fact=fact, sql=sql, now=NOW)


def _correct(*, size: int) -> None:
    """A thousand corrections: cancelled, re-priced and late orders, voided and late answers."""
    later = NOW - timedelta(hours=1)
    facts: list[Any] = []
    for number in range(250):
        order = number * 7
        common: dict[str, Any] = {
            "occurred_at": later - timedelta(days=400), "person_id": number + 1, "channel": "web", "order_id": order,
            "revision": 1, "source": "bench", "store": "online", "total_yen": 1_000, "touchpoint": "purchase",
        }  # fmt: skip
        line = OrderLineSold(**{k: v for k, v in common.items() if k not in {"source", "total_yen"}},
                             line_no=1, product="SKU-0001", quantity=1, amount_yen=1_000)  # fmt: skip
        facts += [OrderCancelled(**common) if number % 2 else OrderAmended(**common), line]
        late = {**common, "order_id": size * 100 + number, "revision": 0}
        facts.append(OrderPlaced(**late))
        facts.append(AnswerVoided(occurred_at=later, person_id=None, answer_id=number * 11, revision=1))
        facts.append(
            SurveyAnswered(
                occurred_at=later - timedelta(days=30),
                person_id=number + 1,
                touchpoint="support",
                channel="web",
                answer_id=size * 100 + number,
                instrument="nps",
                score=9.0,
            )
        )
    with transaction.atomic():
        publish(facts=facts, now=NOW, wake=False)
    while lake.write_due(now=NOW, limit=500):
        pass
    metrics.refresh(touched=state.advance(now=NOW), now=NOW)


def _largest_difference() -> float:
    """Over every group of every question: our value against the plain one; infinite when groups differ."""
    worst = 0.0
    for name, (metric, by) in MEASURED.items():
        measured = measure(metric=metric, by=by, now=NOW)
        ours = {tuple(row.group[dim] for dim in by): _value(row.result) for row in measured}
        worst = max(worst, _apart(ours, plain.values(question=name)))
    table = {
        (cohort.month, str(cell.since)): _value(cell.active)
        for cohort in cohorts(now=NOW)
        for cell in cohort.cells
        if isinstance(cell.active, Estimate) and cell.active.value
    }
    return max(worst, _apart(table, plain.values(question="cohort table")))


def _apart(ours: dict[Any, float], theirs: dict[Any, float]) -> float:
    if ours.keys() != theirs.keys():
        return math.inf
    return max((abs(ours[key] - theirs[key]) for key in ours), default=0.0)


def _value(result: Estimate | NotEnough) -> float:
    return result.value if isinstance(result, Estimate) else math.nan


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return round(time.perf_counter() - began, 1)


def _p95(*, question: Callable[[], object], times: int) -> float:
    question()
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        question()
        taken.append(time.perf_counter() - began)
    return round(sorted(taken)[math.ceil(0.95 * times) - 1] * 1000, 1)
