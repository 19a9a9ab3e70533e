"""Taking an import back."""

from datetime import datetime, timedelta

from django.db import transaction

from kizuna.connectors.tables.models import ImportRun
from kizuna.connectors.tables.operations.files import delete_files
from kizuna.connectors.tables.operations.rooms import undo_everywhere
from kizuna.errors import Conflict, NotFound
from kizuna.facts.audit import operations as audit
from kizuna.words import Words

UNDO_WITHIN = timedelta(days=7)


class NoSuchImport(NotFound):
    """There is no import of that number."""

    code = "no_such_import"


class CannotUndo(Conflict):
    """The import is not finished, was undone already, or is too old."""

    code = "cannot_undo"


def undo(*, import_id: int, actor: str, now: datetime) -> ImportRun:
    """Remove what the import made and restore what it amended, in one transaction, within 7 days.

    Raises NoSuchImport, CannotUndo.
    """
    with transaction.atomic():
        run = ImportRun.objects.select_for_update().filter(pk=import_id).first()
        if run is None:
            raise NoSuchImport(_NO_SUCH.fill(id=import_id))
        refuse_undo(run=run, now=now)
        undo_everywhere(import_id=import_id, now=now)
        run.state = ImportRun.State.UNDONE
        run.undone_at = now
        run.files_expire_at = None
        run.save()
        audit.record(
            actor=actor, action="import.undone", target=f"import:{import_id}", detail={"rows": run.imported}, now=now
        )
    delete_files(run=run, keep_errors=False)
    return run


def refuse_undo(*, run: ImportRun, now: datetime) -> None:
    """Raises CannotUndo with the reason, if there is one."""
    if run.state == ImportRun.State.UNDONE:
        raise CannotUndo(_ALREADY)
    if run.state not in {ImportRun.State.DONE, ImportRun.State.FAILED} or run.finished_at is None:
        raise CannotUndo(_NOT_FINISHED)
    if now - run.finished_at > UNDO_WITHIN:
        raise CannotUndo(_TOO_OLD)


_NO_SUCH = Words(ja="取り込み番号{id}はありません。", en="There is no import {id}.")
_ALREADY = Words(ja="この取り込みはすでに取り消されています。", en="This import was undone already.")
_NOT_FINISHED = Words(
    ja="取り込みが終わってから取り消してください。", en="Wait until the import is finished, then undo it."
)
_TOO_OLD = Words(
    ja="取り込みから7日を過ぎたため取り消せません。正しいファイルを取り込んで上書きしてください。",
    en="The import is more than 7 days old and cannot be undone. Import a corrected file over it instead.",
)
