"""Two workers may find the same thing at once: the later one's rows are left out, and it can see which."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from kizuna.facts.outbox.models import WorkerBeat
from kizuna.facts.rows.operations import insert_new_rows, reserve_ids

COLUMNS = ("id", "worker", "started_at", "seen_at")
NOW = datetime(2026, 4, 1, tzinfo=UTC)


def _insert(*, codes: list[str | None]) -> set[str]:
    with transaction.atomic():
        ids = reserve_ids(model=WorkerBeat, count=len(codes))
        rows = [(id_, code, NOW, NOW) for id_, code in zip(ids, codes, strict=True)]
        insert_new_rows(model=WorkerBeat, columns=COLUMNS, rows=rows)
        return set(WorkerBeat.objects.filter(id__in=list(ids)).values_list("worker", flat=True))


@pytest.mark.django_db
@pytest.mark.parametrize("count", [3, 300])
def test_only_the_new_ones_are_added_however_many_there_are(count: int) -> None:
    first = [f"s{number:03}" for number in range(count)]
    assert _insert(codes=list(first)) == set(first)
    assert _insert(codes=[*first, "other"]) == {"other"}
    assert WorkerBeat.objects.count() == count + 1


@pytest.mark.django_db
def test_a_row_that_is_wrong_is_not_left_out_in_silence() -> None:
    with pytest.raises(IntegrityError):
        _insert(codes=["a", None])
