"""One late answer rewrites its month's files; nothing else moves, and doing it again does nothing."""

import sys
from datetime import date

import pytest
from django.conf import settings
from django.db import transaction

from kizuna.facts.outbox.operations import publish
from kizuna.facts.state import operations as state
from kizuna.understand.metrics.models import CubeFile, CubeState
from kizuna.understand.metrics.operations import refresh
from kizuna.understand.metrics.queries import cohorts, measure
from kizuna.understand.metrics.rules.sql import COHORTS
from kizuna.understand.metrics.tests.world import NOW, answer, order, tell

pytestmark = pytest.mark.django_db(transaction=True)


def _files() -> dict[tuple[str, date], str]:
    return {(file.grain, file.month): file.path for file in CubeFile.objects.all()}


def _two_months() -> None:
    tell(
        answer(9, "2026-01-10"), answer(3, "2026-02-10"),
        order(1, "2026-01-10"), order(1, "2026-02-10"), order(2, "2026-02-11"),
    )  # fmt: skip


def test_one_late_answer() -> None:
    _two_months()
    before = _files()
    tell(answer(10, "2026-01-20"))
    after = _files()
    moved = {key for key in after if before.get(key) != after[key]}
    assert {month for _, month in moved} == {date(2026, 1, 1)}
    assert {grain.partition("_")[0] for grain, _ in moved} == {"answers"}


def test_one_late_order_leaves_answers_and_other_months_alone() -> None:
    _two_months()
    before = _files()
    tell(order(2, "2026-02-20"))
    moved = {key for key, path in _files().items() if before.get(key) != path}
    assert {month for grain, month in moved if grain != COHORTS} == {date(2026, 2, 1)}
    assert not any(grain.startswith("answers") for grain, _ in moved)


def test_a_second_refresh_does_nothing() -> None:
    _two_months()
    generation = CubeState.objects.get().generation
    assert refresh(now=NOW) == 0
    assert CubeState.objects.get().generation == generation


def test_a_worker_that_died_after_the_state_moved_loses_nothing() -> None:
    _two_months()
    for day in ("2026-01-21", "2026-02-21"):
        _publish_without_refresh(day)
    assert refresh(now=NOW) > 0
    rows = measure(metric="nps", by=["month"], now=NOW)
    assert [(row.group["month"], getattr(row.result, "n", None)) for row in rows] == [("2026-01", 2), ("2026-02", 2)]


def _publish_without_refresh(day: str) -> None:
    with transaction.atomic():
        publish(facts=[answer(9, day), order(1, day)], now=NOW, wake=False)
    state.catch_up(now=NOW)


def _on_disk() -> set[str]:
    return {str(path.relative_to(settings.HOME)) for path in (settings.HOME / "cubes").glob("*/*.parquet")}


def test_the_slower_of_two_refreshes_throws_its_files_away(monkeypatch: pytest.MonkeyPatch) -> None:
    _two_months()
    _publish_without_refresh("2026-01-21")
    before = _on_disk()
    module = sys.modules[refresh.__module__]
    swap = module._swap

    def overtaken(**given: object) -> bool:
        monkeypatch.setattr(module, "_swap", swap)
        assert refresh(now=NOW) > 0
        return bool(swap(**given))

    monkeypatch.setattr(module, "_swap", overtaken)
    assert refresh(now=NOW) == 0
    new = _on_disk() - before
    assert new
    assert new <= set(_files().values())


def test_new_definitions_roll_everything_up_anew() -> None:
    _two_months()
    before = _files()
    CubeState.objects.update(definitions="of an older release")
    refresh(now=NOW)
    assert set(before) == set(_files())
    assert not set(before.values()) & set(_files().values())


def test_cohorts_follow_an_order_that_moves_between_months() -> None:
    _two_months()
    assert [(cohort.month, cohort.customers) for cohort in cohorts(now=NOW)] == [("2026-01", 1), ("2026-02", 1)]
    tell(order(2, "2026-01-31 23:59"))
    table = cohorts(now=NOW)
    assert [(cohort.month, cohort.customers) for cohort in table] == [("2026-01", 2)]
    assert table == cohorts(now=NOW, recompute=True)


def test_the_question_is_answered_again_when_its_files_were_cleared_away() -> None:
    _two_months()
    measure(metric="nps", now=NOW)
    for path in (settings.HOME / "cubes").glob("answers_*/*.parquet"):
        path.unlink()
    CubeState.objects.update(definitions="")
    refresh(now=NOW)
    (total,) = measure(metric="nps", now=NOW)
    assert getattr(total.result, "n", None) == 2
