"""Whom a practice's lot leaves untouched, noted where every message passes."""

from collections.abc import Collection

from kizuna.act.outreach.models import LeftOut
from kizuna.facts.rows.operations import insert_new_rows, reserve_ids


def leave_out(*, practice: str, person_ids: Collection[int]) -> None:
    """Let no message of this practice reach these persons, nor anybody they are ever merged with.

    Said again it changes nothing. Call it in the transaction that draws the lots.
    """
    if not person_ids:
        return
    ids = reserve_ids(model=LeftOut, count=len(person_ids))
    rows = [(id_, practice, person) for id_, person in zip(ids, sorted(person_ids), strict=True)]
    insert_new_rows(model=LeftOut, columns=("id", "practice", "person_id"), rows=rows)
