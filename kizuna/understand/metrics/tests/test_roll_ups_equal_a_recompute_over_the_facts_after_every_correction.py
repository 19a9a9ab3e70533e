"""Late, edited, cancelled, voided and merged: after each, three ways of counting agree to 1e-9.

The roll-ups, the unit tables, and a plain Python count over the published facts that knows nothing of either.
"""

import random
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from kizuna.clock import JST
from kizuna.facts.catalogue import (
    AnswerAmended,
    AnswerVoided,
    Fact,
    OrderAmended,
    OrderCancelled,
    OrderPlaced,
    OrderVoided,
    PersonLinked,
    SurveyAnswered,
)
from kizuna.stats.estimate import Estimate
from kizuna.understand.metrics.queries import cohorts, measure
from kizuna.understand.metrics.tests.world import NOW, answer, at, order, tell

pytestmark = pytest.mark.django_db(transaction=True)

TOUCHPOINTS = ("store", "delivery", "support")
EVERY_METRIC = (
    "nps", "answer_count", "repeat_rate", "f2_conversion", "loyal_share", "purchase_interval", "customer_value",
    "new_customer_rate", "active_customers", "orders_per_customer", "sales", "orders", "average_order_value",
    "discount_share", "cancel_rate", "refund_rate", "top20_share",
)  # fmt: skip


class Ledger:
    """All facts ever published, and what they say now."""

    def __init__(self) -> None:
        self.facts: list[Fact] = []

    def tell(self, facts: Iterable[Fact]) -> None:
        given = list(facts)
        self.facts += given
        tell(*given)

    def _now(self, thing: str) -> list[Fact]:
        latest: dict[int, Fact] = {}
        for fact in self.facts:
            if fact.thing == thing:
                key = getattr(fact, f"{thing}_id")
                if key not in latest or fact.revision >= latest[key].revision:
                    latest[key] = fact
        return [fact for fact in latest.values() if not type(fact).__name__.endswith("Voided")]

    def root(self, person: int | None) -> int | None:
        links = [f for f in self.facts if isinstance(f, PersonLinked) and f.person_id == person]
        return max(links, key=lambda link: link.revision).root_id if links else person

    def nps(self) -> dict[tuple[str, str], tuple[float, int]]:
        found: dict[tuple[str, str], list[int]] = defaultdict(list)
        for fact in self._now("answer"):
            assert isinstance(fact, SurveyAnswered)
            month = f"{fact.occurred_at.astimezone(JST):%Y-%m}"
            found[fact.touchpoint, month].append((fact.score >= 9) - (fact.score <= 6))
        return {key: (100 * sum(ys) / len(ys), len(ys)) for key, ys in found.items()}

    def orders(self) -> list[OrderPlaced]:
        return [fact for fact in self._now("order") if isinstance(fact, OrderPlaced)]

    def kept_by_person(self) -> dict[int, list[datetime]]:
        found: dict[int, list[datetime]] = defaultdict(list)
        for fact in self.orders():
            root = self.root(fact.person_id)
            if root is not None and not isinstance(fact, OrderCancelled):
                found[root].append(fact.occurred_at)
        return {root: sorted(times) for root, times in found.items()}

    def mature(self) -> list[list[datetime]]:
        border = NOW.astimezone(JST).date() - timedelta(days=90)
        return [times for times in self.kept_by_person().values() if times[0].astimezone(JST).date() <= border]

    def sales(self) -> dict[str, float]:
        found: dict[str, float] = defaultdict(float)
        for fact in self.orders():
            if not isinstance(fact, OrderCancelled):
                found[f"{fact.occurred_at.astimezone(JST):%Y-%m}"] += fact.total_yen - fact.refunded_yen
        return dict(found)

    def active(self) -> dict[tuple[str, int], int]:
        found: dict[tuple[str, int], set[int]] = defaultdict(set)
        for root, times in self.kept_by_person().items():
            months = [moment.astimezone(JST).year * 12 + moment.astimezone(JST).month for moment in times]
            label = f"{times[0].astimezone(JST):%Y-%m}"
            for month in months:
                found[label, month - months[0]].add(root)
        return {key: len(roots) for key, roots in found.items()}


def _values(metric: str, by: tuple[str, ...]) -> dict[tuple[str, ...], tuple[float, int]]:
    rows = measure(metric=metric, by=by, now=NOW)
    again = measure(metric=metric, by=by, now=NOW, recompute=True)
    assert [row.group for row in rows] == [row.group for row in again]
    for row, other in zip(rows, again, strict=True):
        if not isinstance(row.result, Estimate):
            assert row.result == other.result
            continue
        assert isinstance(other.result, Estimate)
        for name in ("value", "low", "high", "n"):
            assert getattr(row.result, name) == pytest.approx(getattr(other.result, name), rel=1e-9, abs=1e-9), metric
    return {
        tuple(row.group.values()): (row.result.value, row.result.n) for row in rows if isinstance(row.result, Estimate)
    }


