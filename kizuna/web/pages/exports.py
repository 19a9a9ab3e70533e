"""A page's list as a download, in the format that ``?format=`` names."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.http import FileResponse, HttpRequest
from django.utils import timezone

from kizuna.gates.download import download
from kizuna.gates.write_csv import Cell
from kizuna.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a list and of its export."""

    key: str
    words: Words


def table_response(
    request: HttpRequest, *, name: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]
) -> FileResponse:
    """The table in the format asked for, a workbook unless said otherwise.

    Raises: UnknownFormat, UnwritableCharacters.
    """
    return download(
        name=name,
        wanted=request.GET.get("format", "xlsx"),
        header=[column.words for column in columns],
        rows=rows,
        day=timezone.localdate(),
    )
