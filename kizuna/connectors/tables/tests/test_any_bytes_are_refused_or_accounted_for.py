"""Fuzzing: whatever the bytes, there is no unhandled exception, and no row is lost."""

from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kizuna.connectors.tables.operations import import_file
from kizuna.connectors.tables.rules.layouts import layouts
from kizuna.connectors.tables.tests.reading import GOLDEN
from kizuna.errors import Refusal

HEADERS = {name: [column.groups[0][0] for column in layout.columns.values()] for name, layout in layouts().items()}
FILES = [path.read_bytes() for path in sorted(GOLDEN.iterdir()) if path.suffix != ".json"]
cells = st.one_of(
    st.sampled_from(
        [
            "",
            "1",
            "-1",
            "0",
            "2026/7/9",
            "R8.7.9",
            "980",
            "'001",
            "a@example.jp",
            '"',
            "=1+1",
            "\0",
            "年",
            "9" * 30,
            "1e9",
        ]
    ),
    st.text(max_size=12),
)


def check(data: bytes, layout: str | None = None) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "fuzz.csv"
        path.write_bytes(data)
        with suppress(Refusal):
            found = import_file(path=path, layout=layout, mapping=None, actor="system", now=timezone.now())
            assert found.rows_in == found.imported + found.skipped + found.errored
            assert (found.errors_file is not None) == (found.errored > 0)


@pytest.mark.django_db
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=400))
def test_random_bytes(data: bytes) -> None:
    check(data)


@pytest.mark.django_db
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(sorted(HEADERS)),
    rows=st.lists(st.lists(cells, min_size=0, max_size=20), max_size=8),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "cp932", "utf-16", "utf-16-le"]),
    delimiter=st.sampled_from([",", "\t", ";"]),
)
def test_random_cells_under_real_headings(name: str, rows: list[list[str]], encoding: str, delimiter: str) -> None:
    lines = [delimiter.join(row) for row in [HEADERS[name], *rows]]
    check("\r\n".join(lines).encode(encoding, "replace"), layout=name)


@pytest.mark.django_db
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.sampled_from(FILES),
    edits=st.lists(st.tuples(st.integers(0, 5000), st.binary(max_size=4), st.integers(0, 4)), min_size=1, max_size=6),
)
def test_real_files_with_bytes_changed(data: bytes, edits: list[tuple[int, bytes, int]]) -> None:
    for where, put, cut in edits:
        at = where % (len(data) + 1)
        data = data[:at] + put + data[at + cut :]
    check(data)
