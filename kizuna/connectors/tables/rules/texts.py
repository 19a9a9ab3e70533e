"""Rows out of CSV and TSV text: ragged, quoted over lines, damaged, in constant memory.

An opening quote that never closes would swallow the rest of the file as one cell. Such a record is
given up at a bound, its first line is reported, and reading goes on with the line after it.
"""

import csv
import io
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path

from kizuna.connectors.tables.rules.encodings import Encoding
from kizuna.errors import Invalid
from kizuna.words import Words

CELL_LIMIT = 262_144
_RECORD_LINES = 500
_GIVE_UP_AFTER = 1000

csv.field_size_limit(CELL_LIMIT)


class TooManyBrokenQuotes(Invalid):
    """The file's quoting is damaged beyond repair."""

    code = "too_many_broken_quotes"


class BadCells(list[str]):
    """A row that cannot be trusted (broken quotes, bytes that are no text), with the reason.

    It stays a row, so that it is counted, joins its order where its key can be read, and can be mended.
    """

    __slots__ = ("code", "words")

    def __init__(self, cells: Iterable[str], code: str, words: Words) -> None:
        super().__init__(cells)
        self.code, self.words = code, words


Numbered = tuple[int, list[str]]


class _Runaway(Exception):  # noqa: N818
    pass


class _Lines:
    """Physical lines, remembering those of the record being read so that they can be read again."""

    def __init__(self, source: Iterator[str]) -> None:
        self.source = source
        self.again: deque[str] = deque()
        self.record: list[str] = []
        self.number = 0
        self.ended = False

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        if len(self.record) >= _RECORD_LINES:
            raise _Runaway
        if self.again:
            line = self.again.popleft()
        else:
            try:
                line = next(self.source)
            except StopIteration:
                self.ended = True
                raise
        self.record.append(line)
        self.number += 1
        return line

    def give_up_record(self) -> tuple[int, str]:
        """Push back all but the first line of the unfinished record; returns that line and its number."""
        first, *rest = self.record
        self.again.extendleft(reversed(rest))
        self.number -= len(rest)
        self.record.clear()
        self.ended = False
        return self.number, first


def text_rows(*, path: Path, encoding: Encoding, delimiter: str) -> Iterator[Numbered]:
    """Each record with the number of its first physical line (from 1); empty lines are passed over.

    Raises TooManyBrokenQuotes.
    """
    with path.open("rb") as file:
        file.seek(encoding.skip)
        text = io.TextIOWrapper(file, encoding=encoding.codec, errors="kizuna-mark", newline="")
        lines = _Lines(iter(text))
        broken = 0
        while True:
            reader = csv.reader(lines, delimiter=delimiter)
            try:
                yield from _good_rows(reader=reader, lines=lines)
                if not lines.record:
                    return
            except (csv.Error, _Runaway):
                pass
            broken += 1
            if broken > _GIVE_UP_AFTER:
                raise TooManyBrokenQuotes(_TOO_MANY)
            number, first = lines.give_up_record()
            yield number, BadCells(first.rstrip("\r\n").split(delimiter), "broken_quotes", _UNCLOSED)


def _good_rows(*, reader: Iterator[list[str]], lines: _Lines) -> Iterator[Numbered]:
    """Rows until the end, or until a record is found to be unfinished (its lines stay in ``lines.record``)."""
    record = lines.record
    for row in reader:
        if lines.ended:
            # The reader only asks past the last line inside an open quote.
            return
        if row:
            yield lines.number - len(record) + 1, row
        record.clear()


_UNCLOSED = Words(
    ja='引用符（"）が閉じていないか、セルが長すぎます。この行の引用符を直してください。',
    en='A quote (") is not closed, or a cell is too long. Mend the quotes of this line.',
)
_TOO_MANY = Words(
    ja='引用符（"）の壊れた行が1,000を超えました。区切り文字か書き出しの設定を確認して、書き出し直してください。',
    en='More than 1,000 lines have broken quotes ("). Check the delimiter or the export settings and export again.',
)
