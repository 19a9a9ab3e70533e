"""A practice that has already run: whom it reached, brought in with their own times and without sending anything."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec
from django.db import transaction

from kizuna.act.practices.models import Assignment, Enrolment, Practice, PracticeVersion
from kizuna.act.practices.operations.lock import hold_practice
from kizuna.act.practices.operations.lots import Entry, Lot, draw_lots
from kizuna.act.practices.queries.practices import flow_of
from kizuna.act.practices.rules.candidates import Candidate, rested
from kizuna.act.practices.rules.flow import Flow, Wait
from kizuna.act.practices.rules.step import enter
from kizuna.facts.rows.operations import insert_new_rows, reserve_ids


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
    known = Assignment.objects.filter(practice=row).values_list("person_id", "id", "arm", "held_out")
    lots = {person: Lot(id=id_, person_id=person, arm=arm, held_out=held) for person, id_, arm, held in known}
    first: dict[int, Entry] = {}
    for one in ordered:
        if one.person_id not in lots:
            store = str(one.context.get("store") or "")
            first.setdefault(one.person_id, Entry(person_id=one.person_id, at=one.at, store=store))
    drawn = draw_lots(row=row, flow=flow, entries=list(first.values()), now=now)
    lots.update((lot.person_id, lot) for lot in drawn)
    moments = [(one.person_id, one.at) for one in ordered]
    begun = [ordered[place] for place in rested(moments=moments, days=flow.again_after_days)]
    served = [one for one in begun if not lots[one.person_id].held_out]
    _enter(row=row, version=version, flow=flow, begun=served, lots=lots, now=now)
    return len(first)


def _enter(
    *,
    row: Practice,
    version: PracticeVersion,
    flow: Flow,
    begun: Sequence[Candidate],
    lots: Mapping[int, Lot],
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
