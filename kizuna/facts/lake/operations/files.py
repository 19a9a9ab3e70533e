"""Put files in place so that a crash at any moment leaves either the whole file or none."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from kizuna.facts.lake.models import LakeFile
from kizuna.facts.rows.operations import reach


@contextmanager
def replacing(*, path: Path) -> Iterator[Path]:
    """Write a file so that it is there whole or not at all: a temporary name, fsync, rename, fsync of the folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{uuid4().hex}")
    try:
        yield temporary
        reach(label="lake.temp_written")
        settle(path=temporary)
        temporary.rename(path)
        settle(path=path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def settle(*, path: Path) -> None:
    """Make a file's contents or a folder's names survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def is_old(*, path: Path, now: datetime) -> bool:
    """Whether a file without a row is surely left over: a day old, far longer than any write takes."""
    try:
        return path.stat().st_mtime < (now - timedelta(days=1)).timestamp()
    except FileNotFoundError:
        return False


def file_row(*, name: str, fact_type: str, month: date, count: int, batch_id: int | None, now: datetime) -> LakeFile:
    """The row that will make a file part of the lake, not yet saved."""
    return LakeFile(path=name, fact_type=fact_type, month=month, fact_count=count, batch_id=batch_id, made_at=now)
