"""The rows that could not be imported, as lines of JSON beside the import, and the error file made of them.

The journal is appended before its chunk commits; the length that counts is committed with the chunk,
so that after a crash whatever stands beyond it is cut off and written again.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
from django.conf import settings

from kizuna.gates.write_csv import Cell, CsvEncoding, write_csv

ERROR_COLUMNS = ("kizuna_line", "kizuna_column", "kizuna_reason_ja", "kizuna_reason_en")


@dataclass(frozen=True, slots=True)
class ErrorRow:
    """One row that was not imported: where, why, and what it said."""

    line: int
    column: str
    reason_ja: str
    reason_en: str
    cells: tuple[str, ...]


_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(ErrorRow)


def folder_of(*, import_id: int) -> Path:
    """Where an import keeps its files."""
    return Path(settings.FILES) / "imports" / str(import_id)


def journal_of(*, import_id: int) -> Path:
    """The journal of errors; its first line is the table's header."""
    return folder_of(import_id=import_id) / "errors.jsonl"


def error_file_of(*, import_id: int) -> Path:
    """The error file as CSV."""
    return folder_of(import_id=import_id) / "errors.csv"


class ErrorJournal:
    """An append-only file, cut back to the length that was last committed."""

    def __init__(self, *, path: Path, header: Sequence[str], committed_bytes: int) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        os.ftruncate(self._descriptor, committed_bytes)
        os.lseek(self._descriptor, 0, os.SEEK_END)
        self.length = committed_bytes
        if not committed_bytes:
            self._write(lines=[_ENCODER.encode(list(map(_sound, header)))])

    def append(self, *, rows: Sequence[ErrorRow]) -> int:
        """Write and sync; returns the length to commit."""
        if rows:
            self._write(lines=[_ENCODER.encode(_sound_row(row=row)) for row in rows])
        return self.length

    def rewind(self, *, length: int) -> None:
        """Forget what was appended beyond ``length``, when its chunk is tried again."""
        os.ftruncate(self._descriptor, length)
        os.lseek(self._descriptor, length, os.SEEK_SET)
        self.length = length

    def close(self) -> None:
        """Give the file back."""
        os.close(self._descriptor)

    def _write(self, *, lines: Sequence[bytes]) -> None:
        data = memoryview(b"".join(line + b"\n" for line in lines))
        self.length += len(data)
        while data:
            data = data[os.write(self._descriptor, data) :]
        os.fsync(self._descriptor)


def read_errors(*, import_id: int, length: int) -> tuple[tuple[str, ...], Iterator[ErrorRow]]:
    """The header and the error rows, streamed, up to the committed ``length``; empty when they have expired."""
    path = journal_of(import_id=import_id)
    if not length or not path.exists():
        return (), iter(())
    with path.open("rb") as file:
        first = file.readline()
    return tuple(msgspec.json.decode(first, type=list[str])) if first else (), _rows(path=path, length=length)


def write_error_file(*, import_id: int, length: int, path: Path, encoding: CsvEncoding = "utf-8-sig") -> int:
    """The error rows as a table: line, column and reason first, then the original cells under their headings.

    Mended, it can be imported again as it is: the first four columns are known to no layout.
    Raises UnwritableCharacters for cp932.
    """
    header, rows = read_errors(import_id=import_id, length=length)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".part")
    with temporary.open("wb") as out:
        count = write_csv(
            out=out,
            header=error_header(header=header),
            rows=(error_cells(row=row, header=header) for row in rows),
            encoding=encoding,
        )
    temporary.replace(path)
    return count


def error_header(*, header: Sequence[str]) -> list[str]:
    """Line, column and reasons, then the table's own headings; a mended error file gets no second set."""
    return [*ERROR_COLUMNS, *(name for name in header if name not in ERROR_COLUMNS)]


def error_cells(*, row: ErrorRow, header: Sequence[str]) -> list[Cell]:
    """An error row under ``error_header``; cells beyond the headings stay at the end."""
    cells = [*row.cells, *([""] * (len(header) - len(row.cells)))]
    own = [cell for name, cell in zip(header, cells, strict=False) if name not in ERROR_COLUMNS]
    return [row.line, row.column, row.reason_ja, row.reason_en, *own, *cells[len(header) :]]


def _rows(*, path: Path, length: int) -> Iterator[ErrorRow]:
    with path.open("rb") as file:
        length -= len(file.readline())
        for line in file:
            length -= len(line)
            if length < 0:
                return  # written by a process that died before it could commit
            yield _DECODER.decode(line)


def _sound(text: str) -> str:
    """Lone surrogates (bytes that were no character) cannot be written as UTF-8."""
    return text.encode("utf-8", "replace").decode("utf-8") if not text.isascii() else text


def _sound_row(*, row: ErrorRow) -> ErrorRow:
    return ErrorRow(row.line, _sound(row.column), row.reason_ja, row.reason_en, tuple(map(_sound, row.cells)))
