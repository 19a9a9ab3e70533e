"""Taking an import back."""

from datetime import datetime

from kizuna.listen.reviews.models import Review, SupersededReview
from kizuna.listen.reviews.operations.write import CONTENT, Content, replace, standing, void

SLICE = 5_000


def undo_import(*, import_id: int, now: datetime) -> int:
    """Withdraw every content this import wrote; returns how many reviews changed or went.

    A review falls back to the newest content that another import gave it, and is
    voided when none remains. Reviews of erased customers stay. Must run inside the caller's transaction.
    """
    SupersededReview.objects.filter(import_id=import_id, review__erased_at=None).delete()
    ids = Review.objects.filter(import_id=import_id, erased_at=None).order_by("pk").values_list("pk", flat=True)
    undone = 0
    while batch := list(ids[:SLICE]):
        rows = standing(review_ids=batch)
        earlier = _newest_earlier(review_ids=batch)
        back = [(one, earlier[one.id][1]) for one in rows if one.id in earlier]
        replace(changed=back, now=now, wake=False)
        SupersededReview.objects.filter(pk__in=[earlier[one.id][0] for one, _ in back]).delete()
        void(posted=[one for one in rows if one.id not in earlier], now=now)
        undone += len(rows)
    return undone


def _newest_earlier(*, review_ids: list[int]) -> dict[int, tuple[int, Content]]:
    rows = (
        SupersededReview.objects.filter(review_id__in=review_ids)
        .order_by("review_id", "revision")
        .values_list("review_id", "id", *CONTENT)
    )
    return {row[0]: (row[1], Content(*row[2:])) for row in rows}
