"""Importing a file: at once (command line) or queued for the worker (browser)."""

import hashlib
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from kizuna.connectors.tables.models import ImportRun
from kizuna.connectors.tables.operations.files import delete_files
from kizuna.connectors.tables.operations.importer import LEASE, Importer, Overtaken
from kizuna.connectors.tables.operations.journal import error_file_of, write_error_file
from kizuna.connectors.tables.queries.choice import choose
from kizuna.errors import Invalid, Refusal
from kizuna.facts.audit import operations as audit
from kizuna.facts.outbox.queries import living_workers
from kizuna.facts.outbox.rules import worker_name
from kizuna.words import Words

KEEP_ERRORS = timedelta(days=7)
_SLICE_SECONDS = 5.0
_log = logging.getLogger(__name__)
_live: dict[int, Importer] = {}
"""Imports that this worker has open between two slices, so that a slice need not read the file anew."""

Progress = Callable[[int, int], None]


class FileChanged(Invalid):
    """The file is no longer the one whose import was begun."""

    code = "file_changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportResult:
    """What became of every row: ``rows_in = imported + skipped + errored``."""

    import_id: int
    layout: str
    rows_in: int
    imported: int
    skipped: int
    errored: int
    errors_file: Path | None
    skip_reasons: tuple[tuple[int, Words], ...]


def import_file(
    *,
    path: Path,
    layout: str | None,
    mapping: Mapping[str, str] | None,
    actor: str,
    now: datetime,
    progress: Progress | None = None,
    encoding: str = "",
    delimiter: str = "",
) -> ImportResult:
    """Import a file now, in this process. A crashed import of the same file is taken up where it stopped.

    Without ``layout`` the saved mapping of this header or the best layout is taken.
    Raises UnreadableFile and its kin, LayoutUnclear, UnknownLayout, MissingColumns, TooManyRows.
    """
    chosen = choose(path=path, layout=layout, mapping=mapping, encoding=encoding, delimiter=delimiter)
    digest = digest_of(path=path)
    run = _unfinished(digest=digest, layout=chosen.layout, mapping=chosen.mapping, now=now) or ImportRun.objects.create(
        state=ImportRun.State.RUNNING,
        actor=actor,
        file_name=path.name[:255],
        path=str(path.resolve()),
        digest=digest,
        size_bytes=path.stat().st_size,
        layout=chosen.layout,
        kind=chosen.kind,
        mapping=dict(chosen.mapping),
        encoding=encoding,
        delimiter=delimiter,
        sheet=chosen.sheet,
        created_at=now,
        started_at=now,
        lease_until=now + LEASE,
    )
    begun = time.monotonic()
    importer: Importer | None = None
    try:
        importer = Importer(run=run)
        while importer.step(now=now + timedelta(seconds=time.monotonic() - begun)):
            if progress:
                run.refresh_from_db(fields=["rows_in"])
                progress(run.rows_in, importer.rows_total)
    except Overtaken:
        raise  # the run has not failed: whoever holds it now goes on
    except Refusal as refusal:
        _fail(run_id=run.pk, words=refusal.words, now=now)
        raise
    finally:
        if importer:
            importer.close()
    return finish(run_id=run.pk, now=now)


def run_due(*, now: datetime) -> int:
    """Advance the imports that are due by a bounded slice; returns how many chunks were imported."""
    deadline = time.monotonic() + _SLICE_SECONDS
    steps = 0
    while time.monotonic() < deadline:
        run = _claim(now=now)
        if run is None:
            break
        steps += _advance(run=run, now=now, deadline=deadline)
    return steps


def finish(*, run_id: int, now: datetime) -> ImportResult:
    """Close a finished import: error file, our copy of the original deleted, audit entry."""
    run = ImportRun.objects.get(pk=run_id)
    if run.errored:
        write_error_file(import_id=run_id, length=run.error_bytes, path=error_file_of(import_id=run_id))
    with transaction.atomic():
        run.state = ImportRun.State.DONE
        run.finished_at = now
        run.lease_until = run.due_at = None
        run.files_expire_at = now + KEEP_ERRORS if run.errored else None
        run.save()
        counts = {name: getattr(run, name) for name in ("rows_in", "imported", "skipped", "errored")}
        audit.record(
            actor=run.actor,
            action="import.done",
            target=f"import:{run_id}",
            detail={"layout": run.layout, **counts},
            now=now,
        )
    delete_files(run=run, keep_errors=run.errored > 0)
    return result_of(run=run)


def result_of(*, run: ImportRun) -> ImportResult:
    """The accounting of a run as it stands."""
    file = error_file_of(import_id=run.pk)
    return ImportResult(
        import_id=run.pk,
        layout=run.layout,
        rows_in=run.rows_in,
        imported=run.imported,
        skipped=run.skipped,
        errored=run.errored,
        errors_file=file if run.errored and file.exists() else None,
        skip_reasons=tuple((count, Words(ja=ja, en=en)) for count, ja, en in run.skip_reasons),
    )


