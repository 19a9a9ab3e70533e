"""The local outbox: where mails lie while no mail server is set, so that a demo can show every one of them."""

import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from django.conf import settings

from kizuna.connectors.mail.models import OutboxMail
from kizuna.facts.rows.operations import reach


def folder() -> Path:
    """Where the files lie; readable by the owner of the process only."""
    path = Path(settings.HOME) / "outbox"
    path.mkdir(mode=0o700, exist_ok=True)
    return path


def put(*, raw: bytes, name: str, message_id: int | None, address: str, subject: str, now: datetime) -> None:
    """Write one mail and find it again by its row. The same name again replaces the file and adds no second mail."""
    path = folder() / f"{name}.eml"
    draft = path.with_suffix(f".{os.getpid()}.part")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    reach(label="mail.outbox_written")
    _register(name=name, message_id=message_id, address=address, subject=subject, now=now)


def _register(*, name: str, message_id: int | None, address: str, subject: str, now: datetime) -> None:
    OutboxMail.objects.get_or_create(
        file_name=f"{name}.eml",
        defaults={"message_id": message_id, "address": address, "subject": subject, "written_at": now},
    )


def holds(*, name: str, message_id: int, address: str, subject: str, now: datetime) -> bool:
    """Whether the mail lies in the outbox. A file appears whole or not at all; one without a row gets it now."""
    if not (folder() / f"{name}.eml").exists():
        return False
    _register(name=name, message_id=message_id, address=address, subject=subject, now=now)
    return True


def discard(*, file_names: list[str]) -> None:
    """Delete the files of mails whose rows are gone."""
    for name in file_names:
        with suppress(FileNotFoundError):
            (folder() / Path(name).name).unlink()
