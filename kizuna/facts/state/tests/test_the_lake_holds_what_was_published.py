from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction

from kizuna.facts.catalogue import ReviewPosted, SurveyAnswered
from kizuna.facts.lake.models import LakeFile
from kizuna.facts.lake.operations import compact_due, remove_garbage, write_due, write_query
from kizuna.facts.lake.queries import connect, lake_path, source
from kizuna.facts.lake.rules import GRACE, MERGE_AT, files_to_merge
from kizuna.facts.outbox.models import OutboxEntry
from kizuna.facts.outbox.operations import publish
from kizuna.facts.state.operations import catch_up, verify
from kizuna.facts.state.queries import units

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 4, 1, 3, 0, 0, 5, tzinfo=UTC)


def answer(number: int, at: datetime = NOW) -> SurveyAnswered:
    return SurveyAnswered(occurred_at=at, person_id=number % 3 or None, answer_id=number, instrument="nps", score=9.5)


def tell(*facts: SurveyAnswered) -> None:
    with transaction.atomic():
        publish(facts=facts, now=NOW, wake=False)


def in_lake() -> list[dict[str, object]]:
    rows = connect().sql(f"{source(fact=SurveyAnswered)} ORDER BY answer_id").to_arrow_table().to_pylist()
    return [dict(row) for row in rows]


def test_a_row_of_the_lake_is_the_fact_with_its_provenance() -> None:
    tell(answer(1), answer(2))
    assert write_due(now=NOW) == 1
    first, second = in_lake()
    entry = OutboxEntry.objects.get()
    assert (first["entry_id"], first["seq"], second["seq"]) == (entry.pk, 0, 1)
    assert (first["recorded_at"], first["occurred_at"], first["score"], first["person_id"]) == (NOW, NOW, 9.5, 1)
    assert (second["order_id"], second["has_comment"], second["store"]) == (None, False, "")


def test_files_are_split_by_japanese_month() -> None:
    tell(answer(1, datetime(2026, 3, 31, 14, 59, 59, tzinfo=UTC)), answer(2, datetime(2026, 3, 31, 15, 0, tzinfo=UTC)))
    write_due(now=NOW)
    assert set(LakeFile.objects.values_list("month", "fact_count")) == {(date(2026, 3, 1), 1), (date(2026, 4, 1), 1)}


def test_small_entries_share_a_file_and_many_files_are_merged_without_a_change() -> None:
    for number in range(1, 4):
        tell(answer(number))
    write_due(now=NOW)
    assert LakeFile.objects.count() == 1
    for number in range(4, 4 + MERGE_AT):
        tell(answer(number))
        write_due(now=NOW)
    before = in_lake()
    assert compact_due(now=NOW) == 0, "what the state has not taken in keeps its batch's file"
    catch_up(now=NOW)
    assert compact_due(now=NOW) == MERGE_AT + 1
    assert in_lake() == before
    assert verify(now=NOW).ok
    merged = LakeFile.objects.filter(retired_at=None)
    assert [file.fact_count for file in merged] == [len(before)]
    old = [lake_path(name=file.path) for file in LakeFile.objects.exclude(retired_at=None)]
    assert all(path.exists() for path in old)
    compact_due(now=NOW + GRACE + timedelta(seconds=1))
    assert not any(path.exists() for path in old)
    assert in_lake() == before


def test_files_are_merged_with_their_like_only() -> None:
    assert files_to_merge(counts=[1] * (MERGE_AT - 1) + [100_000]) == []
    assert files_to_merge(counts=[100_000, *[1] * MERGE_AT]) == list(range(1, MERGE_AT + 1))


def test_history_from_a_query_is_accounted_for_like_any_fact() -> None:
    sql = (
        "SELECT i AS review_id, 'g' AS site, 4.0 AS rating, i % 5 AS person_id,"
        " TIMESTAMPTZ '2026-01-31 14:00:00+00' + to_hours(i) AS occurred_at FROM range(48) t(i)"
    )
    assert write_query(fact=ReviewPosted, sql=sql, now=NOW) == 48
    assert {month.month for month in LakeFile.objects.values_list("month", flat=True)} == {1, 2}
    catch_up(now=NOW)
    report = verify(now=NOW)
    assert report.ok
    assert (report.fact_count, report.unit_counts["reviews"]) == (48, 48)
    with pytest.raises(ValueError, match="missing"):
        write_query(fact=ReviewPosted, sql="SELECT 1 AS review_id", now=NOW)


def test_a_lost_doubled_or_foreign_row_and_a_wrong_state_are_noticed() -> None:
    tell(answer(1))
    catch_up(now=NOW)
    tell(answer(2))
    catch_up(now=NOW)
    assert verify(now=NOW).ok
    first, second = LakeFile.objects.order_by("id")
    LakeFile.objects.filter(id=second.pk).delete()
    report = verify(now=NOW)
    assert (report.ok, report.wrong_entry_count) == (False, 1)
    assert [(one.table, one.surplus_count, one.missing_count) for one in report.differences] == [("answers", 1, 0)]
    second.pk = None
    second.save()
    copy = lake_path(name=first.path).with_name("copy.parquet")
    copy.write_bytes(lake_path(name=first.path).read_bytes())
    extra = LakeFile.objects.create(
        path=first.path.replace(".parquet", "-copy.parquet"),
        fact_type=first.fact_type,
        month=first.month,
        fact_count=1,
        made_at=NOW,
    )
    copy.rename(lake_path(name=extra.path))
    assert verify(now=NOW).wrong_entries == (OutboxEntry.objects.order_by("id")[0].pk,)
    extra.delete()
    OutboxEntry.objects.order_by("id")[:1].get().delete()
    assert verify(now=NOW).wrong_entry_count == 1


def test_a_missing_file_is_named() -> None:
    tell(answer(1))
    catch_up(now=NOW)
    (file,) = LakeFile.objects.all()
    lake_path(name=file.path).unlink()
    assert verify(now=NOW).missing_files == (file.path,)


def test_files_nobody_registered_are_removed_once_they_are_old() -> None:
    tell(answer(1))
    catch_up(now=datetime.now(UTC))
    (file,) = LakeFile.objects.all()
    stray = lake_path(name="facts/SurveyAnswered/2026-04/.stray.parquet.tmp")
    stray.write_bytes(b"half a file")
    assert remove_garbage(now=datetime.now(UTC)) == 0
    remove_garbage(now=datetime.now(UTC) + timedelta(days=2))
    assert not stray.exists()
    assert lake_path(name=file.path).exists()
    assert all(path.exists() for path in units(table="answers"))


def test_a_column_added_to_the_catalogue_later_reads_as_its_default() -> None:
    tell(answer(1))
    write_due(now=NOW)
    (file,) = LakeFile.objects.all()
    path = lake_path(name=file.path)
    older = path.with_name("older.parquet")
    connect().execute(f"COPY (SELECT * EXCLUDE (has_comment, invitation_id) FROM '{path}') TO '{older}'")
    older.rename(path)
    (row,) = in_lake()
    assert (row["has_comment"], row["invitation_id"], row["score"]) == (False, None, 9.5)
