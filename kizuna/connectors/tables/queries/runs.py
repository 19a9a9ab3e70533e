"""Imports as the pages show them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from kizuna.connectors.tables.models import ImportRun
from kizuna.connectors.tables.operations.journal import ErrorRow, read_errors
from kizuna.connectors.tables.operations.undo import UNDO_WITHIN, NoSuchImport
from kizuna.connectors.tables.rules.fields import KIND_WORDS
from kizuna.connectors.tables.rules.layouts import layouts
from kizuna.words import Words

STATE_WORDS = {
    "draft": Words(ja="確認待ち", en="Waiting for you"),
    "queued": Words(ja="順番待ち", en="Queued"),
    "running": Words(ja="取り込み中", en="Running"),
    "done": Words(ja="完了", en="Done"),
    "failed": Words(ja="中断", en="Failed"),
    "undone": Words(ja="取り消し済み", en="Undone"),
}
STATE_TONES = {"draft": "open", "done": "good", "failed": "open"}


@dataclass(frozen=True, slots=True, kw_only=True)
class RunCard:
    """One import, ready to be shown."""

    import_id: int
    state: str
    state_words: Words
    tone: str
    file_name: str
    title: Words
    kind: Words
    actor: str
    created_at: datetime
    finished_at: datetime | None
    rows_total: int
    rows_in: int
    imported: int
    skipped: int
    errored: int
    skip_reasons: tuple[tuple[int, Words], ...]
    failure: Words | None
    is_active: bool
    can_undo: bool
    undo_until: datetime | None
    has_errors: bool


def recent(*, now: datetime, before_id: int | None = None, limit: int = 50) -> list[RunCard]:
    """Imports, the newest first."""
    runs = ImportRun.objects.order_by("-pk")
    if before_id is not None:
        runs = runs.filter(pk__lt=before_id)
    return [card_of(run=run, now=now) for run in runs[:limit]]


def every_run(*, now: datetime) -> Iterator[RunCard]:
    """All imports, the newest first, streamed for an export."""
    for run in ImportRun.objects.order_by("-pk").iterator(chunk_size=500):
        yield card_of(run=run, now=now)


def run_named(*, import_id: int, now: datetime) -> RunCard:
    """One import. Raises NoSuchImport."""
    run = ImportRun.objects.filter(pk=import_id).first()
    if run is None:
        raise NoSuchImport(Words(ja="この取り込みはありません。", en="There is no such import."))
    return card_of(run=run, now=now)


def card_of(*, run: ImportRun, now: datetime) -> RunCard:
    """A run as it is shown."""
    layout = layouts().get(run.layout)
    undo_until = run.finished_at + UNDO_WITHIN if run.finished_at else None
    finished = run.state in {ImportRun.State.DONE, ImportRun.State.FAILED}
    return RunCard(
        import_id=run.pk,
        state=run.state,
        state_words=STATE_WORDS[run.state],
        tone=STATE_TONES.get(run.state, "plain"),
        file_name=run.file_name,
        title=layout.title if layout else Words(ja="—", en="—"),
        kind=KIND_WORDS[layout.kind] if layout else Words(ja="", en=""),
        actor=run.actor,
        created_at=run.created_at,
        finished_at=run.finished_at,
        rows_total=run.rows_total,
        rows_in=run.rows_in,
        imported=run.imported,
        skipped=run.skipped,
        errored=run.errored,
        skip_reasons=tuple((count, Words(ja=ja, en=en)) for count, ja, en in run.skip_reasons),
        failure=Words(ja=run.failure_ja, en=run.failure_en) if run.failure_ja else None,
        is_active=run.state in {ImportRun.State.QUEUED, ImportRun.State.RUNNING},
        can_undo=finished and undo_until is not None and now <= undo_until and run.imported > 0,
        undo_until=undo_until,
        has_errors=run.errored > 0 and run.files_expire_at is not None and now < run.files_expire_at,
    )


def errors_of(*, import_id: int, limit: int | None = None) -> tuple[Sequence[str], Iterator[ErrorRow]]:
    """The table's header and the rows that were not imported, as far as they are still kept."""
    length = ImportRun.objects.filter(pk=import_id).values_list("error_bytes", flat=True).first() or 0
    header, rows = read_errors(import_id=import_id, length=length)
    return header, rows if limit is None else islice(rows, limit)
