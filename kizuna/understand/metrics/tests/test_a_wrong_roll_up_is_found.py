"""``verify`` recomputes every roll-up, finds a changed, a lost and a stale one, and calls a late one late."""

import pytest
from django.conf import settings
from django.db import transaction

from kizuna.facts.lake.queries import connect
from kizuna.facts.outbox.operations import publish
from kizuna.facts.state import operations as state
from kizuna.understand.metrics.models import CubeFile
from kizuna.understand.metrics.operations import verify
from kizuna.understand.metrics.tests.world import NOW, answers, order, parcel, tell

pytestmark = pytest.mark.django_db(transaction=True)


def _history() -> None:
    first = order(1, "2025-06-01 10:00", yen=1234)
    tell(first, order(1, "2025-08-01 10:00"), order(2, "2025-07-01 10:00"), order(None, "2025-07-02 10:00"))
    tell(parcel(first, "2025-06-03", "2025-06-04"), *answers([10, 9, 3], "2025-06-05"))


def _change(*, grain: str, sql: str) -> None:
    file = CubeFile.objects.filter(grain=grain).order_by("path")[0]
    path = settings.HOME / file.path
    connect().execute(f"CREATE OR REPLACE TEMP TABLE held AS SELECT * FROM read_parquet('{path}')")
    connect().execute(sql)
    connect().execute(f"COPY held TO '{path}' (FORMAT parquet)")


def test_roll_ups_that_are_right() -> None:
    _history()
    report = verify()
    assert report.ok
    assert not report.behind
    assert report.group_counts["customers_delivery"] > 0
    assert report.group_counts["cohorts"] > 0


def test_a_changed_sum_a_lost_group_and_a_lost_file() -> None:
    _history()
    _change(grain="orders_month", sql="UPDATE held SET sum_y = sum_y + 1 WHERE metric = 'sales'")
    _change(grain="cohorts", sql="DELETE FROM held WHERE since > 0")
    lost = CubeFile.objects.filter(grain="answers_day").order_by("path")[0].path
    (settings.HOME / lost).unlink()
    report = verify()
    assert not report.ok
    assert report.missing_files == (lost,)
    found = {one.grain: one.group_count for one in report.differences}
    assert set(found) == {"orders_month", "cohorts", "answers_day"}
    assert (found["orders_month"], found["cohorts"]) == (1, 1)


def test_a_roll_up_that_has_not_caught_up_is_late_and_not_wrong() -> None:
    _history()
    with transaction.atomic():
        publish(facts=answers([0]), now=NOW, wake=False)
    state.catch_up(now=NOW)
    report = verify()
    assert (report.ok, report.behind) == (True, True)
