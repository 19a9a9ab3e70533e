"""The only way a table leaves Kizuna: CSV for Excel, CSV for older Japanese tools, and real .xlsx.

A cell that a spreadsheet would run as a formula is disarmed with a leading ``'`` (OWASP CSV
injection list incl. LF, ASVS 5 1.2.10 for NUL, and the full-width signs that Japanese Excel treats
alike). The importer strips exactly one leading ``'``, so a table survives the round trip.
Numbers stay numbers: the guard looks at text only.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Literal

from kizuna.clock import JST
from kizuna.errors import Invalid
from kizuna.words import Words

Cell = str | int | float | Decimal | date | datetime | bool | None
CsvEncoding = Literal["utf-8-sig", "cp932"]

XLSX_ROW_LIMIT = 1_048_576
_DANGEROUS = frozenset("=+-@\t\r\n\0＝＋－＠")
# What XML 1.0 cannot carry, and therefore no workbook.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_REPORTED_AT_MOST = 100

# Characters that cp932 holds under a twin: what Windows itself writes for them.
_CP932_TWINS = str.maketrans("〜−‖¢£¬—", "～－∥￠￡￢―")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unwritable:
    """One character that the chosen encoding lacks. ``row`` counts from 1 with the header as row 1."""

    row: int
    column: str
    character: str


class UnwritableCharacters(Invalid):
    """The table cannot be written in the chosen encoding without losing characters."""

    code = "characters_lost"

    def __init__(self, *, found: Sequence[Unwritable], count: int) -> None:
        self.found = tuple(found)
        self.count = count
        first = self.found[0]
        words = Words(
            ja=(
                "CP932（Shift_JIS）では書けない文字が{count}か所あります（最初は{row}行目「{column}」の「{character}」）。"
                "UTF-8かExcel形式で書き出してください。"
            ),
            en=(
                "{count} characters cannot be written in CP932 (the first is “{character}” in row {row}, column"
                " “{column}”). Export as UTF-8 or as Excel instead."
            ),
        )
        super().__init__(words.fill(count=count, row=first.row, column=first.column, character=first.character))


def guard(*, text: str) -> str:
    """Disarm one text cell; numbers should be passed as numbers, since the text ``-500`` is guarded too."""
    return "'" + text if text and text[0] in _DANGEROUS else text


def text_of(*, cell: Cell) -> str:
    """One cell as CSV text: times in JST, no exponent, None as an empty cell, text disarmed."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return guard(text=cell)
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, datetime):
        return _local(moment=cell).strftime("%Y-%m-%d %H:%M:%S")
    return format(cell, "f") if isinstance(cell, Decimal) else str(cell)


def write_csv(
    *,
    out: IO[bytes],
    header: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    encoding: CsvEncoding = "utf-8-sig",
) -> int:
    """Write a CSV that Excel opens well (CRLF; UTF-8 with BOM unless CP932 is asked for); returns the row count.

    Raises UnwritableCharacters when CP932 lacks a character: nothing is ever written as ``?``. By then
    part of the table may stand in ``out``; the caller throws it away.
    """
    stream = io.TextIOWrapper(out, encoding=encoding, newline="", write_through=False)
    writer = csv.writer(stream, lineterminator="\r\n")
    found: list[Unwritable] = []
    lost = written = 0
    try:
        for number, row in enumerate(_with_header(header=header, rows=rows), start=1):
            texts = [text_of(cell=cell) for cell in row]
            if encoding == "cp932":
                texts = [text.translate(_CP932_TWINS) for text in texts]
                misses = _unwritable(row=number, header=header, texts=texts)
                lost += len(misses)
                found.extend(misses[: _REPORTED_AT_MOST - len(found)])
                if misses:
                    continue
            writer.writerow(texts)
            written = number
        stream.flush()
    finally:
        stream.detach()
    if lost:
        raise UnwritableCharacters(found=found, count=lost)
    return max(written - 1, 0)


def write_xlsx(
    *,
    out: IO[bytes],
    header: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    sheet: str = "Sheet1",
) -> int:
    """Write a real workbook, streamed; returns the row count.

    Every ``str`` becomes a text-typed cell (phones and postcodes keep their zeros, nothing is run);
    numbers and dates keep their types. Times are shown in JST, since Excel knows no zones.

    Raises ValueError when there are more rows than a sheet holds.
    """
    # The one lazy door to openpyxl: 0.2 s that a process pays only when it writes a workbook.
    from openpyxl import Workbook  # noqa: PLC0415
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415

    book = Workbook(write_only=True)
    page = book.create_sheet(title=re.sub(r"[\[\]:*?/\\]", " ", sheet)[:31] or "Sheet1")
    page.freeze_panes = "A2"
    count = -1
    for row in _with_header(header=header, rows=rows):
        count += 1
        if count >= XLSX_ROW_LIMIT:
            raise ValueError(f"a sheet holds {XLSX_ROW_LIMIT} rows at most")
        cells: list[object] = []
        for cell in row:
            if isinstance(cell, str):
                written = WriteOnlyCell(page, value=_NOT_IN_XML.sub("", guard(text=cell)))
                # openpyxl would type «=…» as a formula by itself; the text type and format are set last.
                written.data_type, written.number_format = "s", "@"
                cells.append(written)
            else:
                cells.append(_local(moment=cell).replace(tzinfo=None) if isinstance(cell, datetime) else cell)
        page.append(cells)
    book.save(out)
    return count


def _with_header(*, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterable[Sequence[Cell]]:
    yield header
    yield from rows


def _local(*, moment: datetime) -> datetime:
    return moment if moment.tzinfo is None else moment.astimezone(JST)


def _unwritable(*, row: int, header: Sequence[str], texts: Sequence[str]) -> list[Unwritable]:
    misses: list[Unwritable] = []
    for index, text in enumerate(texts):
        try:
            text.encode("cp932")
        except UnicodeEncodeError:
            column = header[index] if index < len(header) else str(index + 1)
            misses += [Unwritable(row=row, column=column, character=c) for c in text if not _fits(character=c)]
    return misses


def _fits(*, character: str) -> bool:
    try:
        character.encode("cp932")
    except UnicodeEncodeError:
        return False
    return True
