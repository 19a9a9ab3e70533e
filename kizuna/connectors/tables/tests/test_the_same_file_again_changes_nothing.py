from pathlib import Path

import pytest
from django.utils import timezone

from kizuna.connectors.tables.models import ImportRun
from kizuna.connectors.tables.operations import ImportResult, import_file
from kizuna.connectors.tables.tests.reading import GOLDEN

FILES = sorted(path for path in GOLDEN.iterdir() if path.suffix != ".json")
pytestmark = pytest.mark.django_db


def take(path: Path) -> ImportResult:
    result = import_file(path=path, layout=None, mapping=None, actor="system", now=timezone.now())
    assert result.rows_in == result.imported + result.skipped + result.errored
    return result


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_row_is_accounted_for_and_a_second_run_imports_none(path: Path) -> None:
    if path.stem == "shipments":
        take(GOLDEN / "generic_orders.csv")
    first = take(path)
    assert first.imported > 0
    second = take(path)
    assert second.rows_in == first.rows_in
    assert second.imported == 0
    assert second.errored == first.errored
    assert second.skipped == first.skipped + first.imported


def test_the_run_keeps_counts_and_reasons_but_not_the_file() -> None:
    result = take(GOLDEN / "generic_orders.csv")
    run = ImportRun.objects.get(pk=result.import_id)
    assert (run.state, run.rows_in, run.imported, run.skipped, run.errored) == ("done", 9, 5, 2, 2)
    assert {reason.en for _, reason in result.skip_reasons} == {"Cancelled order lines", "Blank rows"}
    assert not run.is_stored
