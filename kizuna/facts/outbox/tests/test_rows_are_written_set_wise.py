import threading
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from kizuna.facts.audit.models import AuditEntry
from kizuna.facts.outbox.models import Batch, OutboxEntry
from kizuna.facts.rows.operations import insert_rows, reserve_ids, update_rows

NOW = datetime(2026, 4, 1, 3, 0, 0, 123456, tzinfo=UTC)
LATER = datetime(2026, 4, 2, 3, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_inserted_rows_are_read_back_as_given() -> None:
    columns = ["recorded_at", "actor", "action", "target", "detail", "previous_hash", "hash"]
    rows = [(NOW, "user:1", "a\tb\n", "名前\\N", {"数": [1, None]}, f"p{n}", f"h{n}") for n in range(3)]
    with transaction.atomic():
        assert insert_rows(model=AuditEntry, columns=columns, rows=iter(rows)) == 3
    assert list(AuditEntry.objects.order_by("id").values_list(*columns)) == rows


@pytest.mark.django_db
def test_updated_rows_change_by_primary_key_only() -> None:
    first, second = (Batch.objects.create(claimed_at=NOW, fact_count=1) for _ in range(2))
    with transaction.atomic():
        written = update_rows(model=Batch, columns=["id", "fact_count", "written_at"], rows=[(second.pk, 9, LATER)])
    assert written == 1
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.fact_count, first.written_at) == (1, None)
    assert (second.fact_count, second.written_at) == (9, LATER)


@pytest.mark.django_db
def test_reserved_ids_are_never_given_out_again() -> None:
    before = Batch.objects.create(claimed_at=NOW)
    with transaction.atomic():
        ids = reserve_ids(model=Batch, count=100)
        assert len(ids) == 100
        assert ids[0] > before.pk
        insert_rows(model=Batch, columns=["id", "claimed_at", "fact_count"], rows=[(ids[0], NOW, 0)])
        more = reserve_ids(model=Batch, count=3)
    after = Batch.objects.create(claimed_at=NOW)
    assert more[0] > ids[-1]
    assert after.pk > more[-1]


@pytest.mark.django_db(transaction=True)
def test_set_wise_writing_outside_a_transaction_is_refused() -> None:
    for attempt in (
        lambda: reserve_ids(model=Batch, count=1),
        lambda: insert_rows(model=Batch, columns=["claimed_at"], rows=[]),
        lambda: update_rows(model=Batch, columns=["id", "fact_count"], rows=[]),
    ):
        with pytest.raises(transaction.TransactionManagementError):
            attempt()


@pytest.mark.postgres
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="a race between connections")
@pytest.mark.django_db(transaction=True)
def test_racing_reservations_and_inserts_never_share_an_id() -> None:
    taken: list[int] = []

    def reserve() -> None:
        for _ in range(20):
            with transaction.atomic():
                ids = reserve_ids(model=Batch, count=500)
                assert len(ids) == 500
                taken.extend(ids)
        connection.close()

    def insert() -> None:
        for _ in range(200):
            taken.append(Batch.objects.create(claimed_at=NOW).pk)
        connection.close()

    threads = [threading.Thread(target=work) for work in (reserve, reserve, insert, insert)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == 2 * 20 * 500 + 2 * 200
    assert len(set(taken)) == len(taken)


@pytest.mark.django_db
def test_an_entry_without_facts_is_impossible() -> None:
    with pytest.raises(Exception, match="entry_has_facts"), transaction.atomic():
        OutboxEntry.objects.create(fact_type="NoteTaken", fact_count=0, recorded_at=NOW, due_at=NOW, wakes=False)
