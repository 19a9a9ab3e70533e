"""The files of imports on disk: our copies of originals, error files, and their end."""

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.db.models import Q

from kizuna.connectors.tables.models import ImportRun
from kizuna.connectors.tables.operations.journal import folder_of

DRAFT_LIFE = timedelta(days=1)


def original_of(*, import_id: int, suffix: str) -> Path:
    """Where the copy of an uploaded original stands until its import is finished."""
    return folder_of(import_id=import_id) / f"original{suffix}"


def delete_files(*, run: ImportRun, keep_errors: bool) -> None:
    """Remove our copy of the original, and the error files too unless they are to be kept."""
    if run.is_stored and run.path:
        Path(run.path).unlink(missing_ok=True)
    if not keep_errors:
        shutil.rmtree(folder_of(import_id=run.pk), ignore_errors=True)


def expire_files(*, now: datetime) -> int:
    """Delete error files past their time and uploads that nobody confirmed; returns how many imports."""
    due = Q(files_expire_at__lte=now) | Q(state=ImportRun.State.DRAFT, created_at__lte=now - DRAFT_LIFE)
    return sum(1 for _ in _emptied(due=due))


def erase_people(*, root_id: int, now: datetime) -> int:
    """Part of erasing a customer: every kept error file and unconfirmed upload goes.

    A row that could not be imported cannot be tied to a person with certainty (its mail may be the very
    cell that is broken), so all go; the shop still has its own files. Confirmed imports that are waiting
    or running delete their copies themselves when they end.
    """
    keep = Q(state__in=[ImportRun.State.QUEUED, ImportRun.State.RUNNING])
    return sum(1 for _ in _emptied(due=~keep & (~Q(files_expire_at=None) | Q(state=ImportRun.State.DRAFT))))


def _emptied(*, due: Q) -> Iterator[int]:
    for run in ImportRun.objects.filter(due).order_by("pk"):
        delete_files(run=run, keep_errors=False)
        with transaction.atomic():
            if run.state == ImportRun.State.DRAFT:
                run.delete()
            else:
                ImportRun.objects.filter(pk=run.pk).update(files_expire_at=None, path="")
        yield 1
