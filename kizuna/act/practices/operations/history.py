"""A practice that has already run: whom it reached, brought in with their own times and without sending anything."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from kizuna.act.outreach.operations import leave_out
from kizuna.act.practices.models import Assignment, Enrolment, PracticeVersion
from kizuna.act.practices.operations.lock import hold_practice
from kizuna.act.practices.queries.practices import flow_of
from kizuna.act.practices.rules.candidates import draw
from kizuna.facts.catalogue import PracticeAssigned
from kizuna.facts.outbox.operations import publish_columns
from kizuna.facts.rows.operations import insert_new_rows, reserve_ids


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """A customer (root) came into the practice at that moment; ``cause`` as for ``Candidate``."""

    person_id: int
    cause: str
    at: datetime
    store: str = ""


@transaction.atomic
def bring_history(*, practice: str, reached: Sequence[Reached], now: datetime) -> int:
    """Record past assignments by the practice's own lot, each customer's first only; answers how many are new.

    Nothing is sent and nobody waits: the enrolments of the treated are done. Bringing the same in again changes
    nothing. Raises: PracticeUnknown.
    """
    row = hold_practice(name=practice)
    version = PracticeVersion.objects.get(practice=row, number=row.number)
    flow = flow_of(text=version.flow)
    first = _first(practice_id=row.pk, reached=reached)
    arms = tuple((arm.name, arm.weight) for arm in flow.arms)
    lots = [(one, *draw(salt=row.salt, person_id=one.person_id, share=flow.holdout_share, arms=arms)) for one in first]
    ids = reserve_ids(model=Assignment, count=len(lots))
    insert_new_rows(
        model=Assignment,
        columns=("id", "practice_id", "person_id", "version", "arm", "held_out", "share", "store", "assigned_at"),
        rows=[
            (id_, row.pk, one.person_id, row.number, arm, held, flow.holdout_share, one.store, one.at)
            for id_, (one, arm, held) in zip(ids, lots, strict=True)
        ],
    )
    leave_out(practice=row.name, person_ids=[one.person_id for one, _, held in lots if held])
    publish_columns(
        fact=PracticeAssigned,
        columns={
            "occurred_at": [one.at for one, _, _ in lots],
            "person_id": [one.person_id for one, _, _ in lots],
            "assignment_id": list(ids),
            "practice": [row.name] * len(lots),
            "version": [row.number] * len(lots),
            "arm": [arm for _, arm, _ in lots],
            "held_out": [held for _, _, held in lots],
            "store": [one.store for one, _, _ in lots],
        },
        now=now,
    )
    treated = [(id_, one) for id_, (one, _, held) in zip(ids, lots, strict=True) if not held]
    insert_new_rows(
        model=Enrolment,
        columns=_COLUMNS,
        rows=[
            (
                *(enrolment, row.pk, version.pk, assignment, one.person_id, one.cause, one.at, "end", 0),
                *("done", None, "", "", 0, one.at, one.at, ""),
            )
            for enrolment, (assignment, one) in zip(
                reserve_ids(model=Enrolment, count=len(treated)), treated, strict=True
            )
        ],
    )
    return len(lots)


def _first(*, practice_id: int, reached: Sequence[Reached]) -> list[Reached]:
    """Each customer's first moment, of those who have no lot yet."""
    known = set(Assignment.objects.filter(practice_id=practice_id).values_list("person_id", flat=True))
    first: dict[int, Reached] = {}
    for one in sorted(reached, key=lambda one: (one.at, one.cause)):
        if one.person_id not in known:
            first.setdefault(one.person_id, one)
    return list(first.values())


_COLUMNS = (
    *("id", "practice_id", "version_id", "assignment_id", "person_id", "cause", "caused_at", "node", "occurrence"),
    *("state", "due_at", "awaits", "reason", "attempts", "entered_at", "moved_at", "context"),
)
