from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest

from kizuna.clock import JST
from kizuna.facts.catalogue import (
    Fact,
    NoteTaken,
    OrderCancelled,
    OrderLineSold,
    OrderPlaced,
    PersonLinked,
    PracticeAssigned,
    ReviewPosted,
    ShipmentDelivered,
    SurveyAnswered,
)
from kizuna.stats.estimate import Moments
from kizuna.understand.metrics.queries.windows import WindowAsk, WindowSums, person_moments
from kizuna.understand.metrics.rules.registry import METRICS
from kizuna.understand.metrics.rules.windows import is_readable
from kizuna.understand.metrics.tests.world import answer, line, order, parcel, review, tell

pytestmark = pytest.mark.django_db

START = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
NOW = START + timedelta(days=120)
DAYS = 30
PRACTICE = "thanks"


@dataclass
class World:
    """Facts, and to whom each record belongs in the end."""

    facts: list[Fact] = field(default_factory=list)
    root: dict[int, int] = field(default_factory=dict)

    def of(self, kind: type[Fact], person: int) -> list[Fact]:
        return [
            fact
            for fact in self.facts
            if isinstance(fact, kind) and fact.person_id is not None and self.owner(fact.person_id) == person
        ]

    def owner(self, record: int) -> int:
        return self.root.get(record, record)


def _world() -> World:
    dice, world = Random(11), World()
    for person in range(1, 61):
        world.facts += _bought(person, dice)
        world.facts += _said(person, dice)
        if dice.random() < 0.9:
            world.facts.append(_assigned(person, _sometime(dice, 20, 100), dice))
    for record, root in ((12, 11), (22, 21), (32, 31), (42, 41)):
        world.root[record] = root
        world.facts.append(PersonLinked(occurred_at=START, person_id=record, root_id=root, revision=1))
    return world


def _sometime(dice: Random, first: float = 0, last: float = 118) -> datetime:
    return START + timedelta(days=dice.uniform(first, last))