def digest_of(*, path: Path) -> str:
    """SHA-256 of the file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _unfinished(*, digest: str, layout: str, mapping: Mapping[str, str], now: datetime) -> ImportRun | None:
    """A run of this very file whose process died: its lease ran out, or nobody holds one."""
    with transaction.atomic():
        dead = Q(state=ImportRun.State.RUNNING, is_stored=False, digest=digest, layout=layout)
        for run in ImportRun.objects.select_for_update().filter(dead).order_by("pk"):
            if run.mapping == dict(mapping) and (run.lease_until is None or run.lease_until <= now):
                run.lease_until, run.lease_of = now + LEASE, ""
                run.save(update_fields=["lease_until", "lease_of"])
                return run
    return None


def _claim(*, now: datetime) -> ImportRun | None:
    """Take the oldest due import: queued, abandoned by a dead process, or already open in this one."""
    # Signs of life keep the real time, by however much a demo's clock is ahead.
    alive, me = living_workers(now=timezone.now()), worker_name()
    # A run under our own name that is not open here was left by a process whose number we got.
    silent = ~Q(lease_of="") & ~Q(lease_of__in=alive - {me})
    abandoned = Q(state=ImportRun.State.RUNNING) & (Q(lease_until=None) | Q(lease_until__lte=now) | silent)
    due = Q(state=ImportRun.State.QUEUED, due_at__lte=now) | abandoned | Q(state=ImportRun.State.RUNNING, pk__in=_live)
    if not ImportRun.objects.filter(due).exists():
        return None
    with transaction.atomic():
        run = ImportRun.objects.select_for_update(skip_locked=True).filter(due).order_by("pk").first()
        if run is None:
            return None
        run.state = ImportRun.State.RUNNING
        run.started_at = run.started_at or now
        run.lease_until = now + LEASE
        run.lease_of = me if me in alive else ""  # a single round (``worker --once``) has no beat to miss
        run.save(update_fields=["state", "started_at", "lease_until", "lease_of"])
        return run


def _advance(*, run: ImportRun, now: datetime, deadline: float) -> int:
    steps = 0
    try:
        importer = _live.get(run.pk) or _open(run=run)
        while importer.step(now=now):
            steps += 1
            if time.monotonic() >= deadline:
                return steps
        _let_go(run_id=run.pk)
        finish(run_id=run.pk, now=now)
    except Overtaken:
        _let_go(run_id=run.pk)
    except Refusal as refusal:
        _let_go(run_id=run.pk)
        _fail(run_id=run.pk, words=refusal.words, now=now)
    except Exception:
        # An import that cannot go on must not stop the worker; the row says so and its chunks stay.
        _log.exception("import %s failed", run.pk)
        _let_go(run_id=run.pk)
        _fail(run_id=run.pk, words=_BROKE_OFF, now=now)
    return steps + 1


def _open(*, run: ImportRun) -> Importer:
    path = Path(run.path)
    if not path.exists() or digest_of(path=path) != run.digest:
        raise FileChanged(_FILE_CHANGED)
    _live[run.pk] = Importer(run=run)
    return _live[run.pk]


def _let_go(*, run_id: int) -> None:
    importer = _live.pop(run_id, None)
    if importer:
        importer.close()


def _fail(*, run_id: int, words: Words, now: datetime) -> None:
    with transaction.atomic():
        run = ImportRun.objects.select_for_update().get(pk=run_id)
        if run.state != ImportRun.State.RUNNING:
            return
        run.state = ImportRun.State.FAILED
        run.finished_at = now
        run.failure_ja, run.failure_en = words.ja, words.en
        run.lease_until = run.due_at = None
        run.files_expire_at = now + KEEP_ERRORS
        run.save()
        audit.record(actor=run.actor, action="import.failed", target=f"import:{run_id}", detail={}, now=now)
    if run.errored:
        write_error_file(import_id=run_id, length=run.error_bytes, path=error_file_of(import_id=run_id))
    delete_files(run=run, keep_errors=run.errored > 0)


_FILE_CHANGED = Words(
    ja="取り込みの途中で止まっていたファイルが見つからないか、中身が変わっています。もう一度取り込んでください。",
    en="The file of an interrupted import is gone or has changed. Import it again.",
)
_BROKE_OFF = Words(
    ja="取り込みが途中で止まりました。そこまでの分は保存されています。同じファイルをもう一度取り込むと、続きから入ります。",
    en="The import broke off. What was imported so far is kept; import the same file again to add the rest.",
)
