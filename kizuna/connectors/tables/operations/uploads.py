"""Browser uploads: kept as a draft until a person has seen the preview, then queued for the worker."""

import hashlib
import shutil
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

from django.db import transaction

from kizuna.connectors.tables.models import ImportRun, SavedMapping
from kizuna.connectors.tables.operations.files import delete_files, original_of
from kizuna.connectors.tables.operations.undo import NoSuchImport
from kizuna.connectors.tables.queries.choice import choose
from kizuna.connectors.tables.rules.layouts import header_signature
from kizuna.errors import Conflict, Invalid
from kizuna.facts.audit import operations as audit
from kizuna.words import Words

UPLOAD_LIMIT = 300_000_000
_SUFFIXES = {".csv", ".tsv", ".txt", ".xlsx"}


class UploadTooLarge(Invalid):
    """The file is larger than the browser may bring."""

    code = "upload_too_large"


class NotADraft(Conflict):
    """The upload was confirmed or discarded already."""

    code = "not_a_draft"


def receive(*, name: str, chunks: Iterable[bytes], actor: str, now: datetime) -> ImportRun:
    """Keep an uploaded file as a draft. The file's name is a label only; it never becomes a path.

    Raises UploadTooLarge.
    """
    run = ImportRun.objects.create(
        state=ImportRun.State.DRAFT,
        actor=actor,
        file_name=Path(name).name[:255] or "file",
        is_stored=True,
        digest="",
        size_bytes=0,
        created_at=now,
    )
    suffix = Path(name).suffix.lower()
    path = original_of(import_id=run.pk, suffix=suffix if suffix in _SUFFIXES else "")
    try:
        run.digest, run.size_bytes = _keep(path=path, chunks=chunks)
    except Exception:
        run.path = str(path)
        delete_files(run=run, keep_errors=False)
        run.delete()
        raise
    run.path = str(path)
    run.save(update_fields=["digest", "size_bytes", "path"])
    return run


def confirm(
    *,
    import_id: int,
    layout: str,
    mapping: Mapping[str, str],
    encoding: str,
    delimiter: str,
    actor: str,
    now: datetime,
) -> ImportRun:
    """Queue a draft as it was previewed, and remember its layout and columns for the next file of this shape.

    Raises NoSuchImport, NotADraft, MissingColumns, UnknownLayout, UnknownColumn and what opening raises.
    """
    run = draft(import_id=import_id)
    chosen = choose(path=Path(run.path), layout=layout, mapping=mapping, encoding=encoding, delimiter=delimiter)
    with transaction.atomic():
        run = ImportRun.objects.select_for_update().get(pk=import_id)
        if run.state != ImportRun.State.DRAFT:
            raise NotADraft(_NOT_A_DRAFT)
        run.layout, run.kind, run.mapping = chosen.layout, chosen.kind, dict(chosen.mapping)
        run.encoding, run.delimiter, run.sheet = encoding, delimiter, chosen.sheet[:120]
        run.state, run.due_at, run.actor = ImportRun.State.QUEUED, now, actor
        run.save()
        SavedMapping.objects.update_or_create(
            signature=header_signature(header=chosen.table.header),
            defaults={"layout": chosen.layout, "mapping": dict(chosen.mapping), "saved_at": now},
        )
        audit.record(
            actor=actor, action="import.queued", target=f"import:{import_id}", detail={"layout": chosen.layout}, now=now
        )
    return run


def discard(*, import_id: int) -> None:
    """Throw an unconfirmed upload away. Raises NoSuchImport, NotADraft."""
    run = draft(import_id=import_id)
    delete_files(run=run, keep_errors=False)
    run.delete()


def draft(*, import_id: int) -> ImportRun:
    """The upload that waits for confirmation. Raises NoSuchImport, NotADraft."""
    run = ImportRun.objects.filter(pk=import_id).first()
    if run is None:
        raise NoSuchImport(Words(ja="この取り込みはありません。", en="There is no such import."))
    if run.state != ImportRun.State.DRAFT:
        raise NotADraft(_NOT_A_DRAFT)
    return run


def _keep(*, path: Path, chunks: Iterable[bytes]) -> tuple[str, int]:
    # Whatever stands there belongs to no row: a database that was restored to an earlier state.
    shutil.rmtree(path.parent, ignore_errors=True)
    path.parent.mkdir(parents=True, mode=0o700)
    digest, size = hashlib.sha256(), 0
    with path.open("xb") as file:
        for chunk in chunks:
            size += len(chunk)
            if size > UPLOAD_LIMIT:
                raise UploadTooLarge(_TOO_LARGE)
            digest.update(chunk)
            file.write(chunk)
    return digest.hexdigest(), size


_NOT_A_DRAFT = Words(
    ja="この取り込みはすでに確定または破棄されています。", en="This upload was confirmed or discarded already."
)
_TOO_LARGE = Words(
    ja="画面から取り込めるのは300MBまでです。期間で分けるか、サーバーで `kizuna import` を使ってください。",
    en="The browser takes files up to 300 MB. Split the file by period, or use `kizuna import` on the server.",
)