def _bought(person: int, dice: Random) -> list[Fact]:
    facts: list[Fact] = []
    for _ in range(dice.choice([0, 1, 1, 2, 3, 5])):
        when = _sometime(dice, last=110)
        kind = OrderCancelled if dice.random() < 0.12 else OrderPlaced
        yen = dice.randrange(500, 9000)
        amounts = {"refunded_yen": dice.choice([0, 0, 0, 300]), "discount_yen": dice.choice([0, 100]), "quantity": 2}
        one = order(person, _text(when), yen, kind, occurred_at=when, **amounts)
        facts += [one, line(one, "p1", yen // 2), line(one, "p2", yen - yen // 2, number=2)]
        if dice.random() < 0.6:
            due, here = when + timedelta(days=3), when + timedelta(days=dice.uniform(1, 6))
            facts.append(parcel(one, _text(due), _text(here)))
    return facts


def _said(person: int, dice: Random) -> list[Fact]:
    facts: list[Fact] = []
    for instrument, top in (("nps", 10), ("csat5", 5), ("csat7", 7), ("ces7", 7), ("ces5", 5), ("nps1to10", 10)):
        for _ in range(dice.choice([0, 1, 2, 4])):
            score = dice.randint(1, top)
            facts.append(answer(score, _text(_sometime(dice)), person_id=person, instrument=instrument))
    for _ in range(dice.choice([0, 1, 2])):
        facts.append(review(dice.randint(1, 5), _text(_sometime(dice)), person_id=person))
    if dice.random() < 0.5:
        facts.append(NoteTaken(occurred_at=_sometime(dice), person_id=person, note_id=person, kind="visit"))
    return facts


def _assigned(person: int, when: datetime, dice: Random) -> PracticeAssigned:
    held_out = dice.random() < 0.4
    return PracticeAssigned(
        occurred_at=when,
        person_id=person,
        assignment_id=person,
        practice=PRACTICE,
        version=1 + person % 2,
        arm=dice.choice(["a", "b"]),
        held_out=held_out,
        store=dice.choice(["honten", "shibuya"]),
    )


def _text(when: datetime) -> str:
    return when.astimezone(JST).strftime("%Y-%m-%d %H:%M:%S")


# ── the same in plain Python ────────────────────────────────────────────────────────────────────
Row = tuple[datetime, float, float]


def _midnight(when: datetime) -> datetime:
    return when.astimezone(JST).replace(hour=0, minute=0, second=0, microsecond=0)


def _kept(world: World, person: int) -> list[OrderPlaced]:
    found = [fact for fact in world.of(OrderPlaced, person) if not isinstance(fact, OrderCancelled)]
    return sorted((fact for fact in found if isinstance(fact, OrderPlaced)), key=lambda one: one.occurred_at)


def _score(instruments: tuple[str, ...], value: Callable[[float], float]) -> Callable[[World, int], list[Row]]:
    def rows(world: World, person: int) -> list[Row]:
        found = world.of(SurveyAnswered, person)
        return [
            (one.occurred_at, value(one.score), 1.0)
            for one in found
            if isinstance(one, SurveyAnswered) and one.instrument in instruments
        ]

    return rows


def _orders(
    value: Callable[[OrderPlaced], float], base: Callable[[OrderPlaced], float] = lambda _: 1.0
) -> Callable[[World, int], list[Row]]:
    return lambda world, person: [(one.occurred_at, value(one), base(one)) for one in _kept(world, person)]


def _all_orders(world: World, person: int) -> list[Row]:
    return [(one.occurred_at, float(isinstance(one, OrderCancelled)), 1.0) for one in world.of(OrderPlaced, person)]


def _gaps(world: World, person: int) -> list[Row]:
    kept = _kept(world, person)
    return [
        (
            later.occurred_at,
            float((later.occurred_at.astimezone(JST).date() - one.occurred_at.astimezone(JST).date()).days),
            1.0,
        )
        for one, later in pairwise(kept)
    ]


def _first(world: World, person: int) -> list[Row]:
    return [(one.occurred_at, float(place == 0), 1.0) for place, one in enumerate(_kept(world, person))]


def _lines(value: Callable[[OrderLineSold, OrderPlaced], float]) -> Callable[[World, int], list[Row]]:
    def rows(world: World, person: int) -> list[Row]:
        kept = {one.order_id: one for one in _kept(world, person)}
        return [
            (_midnight(one.occurred_at), value(one, kept[one.order_id]), 1.0)
            for one in world.of(OrderLineSold, person)
            if isinstance(one, OrderLineSold) and one.order_id in kept
        ]

    return rows


def _parcels(value: Callable[[ShipmentDelivered], float | None]) -> Callable[[World, int], list[Row]]:
    def rows(world: World, person: int) -> list[Row]:
        found = [one for one in world.of(ShipmentDelivered, person) if isinstance(one, ShipmentDelivered)]
        valued = [(one.delivered_at, value(one)) for one in found]
        return [(when, y, 1.0) for when, y in valued if when is not None and y is not None]

    return rows


def _days(one: ShipmentDelivered) -> float | None:
    assert one.shipped_at
    assert one.delivered_at
    days = (one.delivered_at - one.shipped_at) / timedelta(days=1)
    return days if one.delivered_at >= one.shipped_at else None


def _in_time(one: ShipmentDelivered) -> float:
    assert one.promised_at
    assert one.delivered_at
    return float(one.delivered_at <= one.promised_at)


def _reviews(value: Callable[[float], float]) -> Callable[[World, int], list[Row]]:
    return lambda world, person: [
        (_midnight(one.occurred_at), value(one.rating), 1.0)
        for one in world.of(ReviewPosted, person)
        if isinstance(one, ReviewPosted)
    ]


def _notes(world: World, person: int) -> list[Row]:
    return [(_midnight(one.occurred_at), 1.0, 1.0) for one in world.of(NoteTaken, person)]


_ONE = _orders(lambda _: 1.0)
_SPENT = _orders(lambda one: float(one.total_yen - one.refunded_yen))
_ANSWERS = ("nps", "nps1to10", "csat5", "csat7", "ces5", "ces7")
# how the rows count (unit, sum, any, reach 3), how many kept orders before are asked for, the rows themselves
PLAIN: dict[str, tuple[str, tuple[int, int], Callable[[World, int], list[Row]]]] = {
    "nps": ("unit", (0, 99), _score(("nps",), lambda s: float(s >= 9) - float(s <= 6))),
    "top_two_box_1to10": ("unit", (0, 99), _score(("nps1to10",), lambda s: float(s >= 9))),
    "csat5": ("unit", (0, 99), _score(("csat5",), lambda s: float(s >= 4))),
    "csat7": ("unit", (0, 99), _score(("csat7",), lambda s: float(s >= 6))),
    "ces": ("unit", (0, 99), _score(("ces7",), float)),
    "ces_easy_share": ("unit", (0, 99), _score(("ces7",), lambda s: float(s >= 5))),
    "ces1": ("unit", (0, 99), _score(("ces5",), float)),
    "answer_count": ("sum", (0, 99), _score(_ANSWERS, lambda _: 1.0)),
    "repeat_rate": ("any", (1, 99), _ONE),
    "f2_conversion": ("any", (1, 1), _ONE),
    "loyal_share": ("reach", (1, 2), _ONE),
    "purchase_interval": ("unit", (0, 99), _gaps),
    "customer_value": ("sum", (0, 99), _SPENT),
    "sales": ("sum", (0, 99), _SPENT),
    "new_customer_rate": ("any", (0, 99), _first),
    "active_customers": ("any", (0, 99), _ONE),
    "orders_per_customer": ("sum", (0, 99), _ONE),
    "orders": ("sum", (0, 99), _ONE),
    "average_order_value": ("unit", (0, 99), _SPENT),
    "units_per_order": ("unit", (0, 99), _orders(lambda one: float(one.quantity))),
    "discount_share": (
        "unit",
        (0, 99),
        _orders(lambda one: float(one.discount_yen), lambda one: float(one.total_yen + one.discount_yen)),
    ),
    "cancel_rate": ("unit", (0, 99), _all_orders),
    "refund_rate": ("unit", (0, 99), _orders(lambda one: float(one.refunded_yen > 0))),
    "product_sales": ("sum", (0, 99), _lines(lambda one, _: float(one.amount_yen))),
    "product_refund_rate": ("unit", (0, 99), _lines(lambda _, of: float(of.refunded_yen > 0))),
    "delivery_promise_kept": ("unit", (0, 99), _parcels(_in_time)),
    "delivery_days": ("unit", (0, 99), _parcels(_days)),
    "review_score": ("unit", (0, 99), _reviews(float)),
    "low_review_share": ("unit", (0, 99), _reviews(lambda rating: float(rating <= 2))),
    "review_count": ("sum", (0, 99), _reviews(lambda _: 1.0)),
    "note_count": ("sum", (0, 99), _notes),
    "csat": (
        "unit",
        (0, 99),
        lambda world, person: (
            _score(("csat5",), lambda s: float(s >= 4))(world, person)
            + _score(("csat7",), lambda s: float(s >= 6))(world, person)
        ),
    ),
}


def _plain(world: World, metric: str, until: datetime) -> dict[tuple[str, bool], list[tuple[float, float, float]]]:
    """(y, x, covariate) of every counted customer by arm."""
    how, (least, most), rows_of = PLAIN[metric]
    found: dict[tuple[str, bool], list[tuple[float, float, float]]] = defaultdict(list)
    for person, drawn in _assignments(world).items():
        keys = {("" if one.held_out else one.arm, one.held_out) for one in drawn}
        at = min(one.occurred_at for one in drawn)
        so_far = sum(one.occurred_at <= at for one in _kept(world, person))
        if len(keys) > 1 or at + timedelta(days=DAYS) > until or not least <= so_far <= most:
            continue
        value = _value(how, rows_of(world, person), at, so_far)
        if value is not None:
            found[keys.pop()].append(value)
    return found


def _assignments(world: World) -> dict[int, list[PracticeAssigned]]:
    assigned: dict[int, list[PracticeAssigned]] = defaultdict(list)
    for fact in world.facts:
        if isinstance(fact, PracticeAssigned) and fact.person_id is not None:
            assigned[world.owner(fact.person_id)].append(fact)
    return assigned


def _value(how: str, rows: list[Row], at: datetime, so_far: int) -> tuple[float, float, float] | None:
    after = [row for row in rows if at < row[0] <= at + timedelta(days=DAYS)]
    before = [row for row in rows if at - timedelta(days=DAYS) < row[0] <= at]
    y, b_y = sum(row[1] for row in after), sum(row[1] for row in before)
    if how == "unit":
        x, b_x = sum(row[2] for row in after), sum(row[2] for row in before)
        return (y, x, b_y / b_x if b_x else 0.0) if after else None
    if how == "sum":
        return (y, 1.0, b_y)
    reached = y > 0 if how == "any" else so_far + len(after) >= 3
    return (float(reached), 1.0, float(b_y > 0))


def _moments(values: list[tuple[float, float]]) -> Moments:
    return Moments(
        n=len(values),
        sum_y=sum(y for y, _ in values),
        sum_yy=sum(y * y for y, _ in values),
        sum_x=sum(x for _, x in values),
        sum_xx=sum(x * x for _, x in values),
        sum_xy=sum(x * y for y, x in values),
    )


def test_every_metric_that_can_be_read_is_compared_here() -> None:
    readable = {name for name, metric in METRICS.items() if not metric.family and is_readable(metric=name)}
    assert readable == set(PLAIN)


def test_every_metric() -> None:
    world = _world()
    tell(*world.facts, now=NOW)
    metrics = list(PLAIN)
    asks = [WindowAsk(metric=metric, window_days=DAYS) for metric in metrics]
    found: dict[str, WindowSums] = dict(
        zip(metrics, person_moments(practice=PRACTICE, asks=asks, now=NOW), strict=True)
    )
    last_order = max(one.occurred_at for one in world.facts if isinstance(one, OrderPlaced))
    with_orders = {name for name in metrics if METRICS[name].table in ("orders", "customers", "lines", "shipments")}
    for metric in metrics:
        plain = _plain(world, metric, last_order if metric in with_orders else NOW)
        sums = found[metric]
        assert {key: one.counted for key, one in sums.arms.items() if one.counted} == {
            key: len(values) for key, values in plain.items()
        }, metric
        assert sum(one.counted for one in sums.arms.values()) > 5, metric
        for key, values in plain.items():
            _same(sums.arms[key].moments, _moments([(y, x) for y, x, _ in values]), metric)
            _same(sums.arms[key].adjusting, _moments([(y, c) for y, _, c in values]), metric)
        for split in sums.parts.values():
            for key, whole in sums.arms.items():
                parts = [part[key] for part in split.values() if key in part]
                assert sum(part.people for part in parts) == whole.people
                assert sum(part.moments.sum_y for part in parts) == pytest.approx(whole.moments.sum_y)


def test_who_is_left_out_is_counted() -> None:
    world = _world()
    tell(*world.facts, now=NOW)
    (sums,) = person_moments(practice=PRACTICE, asks=[WindowAsk(metric="csat5", window_days=DAYS)], now=NOW)
    drawn = _assignments(world)
    arms = {person: {"" if one.held_out else one.arm for one in ones} for person, ones in drawn.items()}
    assert sums.assigned == len(drawn)
    assert sums.repeated == sum(len(ones) - 1 for ones in drawn.values()) > 0
    assert sums.crossed == sum(len(keys) > 1 for keys in arms.values()) > 0
    assert sums.immature > 0
    assert sums.assigned == sums.crossed + sums.immature + sum(one.people for one in sums.arms.values())
    assert sum(sums.drawn.values()) == sums.assigned - sums.crossed


def test_a_segment_or_store_can_be_picked() -> None:
    world = _world()
    tell(*world.facts, now=NOW)
    ask = [WindowAsk(metric="sales", window_days=DAYS)]
    (whole,) = person_moments(practice=PRACTICE, asks=ask, now=NOW)
    (part,) = person_moments(practice=PRACTICE, asks=ask, where={"store": "honten"}, now=NOW)
    assert part.arms == whole.parts["store"]["honten"]
    assert 0 < part.assigned < whole.assigned


def _same(found: Moments, wanted: Moments, metric: str) -> None:
    for name in ("n", "sum_y", "sum_yy", "sum_x", "sum_xx", "sum_xy"):
        assert getattr(found, name) == pytest.approx(getattr(wanted, name), rel=1e-9, abs=1e-9), (metric, name)
