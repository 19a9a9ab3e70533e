"""One change of a practice at a time, and nobody enters one while it changes."""

from django.db import connection

from kizuna.act.practices.models import Practice
from kizuna.errors import NotFound
from kizuna.words import Words


class PracticeUnknown(NotFound):
    """There is no practice of this name."""

    code = "practice_unknown"

    def __init__(self, *, name: str) -> None:
        words = Words(ja="接客方法「{name}」は見つかりません。", en="There is no practice “{name}”.")
        super().__init__(words.fill(name=name))
        self.name = name


def hold_practice(*, name: str) -> Practice:
    """The practice's row, locked until the transaction ends. Raises: PracticeUnknown."""
    rows = Practice.objects.all()
    if connection.features.has_select_for_update:
        rows = rows.select_for_update()
    row = rows.filter(name=name).first()
    if row is None:
        raise PracticeUnknown(name=name)
    return row


def enter_practice(*, name: str) -> Practice:
    """The practice's row as it stands until the transaction ends: others may enter beside, but nobody pauses, edits or
    ends it meanwhile, so that whoever ends it finds everybody who is inside. Raises: PracticeUnknown.
    """
    if connection.vendor == "postgresql":
        # The weakest lock of a row: ``hold_practice`` waits for it, a sweep's mark in the row does not.
        table = connection.ops.quote_name(Practice._meta.db_table)  # noqa: SLF001  Django documents it as public
        row = next(iter(Practice.objects.raw(f"SELECT * FROM {table} WHERE name = %s FOR KEY SHARE", [name])), None)
    else:  # the one writer's transaction keeps others out
        row = Practice.objects.filter(name=name).first()
    if row is None:
        raise PracticeUnknown(name=name)
    return row
