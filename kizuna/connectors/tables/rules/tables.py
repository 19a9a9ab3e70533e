"""A file as a table: what kind of file it is, where its header row stands, and its data rows.

The header row is found among the first rows by how many known column names it holds, since exports
carry notices and periods above it (Rakuten RMS). For an unknown table it is the first full row.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from kizuna.connectors.tables.rules.cells import clean_cell
from kizuna.connectors.tables.rules.encodings import MARK, Encoding, choose_encoding
from kizuna.connectors.tables.rules.layouts import Match, ranked
from kizuna.connectors.tables.rules.texts import BadCells, Numbered, text_rows
from kizuna.connectors.tables.rules.workbooks import sheet_names, workbook_rows
from kizuna.errors import Invalid
from kizuna.words import Words

FILE_LIMIT = 1_000_000_000
ROW_LIMIT = 5_000_000
COLUMN_LIMIT = 1_000
DELIMITERS = {",": Words(ja="カンマ", en="comma"), "\t": Words(ja="タブ", en="tab"),
              ";": Words(ja="セミコロン", en="semicolon"), "|": Words(ja="縦棒", en="bar")}  # fmt: skip
_HEADER_WITHIN = 30


class UnreadableFile(Invalid):
    """The file is no table, with the reason and what to do."""

    code = "unreadable_file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """An opened table: enough to read its rows again and again."""

    path: Path
    form: str
    """``text`` or ``xlsx``."""
    encoding: Encoding
    delimiter: str
    sheet: str
    header: tuple[str, ...]
    header_line: int
    matches: tuple[Match, ...]
    """Every layout by its fit, the best first."""

    def rows(self) -> Iterator[Numbered]:
        """The data rows after the header, each with its line; what cannot be trusted comes as BadCells."""
        return _after_header(rows=_raw_rows(table=self), header_line=self.header_line, dirty=self.encoding.broken > 0)


def open_table(*, path: Path, encoding: str = "", delimiter: str = "") -> Table:
    """Find out how to read a file; ``encoding`` and ``delimiter`` are manual switches.

    Raises UnreadableFile, Undecodable, LineTooLong, UnreadableWorkbook, TooManyBrokenQuotes.
    """
    _refuse_other_files(path=path)
    if _is_workbook(path=path):
        return _best(tables=[_workbook_table(path=path, sheet=sheet) for sheet in sheet_names(path=path)])
    chosen = choose_encoding(path=path, chosen=encoding)
    tables = [
        _text_table(path=path, encoding=chosen, delimiter=candidate)
        for candidate in ([delimiter] if delimiter else DELIMITERS)
    ]
    return _best(tables=tables)


def _best(*, tables: Sequence[Table | None]) -> Table:
    found = [table for table in tables if table is not None]
    if not found:
        raise UnreadableFile(_EMPTY)
    best = max(found, key=_fitness)
    if len(best.header) > COLUMN_LIMIT:
        raise UnreadableFile(_TOO_WIDE)
    if len(best.header) < 2 and not _recognised(best):
        raise UnreadableFile(_NO_COLUMNS)
    return best


def _recognised(table: Table) -> bool:
    return bool(table.matches) and not table.matches[0].missing


def _fitness(table: Table) -> tuple[bool, float, int]:
    best = table.matches[0]
    return (not best.missing, best.score, len(table.header))


def _text_table(*, path: Path, encoding: Encoding, delimiter: str) -> Table | None:
    rows = text_rows(path=path, encoding=encoding, delimiter=delimiter)
    blank = Table(
        path=path, form="text", encoding=encoding, delimiter=delimiter, sheet="", header=(), header_line=0, matches=()
    )
    return _with_header(table=blank, rows=rows)


def _workbook_table(*, path: Path, sheet: str) -> Table | None:
    none = Encoding(codec="utf-8")
    blank = Table(
        path=path, form="xlsx", encoding=none, delimiter=",", sheet=sheet, header=(), header_line=0, matches=()
    )
    return _with_header(table=blank, rows=workbook_rows(path=path, sheet=sheet))


def _with_header(*, table: Table, rows: Iterator[Numbered]) -> Table | None:
    first = [row for row in islice(rows, _HEADER_WITHIN) if type(row[1]) is list]
    named = [(line, tuple(_header_cell(cell) for cell in cells)) for line, cells in first]
    named = [(line, cells) for line, cells in named if any(cells)]
    if not named:
        return None
    candidates = [
        replace(table, header=cells, header_line=line, matches=tuple(ranked(header=cells))) for line, cells in named
    ]
    best = max(candidates, key=lambda found: (not found.matches[0].missing, found.matches[0].score))
    if best.matches[0].missing and best.matches[0].score < 0.2:
        # Nothing we know: the first row that is as wide as the table, below any notices.
        width = max(len(found.header) for found in candidates)
        return next(found for found in candidates if len(found.header) == width)
    return best


def _header_cell(text: str) -> str:
    return clean_cell(text=text.replace("\n", " ").replace(MARK, "\ufffd").lstrip("\ufeff"))


def _raw_rows(*, table: Table) -> Iterator[Numbered]:
    if table.form == "xlsx":
        return workbook_rows(path=table.path, sheet=table.sheet)
    return text_rows(path=table.path, encoding=table.encoding, delimiter=table.delimiter)


def _after_header(*, rows: Iterator[Numbered], header_line: int, dirty: bool) -> Iterator[Numbered]:
    for line, _ in rows:
        if line >= header_line:
            break
    yield from _marked(rows=rows) if dirty else rows


def _marked(*, rows: Iterator[Numbered]) -> Iterator[Numbered]:
    """Rows with bytes that are no character are reported; only damaged files pay for looking."""
    for line, cells in rows:
        if any(MARK in cell for cell in cells):
            yield line, BadCells((cell.replace(MARK, "\ufffd") for cell in cells), "broken_bytes", _BROKEN_BYTES)
        else:
            yield line, cells


def _is_workbook(*, path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"PK\x03\x04"


_SIGNATURES: tuple[tuple[bytes, Words], ...] = (
    (
        b"\xd0\xcf\x11\xe0",
        Words(
            ja="古いExcel形式（.xls）か、パスワード付きのExcelファイルです。"
            "Excelで開き、パスワードなしの .xlsx かCSVで保存し直してください。",
            en="This is an old Excel file (.xls) or a password-protected workbook. Open it in Excel"
            " and save it as .xlsx or CSV without a password.",
        ),
    ),
    (
        b"%PDF",
        Words(
            ja="PDFは取り込めません。CSVかExcelで書き出してください。",
            en="A PDF cannot be imported. Export as CSV or Excel.",
        ),
    ),
    (
        b"\x1f\x8b",
        Words(
            ja="圧縮ファイルです。展開してから取り込んでください。", en="This is a compressed file. Unpack it first."
        ),
    ),
    (
        b"Rar!",
        Words(
            ja="圧縮ファイルです。展開してから取り込んでください。", en="This is a compressed file. Unpack it first."
        ),
    ),
    (
        b"7z\xbc\xaf",
        Words(
            ja="圧縮ファイルです。展開してから取り込んでください。", en="This is a compressed file. Unpack it first."
        ),
    ),
    (
        b"\x89PNG",
        Words(
            ja="画像は取り込めません。CSVかExcelで書き出してください。",
            en="An image cannot be imported. Export as CSV or Excel.",
        ),
    ),
    (
        b"\xff\xd8\xff",
        Words(
            ja="画像は取り込めません。CSVかExcelで書き出してください。",
            en="An image cannot be imported. Export as CSV or Excel.",
        ),
    ),
)


def _refuse_other_files(*, path: Path) -> None:
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(512)
    except OSError as error:
        raise UnreadableFile(_CANNOT_OPEN.fill(name=path.name, reason=error.strerror or "?")) from error
    if size > FILE_LIMIT:
        raise UnreadableFile(_TOO_BIG)
    if not head.strip(b"\0\r\n\t \xef\xbb\xbf"):
        raise UnreadableFile(_EMPTY)
    for signature, words in _SIGNATURES:
        if head.startswith(signature):
            raise UnreadableFile(words)
    if head.startswith(b"PK") and not _holds_workbook(path=path):
        raise UnreadableFile(_ZIP)
    if head.lstrip().lower().startswith((b"<!doctype html", b"<html", b"<table", b"<?xml")):
        raise UnreadableFile(_HTML)


def _holds_workbook(*, path: Path) -> bool:
    # The name stands in the archive's directory at its end, uncompressed; nothing is unpacked to find it.
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - (1 << 20)))
        return b"xl/workbook.xml" in file.read()


_CANNOT_OPEN = Words(ja="「{name}」を開けません（{reason}）。場所と名前を確認してください。",
                     en="“{name}” cannot be opened ({reason}). Check where it is and its name.")  # fmt: skip
_TOO_BIG = Words(ja="ファイルが1GBを超えています。期間などで分けて書き出してください。",
                 en="The file is larger than 1 GB. Export it in parts, for instance by period.")  # fmt: skip
_EMPTY = Words(ja="ファイルが空です。書き出しをやり直してください。", en="The file is empty. Please export it again.")
_ZIP = Words(ja="zipファイルです。展開して、中のCSVかExcelファイルを取り込んでください。",
             en="This is a zip file. Unpack it and import the CSV or Excel file inside.")  # fmt: skip
_HTML = Words(ja="HTML（またはXML）のファイルです。拡張子が .xls や .csv でも中身は表ではありません。"
                 "CSVかExcelで書き出してください。",
              en="This is an HTML or XML file, whatever its name says. Export it as CSV or Excel.")  # fmt: skip
_TOO_WIDE = Words(ja="列が1,000を超えています。必要な列だけを書き出してください。",
                  en="There are more than 1,000 columns. Export only the columns you need.")  # fmt: skip
_NO_COLUMNS = Words(
    ja="列の区切り（カンマやタブ）が見つかりません。CSV、TSVかExcel（.xlsx）のファイルを選んでください。",
    en="No columns were found (separated by commas or tabs). Choose a CSV, TSV or Excel (.xlsx) file.",
)
_BROKEN_BYTES = Words(ja="文字として読めないバイトがあります。この行を直してください。",
                      en="Some bytes of this line are no characters. Please mend it.")  # fmt: skip
