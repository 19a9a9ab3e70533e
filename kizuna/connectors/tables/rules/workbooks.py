"""Rows out of .xlsx, with the guards that a workbook needs before it is opened.

A workbook of some kilobytes can unpack to gigabytes, and two far-apart cells make a reader allocate
the whole rectangle between them. Both are measured on the packed file, streaming, before calamine
sees it.
"""

import datetime as dt
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook, SheetVisibleEnum

from kizuna.connectors.tables.rules.texts import Numbered
from kizuna.errors import Invalid
from kizuna.words import Words

EXPANDED_LIMIT = 700_000_000
CELLS_LIMIT = 12_000_000
_MEMBERS_LIMIT = 5_000
_SHEETS_TRIED = 10
_BLOCK = 1 << 20
_REFERENCE = re.compile(rb'<(?:\w+:)?(?:c|row|dimension)\b[^>]*?\br(?:ef)?="(?:[A-Z]+\d+:)?([A-Z]*)(\d+)"')
_UNNUMBERED = re.compile(rb"<(?:\w+:)?c[\s>/]")


class UnreadableWorkbook(Invalid):
    """The workbook is damaged, protected, or too large to open safely."""

    code = "unreadable_workbook"


def sheet_names(*, path: Path) -> list[str]:
    """The visible sheets, in order. Raises UnreadableWorkbook after measuring the file."""
    _refuse_bombs(path=path)
    book = _open(path=path)
    names = [sheet.name for sheet in book.sheets_metadata if sheet.visible == SheetVisibleEnum.Visible]
    return (names or list(book.sheet_names))[:_SHEETS_TRIED]


def workbook_rows(*, path: Path, sheet: str) -> Iterator[Numbered]:
    """Each row of a sheet that was listed by ``sheet_names``, as text, with its row number in Excel.

    Raises UnreadableWorkbook.
    """
    book = _open(path=path)
    try:
        rows = book.get_sheet_by_name(sheet).iter_rows()
    except BaseException as error:
        raise _refusal(error=error) from error
    for number, cells in enumerate(rows, start=1):
        texts = [cell if type(cell) is str else _text(cell) for cell in cells]
        if any(texts):
            yield number, texts


def _text(cell: Any) -> str:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        # Excel keeps every number as a float: 9012345678.0 is an id or a phone that lost its zero.
        return str(int(cell)) if cell.is_integer() and abs(cell) < 2**53 else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.strftime("%Y-%m-%d %H:%M:%S") if cell.time() != dt.time() else cell.strftime("%Y-%m-%d")
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    return str(cell)


def _open(*, path: Path) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_path(str(path))
    except BaseException as error:
        raise _refusal(error=error) from error


def _refusal(*, error: BaseException) -> BaseException:
    """calamine panics on some damaged files; a panic is no Exception and must not end the worker."""
    if isinstance(error, Exception) or type(error).__name__ == "PanicException":
        return UnreadableWorkbook(_DAMAGED)
    return error


def _refuse_bombs(*, path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as packed:
            members = packed.infolist()
            if len(members) > _MEMBERS_LIMIT or sum(member.file_size for member in members) > EXPANDED_LIMIT:
                raise UnreadableWorkbook(_TOO_LARGE)
            if any(member.flag_bits & 1 for member in members):
                raise UnreadableWorkbook(_PROTECTED)
            for member in members:
                _measure(packed=packed, member=member)
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, RuntimeError, EOFError) as error:
        raise UnreadableWorkbook(_DAMAGED) from error


def _measure(*, packed: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """Unpack one member without keeping it; a sheet's corner cell and its count of cells are bounded."""
    is_sheet = "/worksheets/" in "/" + member.filename and member.filename.endswith(".xml")
    size, rows, columns, cells, tail = 0, 1, 1, 0, b""
    with packed.open(member) as stream:
        while block := stream.read(_BLOCK):
            size += len(block)
            if size > EXPANDED_LIMIT:
                raise UnreadableWorkbook(_TOO_LARGE)
            if not is_sheet:
                continue
            text = tail + block
            cut = text.rfind(b"<") if len(block) == _BLOCK else len(text)
            text, tail = text[:cut], text[cut:]
            cells += len(_UNNUMBERED.findall(text))
            for letters, digits in _corner(text=text):
                rows, columns = max(rows, int(digits[:9])), max(columns, _column_number(letters=letters))
            if rows * columns > CELLS_LIMIT or cells > CELLS_LIMIT:
                raise UnreadableWorkbook(_TOO_LARGE)


def _corner(*, text: bytes) -> Iterator[tuple[bytes, bytes]]:
    # A set first: most cells of a block share their column, and only distinct references are compared.
    yield from set(_REFERENCE.findall(text))


def _column_number(*, letters: bytes) -> int:
    number = 0
    for letter in letters[:4]:
        number = number * 26 + letter - 64
    return number


_DAMAGED = Words(
    ja="Excelファイルとして開けません。壊れているか、別の形式です。Excelで開いて .xlsx で保存し直してください。",
    en="This cannot be opened as an Excel workbook: it is damaged or of another format. Open it in Excel and save it"
    " as .xlsx again.",
)
_PROTECTED = Words(
    ja="Excelファイルにパスワードがかかっています。パスワードを外して保存し直してください。",
    en="The workbook is protected by a password. Remove the password and save it again.",
)
_TOO_LARGE = Words(
    ja="Excelファイルが大きすぎます（展開後700MB、または1,200万セルまで）。CSVで保存してから取り込んでください。",
    en="The workbook is too large (700 MB unpacked or 12 million cells at most). Save it as CSV and import that.",
)
