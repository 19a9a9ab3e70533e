"""The engine: one import, chunk by chunk, each with its accounting in one transaction.

Chunks are a pure function of file, layout and mapping. After a crash the file is read again and the
first ``chunks_done`` chunks are passed over, so nothing is imported or counted twice.
"""

import gc
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from django.db import connection, transaction

from kizuna.connectors.tables.models import ImportRun
from kizuna.connectors.tables.operations.journal import ErrorJournal, ErrorRow, journal_of
from kizuna.connectors.tables.operations.rooms import Origin, record_all
from kizuna.connectors.tables.rules.grouping import LeftOut, overview, pieces
from kizuna.connectors.tables.rules.layouts import layout_named
from kizuna.connectors.tables.rules.plans import compile_plan
from kizuna.connectors.tables.rules.records import builder_for
from kizuna.connectors.tables.rules.tables import open_table
from kizuna.connectors.tables.rules.units import Record, Unit
from kizuna.errors import Conflict, Invalid
from kizuna.words import Words

CHUNK_RECORDS = 20_000
CHUNK_ROWS = 20_000
LEASE = timedelta(minutes=10)


class Overtaken(Conflict):
    """Another worker has taken this import over."""

    code = "overtaken"


@dataclass(slots=True)
class _Chunk:
    units: list[Unit] = field(default_factory=list)
    left_out: Counter[Words] = field(default_factory=Counter)
    keys: set[str] = field(default_factory=set)
    rows: int = 0


@dataclass(slots=True)
class _Account:
    imported: int = 0
    skipped: Counter[Words] = field(default_factory=Counter)
    errors: list[ErrorRow] = field(default_factory=list)


class Importer:
    """One run of the engine in this process. ``step`` imports one chunk and says whether there is more."""

    def __init__(self, *, run: ImportRun) -> None:
        """Open the file and count its rows. Raises the refusals of reading, MissingColumns and TooManyRows."""
        self.run_id = run.pk
        table = open_table(path=Path(run.path), encoding=run.encoding, delimiter=run.delimiter)
        layout = layout_named(name=run.layout)
        plan = compile_plan(layout=layout, header=table.header, mapping=run.mapping)
        found = overview(table=table, plan=plan)
        self.kind = layout.kind
        self.rows_total = found.rows
        self._origin = Origin(
            import_id=run.pk, actor=run.actor, file=run.file_name, consent=plan.says(name="accepts_mail")
        )
        self._build = builder_for(plan=plan, observed_at=run.created_at)
        self._pieces = pieces(table=table, plan=plan, found=found)
        self._journal = ErrorJournal(
            path=journal_of(import_id=run.pk), header=table.header, committed_bytes=run.error_bytes
        )
        self._chunks = _Chunks(read=self._all_chunks())
        self._done = run.chunks_done
        for _ in range(self._done):
            self._chunks.take()

    def close(self) -> None:
        """Give the files back."""
        self._chunks.close()
        self._journal.close()

    def step(self, *, now: datetime) -> bool:
        """Import the next chunk; False when the file is finished.

        Raises Overtaken, and what a damaged file raises further down.
        """
        with _collector_paused():
            return self._step(now=now)

    def _step(self, *, now: datetime) -> bool:
        chunk = self._chunks.take()
        if chunk is None:
            return False
        self._import(chunk=chunk, now=now)
        # The generator still holds the chunk; the collector must not walk through all of it once more.
        chunk.units.clear()
        return True

    def _import(self, *, chunk: _Chunk, now: datetime) -> None:
        with transaction.atomic():
            run = ImportRun.objects.select_for_update().get(pk=self.run_id)
            if run.state != ImportRun.State.RUNNING or run.chunks_done != self._done:
                raise Overtaken(_OVERTAKEN)
            account = self._record(chunk=chunk, now=now)
            self._commit(run=run, chunk=chunk, account=account, now=now)
            self._chunks.read_ahead()
        self._done += 1

    def _commit(self, *, run: ImportRun, chunk: _Chunk, account: _Account, now: datetime) -> None:
        skipped = account.skipped + chunk.left_out
        run.rows_total = self.rows_total
        run.rows_in += chunk.rows
        run.imported += account.imported
        run.skipped += skipped.total()
        run.errored += len(account.errors)
        reasons = Counter({Words(ja=ja, en=en): count for count, ja, en in run.skip_reasons}) + skipped
        run.skip_reasons = [[count, words.ja, words.en] for words, count in reasons.most_common()]
        self._journal.rewind(length=run.error_bytes or self._journal.length)
        run.error_bytes = self._journal.append(rows=account.errors)
        run.chunks_done += 1
        run.lease_until = now + LEASE
        run.save()

    def _record(self, *, chunk: _Chunk, now: datetime) -> _Account:
        account = _Account()
        good = [unit for unit in chunk.units if unit.record is not None]
        records: list[Record] = [unit.record for unit in good if unit.record is not None]
        lines = [unit.rows[0][0] for unit in good]
        outcomes = record_all(kind=self.kind, records=records, lines=lines, origin=self._origin, now=now)
        for unit, outcome in zip(good, outcomes, strict=True):
            if isinstance(outcome, Invalid):
                account.errors += _refused(unit=unit, refusal=outcome)
                continue
            if unit.dropped:
                account.skipped[_CANCELLED_LINES] += unit.dropped
            rows = len(unit.rows) - unit.dropped
            if outcome == "unchanged":
                account.skipped[_UNCHANGED] += rows
            else:
                account.imported += rows
        for unit in chunk.units:
            if unit.record is None:
                account.errors += _errors(unit=unit)
        account.errors.sort(key=lambda row: row.line)
        return account

    def _all_chunks(self) -> Generator[_Chunk]:
        chunk = _Chunk()
        for piece in self._pieces:
            if isinstance(piece, LeftOut):
                chunk.left_out[piece.reason] += 1
                chunk.rows += 1
            else:
                unit = self._build(piece)
                if unit.record is not None and unit.key in chunk.keys:
                    # The same thing twice in one table: the later row counts, after the earlier has been recorded.
                    yield chunk
                    chunk = _Chunk()
                chunk.keys.add(unit.key)
                chunk.units.append(unit)
                chunk.rows += len(unit.rows)
            if len(chunk.units) >= CHUNK_RECORDS or chunk.rows >= CHUNK_ROWS:
                yield chunk
                chunk = _Chunk()
        if chunk.rows:
            yield chunk


