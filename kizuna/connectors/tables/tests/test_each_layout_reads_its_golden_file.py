"""Each golden file stands in its vendor's encoding with its traps; beside it, what a person says it means."""

import csv
import io
import json
import random
from pathlib import Path

import pytest

from kizuna.connectors.tables.rules.layouts import layouts
from kizuna.connectors.tables.rules.tables import open_table
from kizuna.connectors.tables.tests.reading import GOLDEN, read_all

FILES = sorted(path for path in GOLDEN.iterdir() if path.suffix != ".json")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_file_is_recognised_and_read_as_written_down(path: Path) -> None:
    expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    found = read_all(path=path)
    assert found == expected
    assert found["layout"] == path.stem


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_columns_are_found_by_name_in_any_order(path: Path, tmp_path: Path) -> None:
    table = open_table(path=path)
    order = list(range(len(table.header)))
    random.Random(7).shuffle(order)
    text = io.StringIO()
    writer = csv.writer(text)
    for cells in (list(table.header), *(cells for _, cells in table.rows())):
        writer.writerow([cells[index] for index in order])
    shuffled = tmp_path / "shuffled.csv"
    shuffled.write_text(text.getvalue(), encoding="utf-8", newline="")
    assert read_all(path=shuffled)["records"] == read_all(path=path)["records"]


def test_every_layout_has_a_golden_file() -> None:
    assert {path.stem for path in FILES} == set(layouts())
