"""Whom a flow would have reached in the days that have passed, from the unit tables."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kizuna.act.practices.models import Practice
from kizuna.act.practices.operations.lock import PracticeUnknown
from kizuna.act.practices.queries.history import moments_sql
from kizuna.act.practices.queries.people import Customers, best_sql
from kizuna.act.practices.queries.practices import latest_flow
from kizuna.act.practices.rules.candidates import rested
from kizuna.act.practices.rules.flow import Eligible, Flow
from kizuna.act.practices.rules.step import local_day
from kizuna.facts.lake.queries import connect
from kizuna.facts.outbox.rules import from_micros
from kizuna.facts.state.queries import source

_NPS = {"promoter": "n.score >= 9", "passive": "n.score >= 7 AND n.score < 9", "detractor": "n.score < 7"}


@dataclass(frozen=True, slots=True, kw_only=True)
class DryRun:
    """What would have happened within ``days``: ``moments`` began something for ``people`` different customers.

    ``treated`` and ``held_out`` are how the lot would part the people on average. ``per_day`` holds every day, in
    Japan, with the number of moments. Consent is asked as it stands today.
    """

    days: int
    moments: int
    people: int
    treated: float
    held_out: float
    per_day: tuple[tuple[date, int], ...]


def dry_run(*, flow: Flow, now: datetime, days: int = 30) -> DryRun:
    """Whom this flow would have reached in the last ``days``; nothing is written."""
    since = now - timedelta(days=days)
    kept = _reached(flow=flow, since=since, until=now)
    counted = Counter(local_day(at=at) for _, at in kept)
    first, last = local_day(at=since), local_day(at=now)
    people = len({person for person, _ in kept})
    return DryRun(
        days=days,
        moments=len(kept),
        people=people,
        treated=people * (1.0 - flow.holdout_share),
        held_out=people * flow.holdout_share,
        per_day=tuple(
            (day, counted[day]) for day in (first + timedelta(days=n) for n in range((last - first).days + 1))
        ),
    )


def missed_while_paused(*, practice: str, now: datetime) -> int:
    """Customers whose moment fell into the pause of this practice and is too old by now to start it.

    Raises: PracticeUnknown.
    """
    row = Practice.objects.filter(name=practice).first()
    if row is None:
        raise PracticeUnknown(name=practice)
    flow = latest_flow(row=row)
    until = now - timedelta(hours=flow.freshness_hours)
    if row.paused_at is None or row.paused_at >= until:
        return 0
    return len({person for person, _ in _reached(flow=flow, since=row.paused_at, until=until)})


def first_moments(*, flow: Flow, now: datetime, days: int) -> list[tuple[int, datetime]]:
    """The customers of a dry run, each with the moment at which the lot would have been drawn."""
    kept = _reached(flow=flow, since=now - timedelta(days=days), until=now)
    return list(dict(reversed(kept)).items())


def _reached(*, flow: Flow, since: datetime, until: datetime) -> list[tuple[int, datetime]]:
    """(person, moment) in order of time, of those who consent, each after the rest that the flow asks for."""
    found = _consenting(rules=flow.eligible, found=_eligible(flow=flow, since=since, until=until))
    return [found[place] for place in rested(moments=found, days=flow.again_after_days)]


def _eligible(*, flow: Flow, since: datetime, until: datetime) -> list[tuple[int, datetime]]:
    """(person, moment) in order of time. Orders and scores are as they stood then, the best as they are now."""
    question = moments_sql(trigger=flow.trigger, since=since, until=until)
    if not question.sql:
        return []
    asked, values = _conditions(rules=flow.eligible)
    sql = f"""
        SELECT m.person_id, epoch_us(m.moment) FROM ({question.sql}) m
        ASOF LEFT JOIN (
            SELECT person_id, ordered_at, rank FROM ({source(table="orders")})
            WHERE rank IS NOT NULL AND person_id IS NOT NULL
        ) o ON o.person_id = m.person_id AND o.ordered_at <= m.moment
        ASOF LEFT JOIN (
            SELECT person_id, answered_at, score FROM ({source(table="answers")})
            WHERE instrument = 'nps' AND person_id IS NOT NULL
        ) n ON n.person_id = m.person_id AND n.answered_at <= m.moment
        LEFT JOIN ({source(table="customers")}) c ON c.person_id = m.person_id
        WHERE true {asked}
        ORDER BY m.moment, m.thing_id
    """
    cursor = connect().cursor()
    try:
        rows = cursor.execute(sql, {**question.values, **values}).fetchall()
    finally:
        cursor.close()
    return [(person, from_micros(micros=micros)) for person, micros in rows]


def _conditions(*, rules: Eligible) -> tuple[str, dict[str, object]]:
    """Eligibility as SQL; a list that is empty asks nothing."""
    asked: list[str] = []
    values: dict[str, object] = {}

    def add(name: str, value: object, sql: str) -> None:
        if value is not None and value != ():
            values[name] = list(value) if isinstance(value, tuple) else value
            asked.append(f"AND {sql}")

    in_order = f"SELECT order_id FROM ({source(table='lines')})"
    add("segments", rules.segments, "list_contains($segments, CASE WHEN o.rank >= 2 THEN 'repeat' ELSE 'new' END)")
    add("min_orders", rules.min_orders, "coalesce(o.rank, 0) >= $min_orders")
    add("max_orders", rules.max_orders, "coalesce(o.rank, 0) <= $max_orders")
    add("stores", rules.stores, "list_contains($stores, coalesce(nullif(m.store, ''), c.store))")
    add("products", rules.products, f"m.order_id IN ({in_order} WHERE list_contains($products, product))")
    add("categories", rules.categories, f"m.order_id IN ({in_order} WHERE list_contains($categories, category))")
    add("top_share", rules.top_share, f"m.person_id IN ({best_sql()})")
    if rules.nps_groups:
        asked.append(f"AND ({' OR '.join(_NPS[group] for group in rules.nps_groups)})")
    return " ".join(asked), values


def _consenting(*, rules: Eligible, found: Sequence[tuple[int, datetime]]) -> Sequence[tuple[int, datetime]]:
    if not rules.channels_consented or not found:
        return found
    customers = Customers(person_ids=list({person for person, _ in found}))
    wanted = set(rules.channels_consented)
    willing = {
        person for person, root in customers.root.items() if not customers.channels(root=root).isdisjoint(wanted)
    }
    return [one for one in found if one[0] in willing]