class _Chunks:
    """A file's chunks, one by one; on demand the next is read while the database commits the last.

    Only while it commits: a reader that runs beside the writer makes it wait for the interpreter after every word
    with the server. Not for SQLite, which commits in this process.
    """

    def __init__(self, *, read: Generator[_Chunk]) -> None:
        self._read = read
        self._reader = ThreadPoolExecutor(max_workers=1, thread_name_prefix="import-reader")
        self._coming: Future[_Chunk | None] | None = None

    def read_ahead(self) -> None:
        """Begin to read the next chunk."""
        if connection.vendor == "postgresql":
            self._coming = self._reader.submit(next, self._read, None)

    def take(self) -> _Chunk | None:
        """The next chunk, or None behind the last."""
        coming, self._coming = self._coming, None
        return coming.result() if coming else next(self._read, None)

    def close(self) -> None:
        """Give the file back."""
        self._reader.shutdown()
        self._read.close()


@contextmanager
def _collector_paused() -> Iterator[None]:
    """No cycle search while a chunk is built: its records live until it is committed, so that every search
    is in vain; measured, it costs a third of the import's CPU time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _errors(*, unit: Unit) -> list[ErrorRow]:
    """Every row of the unit: the bad ones with their reasons, the others because the order is whole or refused."""
    first: dict[int, tuple[str, list[Words]]] = {}
    for problem in unit.problems:
        first.setdefault(problem.line, (problem.column, []))[1].append(problem.words)
    lines = "・".join(str(line) for line in sorted(first)[:5])
    rows = []
    for line, cells in unit.rows:
        column, words = first.get(line, ("", [_SAME_ORDER.fill(line=lines)]))
        rows.append(_error(line=line, column=column, words=words, cells=cells))
    return rows


def _refused(*, unit: Unit, refusal: Invalid) -> list[ErrorRow]:
    return [_error(line=line, column="", words=[refusal.words], cells=cells) for line, cells in unit.rows]


def _error(*, line: int, column: str, words: Sequence[Words], cells: Sequence[str]) -> ErrorRow:
    distinct = dict.fromkeys(words)
    return ErrorRow(line, column, " ".join(w.ja for w in distinct), " ".join(w.en for w in distinct), tuple(cells))


_UNCHANGED = Words(ja="すでに同じ内容で取り込まれています", en="Already imported with the same content")
_CANCELLED_LINES = Words(ja="取り消された明細です", en="Cancelled order lines")
_SAME_ORDER = Words(
    ja="同じ注文の{line}行目に誤りがあるため、注文全体を取り込みませんでした。",
    en="Line {line} of the same order has an error, so the whole order was not imported.",
)
_OVERTAKEN = Words(
    ja="この取り込みは中止されたか、別の処理が引き継ぎました。", en="This import was stopped or taken over."
)
