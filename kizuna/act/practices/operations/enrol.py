"""Let customers into a practice: the lot first, for good, then the first step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
from django.db import transaction
from django.db.models import Max

from kizuna.act.practices.models import Assignment, Enrolment, Practice, PracticeVersion
from kizuna.act.practices.operations.lock import enter_practice
from kizuna.act.practices.operations.lots import Entry, Lot, draw_lots
from kizuna.act.practices.queries.people import Customers, standings
from kizuna.act.practices.queries.practices import flow_of
from kizuna.act.practices.rules.candidates import Candidate, is_eligible, rested
from kizuna.act.practices.rules.flow import Flow
from kizuna.act.practices.rules.step import enter
from kizuna.customers.stores.queries import among
from kizuna.facts.rows.operations import insert_new_rows, reach, reserve_ids


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled:
    """What became of the candidates: newly assigned customers (the held-out among them) and new enrolments."""

    assigned: int = 0
    held_out: int = 0
    enrolled: int = 0


@transaction.atomic
def enrol(*, practice: str, candidates: Sequence[Candidate], now: datetime) -> Enrolled:
    """Assign and enrol those candidates that are fresh, new and eligible; the same cause twice counts once.

    A customer's lot is drawn once, whatever their later records or versions of the practice: the held-out stay so.
    A practice that is not running takes nobody. Raises: PracticeUnknown.
    """
    row = enter_practice(name=practice)
    if row.state != "running" or row.started_at is None:
        return Enrolled()
    version = PracticeVersion.objects.get(practice=row, number=row.number)
    flow = flow_of(text=version.flow)
    oldest = max(row.started_at, now - timedelta(hours=flow.freshness_hours))
    fresh = _once(candidates=[one for one in candidates if oldest <= one.at <= now])
    fresh = _unseen(practice_id=row.pk, candidates=fresh)
    if not fresh:
        return Enrolled()
    customers = Customers(person_ids=[one.person_id for one in fresh])
    known = [one for one in fresh if one.person_id in customers.root]
    awake = _rested(practice_id=row.pk, customers=customers, candidates=known, flow=flow)
    states = standings(customers=customers, candidates=awake, rules=flow.eligible)
    eligible = [
        one for one, state in zip(awake, states, strict=True) if is_eligible(rules=flow.eligible, standing=state)
    ]
    lots, new = _lots(row=row, flow=flow, customers=customers, candidates=eligible, now=now)
    reach(label="practices.assigned")
    entered = _enter(row=row, version=version, customers=customers, candidates=eligible, lots=lots, now=now)
    reach(label="practices.enrolled")
    return Enrolled(assigned=len(new), held_out=sum(one.held_out for one in new), enrolled=entered)


def _once(*, candidates: Sequence[Candidate]) -> list[Candidate]:
    """One candidate a cause, in the order of causes: workers that race then insert in the same order."""
    by_cause: dict[str, Candidate] = {}
    for one in sorted(candidates, key=lambda candidate: candidate.at):  # of several parcels the first to come
        by_cause.setdefault(one.cause, one)
    return [by_cause[cause] for cause in sorted(by_cause)]


def _unseen(*, practice_id: int, candidates: Sequence[Candidate]) -> list[Candidate]:
    if not candidates:
        return []
    causes = [one.cause for one in candidates]
    rows = Enrolment.objects.filter(among(column="cause", values=causes), practice_id=practice_id)
    seen = set(rows.values_list("cause", flat=True))
    return [one for one in candidates if one.cause not in seen]


def _rested(*, practice_id: int, customers: Customers, candidates: list[Candidate], flow: Flow) -> list[Candidate]:
    """Without those whom the practice began for too recently, by whichever of their records."""
    if not flow.again_after_days:
        return candidates
    records = [record for ids in customers.records.values() for record in ids]
    rows = Enrolment.objects.filter(among(column="person_id", values=records), practice_id=practice_id)
    last = dict(rows.values_list("person_id").annotate(last=Max("caused_at")))
    latest = {
        root: max(last[record] for record in records if record in last)
        for root, records in customers.records.items()
        if any(record in last for record in records)
    }
    in_time = sorted(candidates, key=lambda candidate: candidate.at)
    moments = [(customers.root[one.person_id], one.at) for one in in_time]
    kept = [in_time[place] for place in rested(moments=moments, days=flow.again_after_days, latest=latest)]
    return sorted(kept, key=lambda candidate: candidate.cause)


def _lots(
    *, row: Practice, flow: Flow, customers: Customers, candidates: Sequence[Candidate], now: datetime
) -> tuple[dict[int, Lot], list[Lot]]:
    """Every candidate's lot by root, and those drawn just now."""
    roots = {customers.root[one.person_id]: one for one in reversed(candidates)}
    lots = _drawn(practice_id=row.pk, customers=customers, roots=sorted(roots))
    missing = [
        Entry(person_id=root, at=now, store=str(roots[root].context.get("store") or ""))
        for root in sorted(roots)
        if root not in lots
    ]
    drawn = draw_lots(row=row, flow=flow, entries=missing, now=now)
    lots.update((lot.person_id, lot) for lot in drawn)
    lost = [one.person_id for one in missing if one.person_id not in lots]  # another worker was first: its lot counts
    lots.update(_drawn(practice_id=row.pk, customers=customers, roots=lost))
    return lots, drawn


def _drawn(*, practice_id: int, customers: Customers, roots: Sequence[int]) -> dict[int, Lot]:
    """The lot of each customer who has one, whichever of their records drew it.

    Records with different lots may be merged later: then held out wins, so that nothing is sent to anybody held out,
    and the trial leaves such customers out.
    """
    owner = {record: root for root in roots for record in customers.records[root]}
    if not owner:
        return {}
    rows = Assignment.objects.filter(among(column="person_id", values=list(owner)), practice_id=practice_id)
    found: dict[int, Lot] = {}
    for id_, person, arm, held in rows.order_by("-held_out", "id").values_list("id", "person_id", "arm", "held_out"):
        found.setdefault(owner[person], Lot(id=id_, person_id=person, arm=arm, held_out=held))
    return found


def _enter(
    *,
    row: Practice,
    version: PracticeVersion,
    customers: Customers,
    candidates: Sequence[Candidate],
    lots: Mapping[int, Lot],
    now: datetime,
) -> int:
    flow = flow_of(text=version.flow)
    served = [(one, lots[customers.root[one.person_id]]) for one in candidates]
    served = [(one, lot) for one, lot in served if not lot.held_out]
    ids = reserve_ids(model=Enrolment, count=len(served))
    if not ids:
        return 0
    rows = []
    for id_, (one, lot) in zip(ids, served, strict=True):
        begun = enter(flow=flow, arm=lot.arm, at=one.at, now=now)
        context = msgspec.json.encode({**one.context, "record": one.person_id}).decode()
        rows.append(
            (
                *(id_, row.pk, version.pk, lot.id, lot.person_id, one.cause, one.at, begun.node, 0),
                *("waiting", begun.due_at, begun.awaits, "", 0, None, now, now, context),
            )
        )
    insert_new_rows(model=Enrolment, columns=_COLUMNS, rows=rows)
    return Enrolment.objects.filter(id__gte=ids[0], id__lte=ids[-1]).count()


_COLUMNS = (
    *("id", "practice_id", "version_id", "assignment_id", "person_id", "cause", "caused_at", "node", "occurrence"),
    *("state", "due_at", "awaits", "reason", "attempts", "retry_at", "entered_at", "moved_at", "context"),
)
