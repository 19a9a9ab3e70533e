"""A/A trials of every shipped metric through the trials' own path from customers' sums to a p value.

The customers are made here as (y, x, covariate) of one window each; what adds them up and compares them is the product.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pytest

from kizuna.prove.trials.rules.effects import effect_of
from kizuna.stats.estimate import Moments, NotEnough
from kizuna.understand.metrics.queries.windows import ArmSums
from kizuna.understand.metrics.rules.registry import METRICS
from kizuna.understand.metrics.rules.windows import is_readable, reading_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

RUNS, EACH = 10_000, 200
HELD_OUT, SERVED = 150, 350


@dataclass(frozen=True, slots=True)
class People:
    """A row for each run and a column for each customer: value, divisor, covariate."""

    y: "Floats"
    x: "Floats"
    c: "Floats"


Make = Callable[[np.random.Generator, tuple[int, int]], People]


def _steady(dice: np.random.Generator, size: tuple[int, int]) -> "Floats":
    """What a customer brings along, before and after."""
    return dice.standard_normal(size)


def _share(p: float, *, once: bool = True) -> Make:
    def make(dice: np.random.Generator, size: tuple[int, int]) -> People:
        habit = _steady(dice, size)
        chance = 1.0 / (1.0 + np.exp(-(np.log(p / (1 - p)) + 0.7 * habit)))
        rows: Floats = np.ones(size) if once else 1.0 + dice.poisson(0.6, size).astype(float)
        y = dice.binomial(rows.astype(int), chance).astype(float)
        return People(y, rows, (dice.random(size) < chance).astype(float))

    return make


def _nps(*, once: bool) -> Make:
    def make(dice: np.random.Generator, size: tuple[int, int]) -> People:
        habit = 0.8 * _steady(dice, size)

        def answer() -> "Floats":
            score = habit + dice.standard_normal(size)
            signs: Floats = (score > 0.75).astype(float) - (score < -0.2).astype(float)
            return signs

        second = np.zeros(size) if once else (dice.random(size) < 0.4).astype(float)
        known = dice.random(size) < 0.5
        return People(answer() + second * answer(), 1.0 + second, np.where(known, answer(), 0.0))

    return make


def _score(low: int, high: int, middle: float) -> Make:
    def make(dice: np.random.Generator, size: tuple[int, int]) -> People:
        habit = _steady(dice, size)

        def score() -> "Floats":
            return np.clip(np.rint(middle + habit + 1.1 * dice.standard_normal(size)), low, high)

        return People(score(), np.ones(size), np.where(dice.random(size) < 0.5, score(), 0.0))

    return make


def _yen(buyers: float) -> Make:
    def make(dice: np.random.Generator, size: tuple[int, int]) -> People:
        habit = _steady(dice, size)

        def spent() -> "Floats":
            amount = np.rint(np.exp(8.3 + 0.5 * habit + 0.6 * dice.standard_normal(size)))
            return np.where(dice.random(size) < buyers, amount, 0.0)

        return People(spent(), np.ones(size), spent())

    return make


def _count(mean: float) -> Make:
    def make(dice: np.random.Generator, size: tuple[int, int]) -> People:
        rate = mean * np.exp(0.6 * _steady(dice, size) - 0.18)
        return People(dice.poisson(rate).astype(float), np.ones(size), dice.poisson(rate).astype(float))

    return make


def _per_row(level: float, spread: float) -> Make:
    """Rows of one customer are alike: an order's yen, a parcel's days."""

    def make(dice: np.random.Generator, size: tuple[int, int]) -> People:
        rows: Floats = 1.0 + dice.poisson(0.7, size).astype(float)
        mean = level * np.exp(0.4 * _steady(dice, size))
        return People(np.rint(mean * rows * np.exp(spread * dice.standard_normal(size))), rows, np.zeros(size))

    return make


def _part(share: float) -> Make:
    """A share of yen: what is taken off the amounts."""

    def make(dice: np.random.Generator, size: tuple[int, int]) -> People:
        amount = np.rint(np.exp(8.3 + 0.7 * _steady(dice, size)))
        return People(np.rint(amount * dice.beta(2, 2 / share - 2, size)), amount, np.zeros(size))

    return make


CUSTOMERS: dict[str, tuple[Make, ...]] = {
    "nps": (_nps(once=True), _nps(once=False)),
    "top_two_box_1to10": (_share(0.25),),
    "csat": (_share(0.7), _share(0.7, once=False)),
    "csat5": (_share(0.7),),
    "csat7": (_share(0.6),),
    "ces": (_score(1, 7, 5.0),),
    "ces_easy_share": (_share(0.65),),
    "ces1": (_score(1, 5, 2.5),),
    "answer_count": (_count(0.4),),
    "repeat_rate": (_share(0.3),),
    "f2_conversion": (_share(0.22),),
    "loyal_share": (_share(0.15),),
    "purchase_interval": (_per_row(35.0, 0.4),),
    "customer_value": (_yen(0.4),),
    "new_customer_rate": (_share(0.2),),
    "active_customers": (_share(0.35),),
    "orders_per_customer": (_count(0.8),),
    "sales": (_yen(0.4),),
    "orders": (_count(0.8),),
    "average_order_value": (_per_row(4500.0, 0.5),),
    "units_per_order": (_per_row(2.4, 0.3),),
    "discount_share": (_part(0.08),),
    "cancel_rate": (_share(0.08, once=False),),
    "refund_rate": (_share(0.08, once=False),),
    "product_sales": (_yen(0.5),),
    "product_refund_rate": (_share(0.1, once=False),),
    "delivery_promise_kept": (_share(0.88, once=False),),
    "delivery_days": (_per_row(2.5, 0.3),),
    "review_score": (_score(1, 5, 4.0),),
    "low_review_share": (_share(0.12),),
    "review_count": (_count(0.3),),
    "note_count": (_count(0.3),),
}


def test_every_shipped_metric_has_customers_here() -> None:
    assert set(CUSTOMERS) == {
        name for name, metric in METRICS.items() if not metric.family and is_readable(metric=name)
    }


def false_alarms(*, metric: str, runs: int, arms: tuple[int, int] = (EACH, EACH), seed: int = 7) -> list[float]:
    """How often a practice that does nothing seems to do something, for each kind of customers of the metric."""
    reading, found = reading_of(metric=metric), []
    for make in CUSTOMERS[metric]:
        dice = np.random.default_rng(seed)
        rejected = told = 0
        for start in range(0, runs, 500):
            many = min(500, runs - start)
            one, other = (_sums(make(dice, (many, n))) for n in arms)
            for control, treated in zip(one, other, strict=True):
                effect = effect_of.__wrapped__(reading=reading, control=control, treated=treated)
                if not isinstance(effect, NotEnough):
                    told += 1
                    rejected += effect.effect.p < 0.05
        assert told > 0.98 * runs, (metric, told)
        found.append(rejected / told)
    return found


def _sums(people: People) -> list[ArmSums]:
    y, x, c = people.y, people.x, people.c
    n = y.shape[1]
    columns = [part.sum(axis=1) for part in (y, y * y, x, x * x, x * y, c, c * c, c * y)]
    return [
        ArmSums(
            people=n,
            counted=n,
            moments=Moments(n=n, sum_y=row[0], sum_yy=row[1], sum_x=row[2], sum_xx=row[3], sum_xy=row[4]),
            adjusting=Moments(n=n, sum_y=row[0], sum_yy=row[1], sum_x=row[5], sum_xx=row[6], sum_xy=row[7]),
        )
        for row in zip(*(column.tolist() for column in columns), strict=True)
    ]


@pytest.mark.parametrize("metric", ["nps", "repeat_rate", "sales", "average_order_value"])
def test_a_few_runs_of_the_metrics_that_matter_most(metric: str) -> None:
    for rate in false_alarms(metric=metric, runs=600):
        assert 0.02 <= rate <= 0.085


@pytest.mark.slow
@pytest.mark.parametrize("metric", sorted(CUSTOMERS))
def test_ten_thousand_runs_of_every_metric(metric: str) -> None:
    for rate in false_alarms(metric=metric, runs=RUNS):
        assert 0.04 <= rate <= 0.055, rate


@pytest.mark.slow
@pytest.mark.parametrize("metric", ["nps", "repeat_rate", "orders", "average_order_value", "sales"])
def test_an_uneven_lot_keeps_its_word_too(metric: str) -> None:
    for rate in false_alarms(metric=metric, runs=RUNS, arms=(HELD_OUT, SERVED)):
        assert 0.04 <= rate <= 0.055, rate
