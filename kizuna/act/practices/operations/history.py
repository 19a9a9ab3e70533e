"""A practice that has already run: whom it reached, brought in with their own times and without sending anything."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
from django.db import transaction

from kizuna.act.outreach.operations import leave_out
from kizuna.act.practices.models import Assignment, Enrolment, Practice, PracticeVersion
from kizuna.act.practices.operations.lock import hold_practice
from kizuna.act.practices.queries.practices import flow_of
from kizuna.act.practices.rules.candidates import Candidate, draw
from kizuna.act.practices.rules.flow import Flow, Wait
from kizuna.act.practices.rules.step import enter
from kizuna.facts.catalogue import PracticeAssigned
from kizuna.facts.outbox.operations import publish_columns
from kizuna.facts.rows.operations import insert_new_rows, reserve_ids


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lot:
    id: int
    arm: str
    held_out: bool


@transaction.atomic
def bring_history(*, practice: str, reached: Sequence[Candidate], now: datetime) -> int:
    """Record past assignments by the practice's own lot, at each customer's first moment; answers how many are new.

    ``reached`` are customers (roots), each as often as the practice began for them. Nothing is sent: the enrolments of
    the treated are done, but for those whose first wait is not over yet: they wait for its end. Bringing the same in
    again changes nothing. Raises: PracticeUnknown.
    """
    row = hold_practice(name=practice)
    version = PracticeVersion.objects.get(practice=row, number=row.number)
    flow = flow_of(text=version.flow)
    ordered = sorted(reached, key=lambda one: (one.at, one.cause))
    lots = {
        person: _Lot(id=id_, arm=arm, held_out=held)
        for id_, person, arm, held in Assignment.objects.filter(practice=row).values_list(
            "id", "person_id", "arm", "held_out"
        )
    }
    first: dict[int, Candidate] = {}
    for one in ordered:
        if one.person_id not in lots:
            first.setdefault(one.person_id, one)
    lots |= _assign(row=row, flow=flow, first=list(first.values()), now=now)
    begun = [one for one in _rested(reached=ordered, flow=flow) if not lots[one.person_id].held_out]
    _enter(row=row, version=version, flow=flow, begun=begun, lots=lots, now=now)
    return len(first)


def _assign(*, row: Practice, flow: Flow, first: Sequence[Candidate], now: datetime) -> dict[int, _Lot]:
    """Draw and keep the lots of those who have none yet, by customer."""
    arms = tuple((arm.name, arm.weight) for arm in flow.arms)
    lots: dict[int, _Lot] = {}
    for id_, one in zip(reserve_ids(model=Assignment, count=len(first)), first, strict=True):
        arm, held = draw(salt=row.salt, person_id=one.person_id, share=flow.holdout_share, arms=arms)
        lots[one.person_id] = _Lot(id=id_, arm=arm, held_out=held)
    mine = [lots[one.person_id] for one in first]
    stores = [str(one.context.get("store") or "") for one in first]
    insert_new_rows(
        model=Assignment,
        columns=("id", "practice_id", "person_id", "version", "arm", "held_out", "share", "store", "assigned_at"),
        rows=[
            (lot.id, row.pk, one.person_id, row.number, lot.arm, lot.held_out, flow.holdout_share, store, one.at)
            for one, lot, store in zip(first, mine, stores, strict=True)
        ],
    )
    leave_out(practice=row.name, person_ids=[one.person_id for one in first if lots[one.person_id].held_out])
    publish_columns(
        fact=PracticeAssigned,
        columns={
            "occurred_at": [one.at for one in first],
            "person_id": [one.person_id for one in first],
            "assignment_id": [lot.id for lot in mine],
            "practice": [row.name] * len(first),
            "version": [row.number] * len(first),
            "arm": [lot.arm for lot in mine],
            "held_out": [lot.held_out for lot in mine],
            "store": stores,
        },
        now=now,
    )
    return lots


def _rested(*, reached: Sequence[Candidate], flow: Flow) -> list[Candidate]:
    """Without those for whom the practice had begun too recently; ``reached`` is in the order of time."""
    latest: dict[int, datetime] = {}
    kept = []
    for one in reached:
        before = latest.get(one.person_id)
        if before is None or one.at - before > timedelta(days=flow.again_after_days):
            latest[one.person_id] = one.at
            kept.append(one)
    return kept


def _enter(
    *,
    row: Practice,
    version: PracticeVersion,
    flow: Flow,
    begun: Sequence[Candidate],
    lots: Mapping[int, _Lot],
    now: datetime,
) -> None:
    seen = set(Enrolment.objects.filter(practice=row).values_list("cause", flat=True))
    new = [one for one in begun if one.cause not in seen]
    rows: list[tuple[object, ...]] = []
    for id_, one in zip(reserve_ids(model=Enrolment, count=len(new)), new, strict=True):
        lot = lots[one.person_id]
        place = enter(flow=flow, arm=lot.arm, at=one.at, now=one.at)
        who = (id_, row.pk, version.pk, lot.id, one.person_id, one.cause, one.at)
        if place.due_at and place.due_at > now and isinstance(flow.nodes[place.node], Wait):
            context = msgspec.json.encode({**one.context, "record": one.person_id}).decode()
            rows.append((*who, place.node, 0, "waiting", place.due_at, place.awaits, "", 0, one.at, one.at, context))
        else:
            rows.append((*who, "end", 0, "done", None, "", "", 0, one.at, one.at, ""))
    insert_new_rows(model=Enrolment, columns=_COLUMNS, rows=rows)


_COLUMNS = (
    *("id", "practice_id", "version_id", "assignment_id", "person_id", "cause", "caused_at", "node", "occurrence"),
    *("state", "due_at", "awaits", "reason", "attempts", "entered_at", "moved_at", "context"),
)