def _compare_every_metric() -> None:
    for metric in EVERY_METRIC:
        for by in ((), ("month",), ("store",), ("store", "month"), ("week",)):
            _values(metric, by)


def _compare(ledger: Ledger) -> None:
    nps, expected = _values("nps", ("touchpoint", "month")), ledger.nps()
    assert {key: n for key, (_, n) in nps.items()} == {key: n for key, (_, n) in expected.items()}
    assert all(abs(value - expected[key][0]) < 1e-9 for key, (value, _) in nps.items())  # type: ignore[index]
    mature = ledger.mature()
    came = sum(len(times) > 1 for times in mature)
    repeat, n = _values("repeat_rate", ())[()]
    assert n == len(mature)
    assert repeat == pytest.approx(came / len(mature), abs=1e-9)
    soon = sum(len(times) > 1 and times[1] - times[0] <= timedelta(days=90) for times in mature)
    assert _values("f2_conversion", ())[()][0] == pytest.approx(soon / len(mature), abs=1e-9)
    sales = {month: value for (month,), (value, _) in _values("sales", ("month",)).items()}
    assert sales == {month: pytest.approx(value, abs=1e-6) for month, value in ledger.sales().items() if value}
    table = cohorts(now=NOW)
    assert table == cohorts(now=NOW, recompute=True)
    active = {
        (cohort.month, cell.since): round(cell.active.value * cohort.customers)
        for cohort in table
        for cell in cohort.cells
        if isinstance(cell.active, Estimate) and cell.active.value
    }
    assert active == {key: count for key, count in ledger.active().items() if _over(*key)}


def _over(month: str, since: int) -> bool:
    year, number = (int(part) for part in month.split("-"))
    return year * 12 + number + since < 2026 * 12 + 3


def _moment(dice: random.Random) -> str:
    return f"{datetime(2025, 1, 1) + timedelta(minutes=dice.randrange(430 * 24 * 60)):%Y-%m-%d %H:%M}"


def _history(dice: random.Random) -> list[Fact]:
    facts: list[Fact] = []
    for _ in range(240):
        person = dice.choice([None, *range(1, 60)])
        facts.append(
            order(person, _moment(dice), yen=dice.randrange(100, 9_000), store=dice.choice(["s1", "s2"]),
                  discount_yen=dice.randrange(0, 90), refunded_yen=dice.choice([0, 0, 50]))
        )  # fmt: skip
        facts.append(
            answer(dice.randrange(11), _moment(dice), person_id=person, touchpoint=dice.choice(TOUCHPOINTS),
                   store=dice.choice(["s1", "s2"]))
        )  # fmt: skip
    return facts


def test_every_kind_of_correction() -> None:
    dice = random.Random(20260315)
    ledger = Ledger()
    ledger.tell(_history(dice))
    _compare(ledger)
    _compare_every_metric()
    orders, answers = ledger.orders(), [fact for fact in ledger.facts if isinstance(fact, SurveyAnswered)]
    corrections: list[list[Fact]] = [
        [order(7, "2025-01-02", yen=777, store="s2"), answer(0, "2025-02-03")],
        [_again(one, OrderAmended, total_yen=one.total_yen + 13) for one in orders[:9]],
        [_again(one, OrderAmended, occurred_at=at("2025-03-31 23:59")) for one in orders[10:14]],
        [_again(one, OrderCancelled) for one in orders[20:30]],
        [
            OrderVoided(occurred_at=NOW, person_id=one.person_id, order_id=one.order_id, revision=5)
            for one in orders[:4]
        ],
        [_again(one, AnswerAmended, score=10.0) for one in answers[:9]],
        [AnswerVoided(occurred_at=NOW, person_id=None, answer_id=one.answer_id, revision=5) for one in answers[5:12]],
        [PersonLinked(occurred_at=NOW, person_id=person, root_id=1, revision=1) for person in (2, 3, 4)],
        [PersonLinked(occurred_at=NOW, person_id=3, root_id=3, revision=2)],
    ]
    for facts in corrections:
        ledger.tell(facts)
        _compare(ledger)
    _compare_every_metric()


def _again(fact: Fact, kind: type[Fact], **changed: object) -> Fact:
    """The whole fact again under the name of its correction, one revision later."""
    later = replace(fact, revision=fact.revision + 1, **changed)  # type: ignore[arg-type]
    return kind(**{name: getattr(later, name) for name in kind.__dataclass_fields__ if name != "thing"})
