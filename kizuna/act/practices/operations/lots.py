"""Draw customers' lots and keep them for good."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from kizuna.act.outreach.operations import leave_out
from kizuna.act.practices.models import Assignment, Practice
from kizuna.act.practices.rules.candidates import draw
from kizuna.act.practices.rules.flow import Flow
from kizuna.facts.catalogue import PracticeAssigned
from kizuna.facts.outbox.operations import publish_columns
from kizuna.facts.rows.operations import insert_new_rows, reserve_ids


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """What was drawn for a customer; whoever is held out has no arm."""

    id: int
    person_id: int
    arm: str
    held_out: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A customer (root) who comes into a practice for the first time."""

    person_id: int
    at: datetime
    store: str


def draw_lots(*, row: Practice, flow: Flow, entries: Sequence[Entry], now: datetime) -> list[Lot]:
    """The new lots of these customers, one entry each, published as facts.

    A customer whose lot another worker has drawn in the same moment is left out: that lot counts. Whoever may race
    gives the customers in the order of their ids, so that workers wait for each other and never in a ring.
    """
    ids = reserve_ids(model=Assignment, count=len(entries))
    if not ids:
        return []
    share, arms = flow.holdout_share, tuple((arm.name, arm.weight) for arm in flow.arms)
    drawn = []
    for id_, one in zip(ids, entries, strict=True):
        arm, held = draw(salt=row.salt, person_id=one.person_id, share=share, arms=arms)
        drawn.append((Lot(id=id_, person_id=one.person_id, arm=arm, held_out=held), one))
    insert_new_rows(
        model=Assignment,
        columns=("id", "practice_id", "person_id", "version", "arm", "held_out", "share", "store", "assigned_at"),
        rows=[
            (lot.id, row.pk, lot.person_id, row.number, lot.arm, lot.held_out, share, one.store, one.at)
            for lot, one in drawn
        ],
    )
    stands = set(Assignment.objects.filter(id__gte=ids[0], id__lte=ids[-1]).values_list("id", flat=True))
    drawn = [(lot, one) for lot, one in drawn if lot.id in stands]
    lots = [lot for lot, _ in drawn]
    leave_out(practice=row.name, person_ids=[lot.person_id for lot in lots if lot.held_out])
    columns: dict[str, Sequence[object]] = {
        "occurred_at": [one.at for _, one in drawn],
        "person_id": [lot.person_id for lot in lots],
        "assignment_id": [lot.id for lot in lots],
        "practice": [row.name] * len(lots),
        "version": [row.number] * len(lots),
        "arm": [lot.arm for lot in lots],
        "held_out": [lot.held_out for lot in lots],
        "store": [one.store for _, one in drawn],
    }
    publish_columns(fact=PracticeAssigned, columns=columns, now=now)
    return lots
