"""Every list leaves as UTF-8 CSV, as CP932 CSV for older tools, or as a workbook: one answer for all pages."""

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from django.http import FileResponse, HttpRequest
from django.utils import timezone

from kizuna.errors import Invalid
from kizuna.gates.write_csv import Cell, UnwritableCharacters, write_csv, write_xlsx
from kizuna.words import Words

FORMATS: tuple[tuple[str, Words], ...] = (
    ("xlsx", Words(ja="Excel（.xlsx）", en="Excel (.xlsx)")),
    ("csv", Words(ja="CSV（UTF-8）", en="CSV (UTF-8)")),
    ("cp932", Words(ja="CSV（Shift_JIS）", en="CSV (Shift_JIS)")),
)


class UnknownFormat(Invalid):
    """The export knows xlsx, csv and cp932."""

    code = "unknown_export_format"


class CharactersLost(Invalid):
    """The table holds characters that CP932 lacks."""

    code = "characters_lost"

    def __init__(self, *, cause: UnwritableCharacters) -> None:
        super().__init__(cause.words)
        self.count = cause.count


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a list and of its export."""

    key: str
    words: Words


def table_response(
    request: HttpRequest, *, name: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]
) -> FileResponse:
    """The table as a download in the format that ``?format=`` names.

    Raises: UnknownFormat, CharactersLost.
    """
    wanted = request.GET.get("format", "xlsx")
    header = [str(column.words) for column in columns]
    # The whole table is written before the first byte leaves, so a failure is a page and never half a file.
    out = tempfile.SpooledTemporaryFile(max_size=8_000_000)  # noqa: SIM115 - FileResponse closes it
    try:
        if wanted == "xlsx":
            write_xlsx(out=out, header=header, rows=rows, sheet=name)  # type: ignore[arg-type]
        elif wanted in {"csv", "cp932"}:
            write_csv(out=out, header=header, rows=rows, encoding="utf-8-sig" if wanted == "csv" else "cp932")  # type: ignore[arg-type]
        else:
            raise UnknownFormat(Words(ja="この形式では書き出せません。", en="There is no such export format."))
    except UnwritableCharacters as lost:
        raise CharactersLost(cause=lost) from lost
    out.seek(0)
    suffix = "xlsx" if wanted == "xlsx" else "csv"
    file_name = f"kizuna-{name}-{timezone.localdate():%Y%m%d}.{suffix}"
    response = FileResponse(out, as_attachment=True, filename=file_name)
    response["Content-Type"] = (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        if suffix == "xlsx"
        else f"text/csv; charset={'utf-8' if wanted == 'csv' else 'Shift_JIS'}"
    )
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file_name)}"
    return response
