"""One change of a practice at a time."""

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
