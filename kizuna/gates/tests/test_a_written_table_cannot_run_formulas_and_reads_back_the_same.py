import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from kizuna.gates.write_csv import guard, write_csv, write_xlsx


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠"])
def test_every_dangerous_first_character_is_disarmed(first: str) -> None:
    assert guard(text=first + "1+1") == "'" + first + "1+1"


def test_numbers_stay_numbers() -> None:
    out = io.BytesIO()
    write_csv(out=out, header=["a"], rows=[[-500], ["-500"]])
    assert out.getvalue().decode("utf-8-sig") == "a\r\n-500\r\n'-500\r\n"


@given(rows=st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=2, max_size=2), max_size=5))
def test_stripping_one_quote_gives_every_text_back(rows: list[list[str]]) -> None:
    out = io.BytesIO()
    count = write_csv(out=out, header=["a", "b"], rows=rows)
    text = out.getvalue().decode("utf-8-sig")
    back = list(csv.reader(io.StringIO(text, newline="")))[1:]
    assert count == len(rows)
    for written, original in zip(back, rows, strict=True):
        for cell, source in zip(written, original, strict=True):
            assert cell in {source, "'" + source}
            assert not cell or cell[0] not in "=+-@\t\r\n\0＝＋－＠"


def test_a_workbook_keeps_leading_zeros_and_formulas_as_text() -> None:
    out = io.BytesIO()
    write_xlsx(out=out, header=["phone", "formula", "n"], rows=[["09012345678", '=HYPERLINK("x")', -5]])
    sheet = load_workbook(out).active
    assert sheet is not None
    cells = next(iter(sheet.iter_rows(min_row=2)))
    assert [c.value for c in cells] == ["09012345678", '\'=HYPERLINK("x")', -5]
    assert [c.data_type for c in cells] == ["s", "s", "n"]
