"""Taking an import back."""

from datetime import datetime

from kizuna.listen.surveys.models import Answer, SupersededAnswer
from kizuna.listen.surveys.operations.write import CONTENT, Content, replace, standing, void

SLICE = 5_000


def undo_import(*, import_id: int, now: datetime) -> int:
    """Withdraw every content this import wrote; returns how many answers changed or went.

    An answer falls back to the newest content that another import (or the customer) gave it, and is
    voided when none remains. Answers of erased customers stay. Must run inside the caller's transaction.
    """
    SupersededAnswer.objects.filter(import_id=import_id, answer__erased_at=None).delete()
    ids = Answer.objects.filter(import_id=import_id, erased_at=None).order_by("pk").values_list("pk", flat=True)
    undone = 0
    while batch := list(ids[:SLICE]):
        rows = standing(answer_ids=batch)
        earlier = _newest_earlier(answer_ids=batch)
        back = [(one, earlier[one.id][1]) for one in rows if one.id in earlier]
        replace(changed=back, now=now, wake=False)
        SupersededAnswer.objects.filter(pk__in=[earlier[one.id][0] for one, _ in back]).delete()
        void(given=[one for one in rows if one.id not in earlier], now=now)
        undone += len(rows)
    return undone


def _newest_earlier(*, answer_ids: list[int]) -> dict[int, tuple[int, Content]]:
    rows = (
        SupersededAnswer.objects.filter(answer_id__in=answer_ids)
        .order_by("answer_id", "revision")
        .values_list("answer_id", "id", *CONTENT)
    )
    return {row[0]: (row[1], Content(*row[2:])) for row in rows}
