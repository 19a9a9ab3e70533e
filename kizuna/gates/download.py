"""A table as the answer to a request: the one way a page hands out a list."""

import tempfile
from collections.abc import Iterable, Sequence
from datetime import date
from typing import IO, cast
from urllib.parse import quote

from django.http import FileResponse

from kizuna.errors import Invalid
from kizuna.gates.write_csv import Cell, write_csv, write_xlsx
from kizuna.words import Words

_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "cp932": "text/csv; charset=Shift_JIS",
}
_IN_MEMORY_BYTES = 8_000_000


class UnknownFormat(Invalid):
    """The export knows xlsx, csv and cp932."""

    code = "unknown_export_format"


def download(
    *, name: str, wanted: str, header: Sequence[Words | str], rows: Iterable[Sequence[Cell]], day: date
) -> FileResponse:
    """The table as an attachment: ``wanted`` is xlsx, csv (UTF-8 with BOM) or cp932.

    Raises: UnknownFormat, UnwritableCharacters.
    """
    if wanted not in _TYPES:
        raise UnknownFormat(Words(ja="この形式では書き出せません。", en="There is no such export format."))
    titles = [str(title) for title in header]
    # The whole table is written before the first byte leaves, so a failure is a page and never half a file.
    out = cast("IO[bytes]", tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES))  # noqa: SIM115
    try:
        if wanted == "xlsx":
            write_xlsx(out=out, header=titles, rows=rows, sheet=name)
        else:
            write_csv(out=out, header=titles, rows=rows, encoding="utf-8-sig" if wanted == "csv" else "cp932")
    except BaseException:
        out.close()
        raise
    out.seek(0)
    suffix = "xlsx" if wanted == "xlsx" else "csv"
    file_name = f"kizuna-{name}-{day:%Y%m%d}.{suffix}"
    response = FileResponse(out, as_attachment=True, filename=file_name)
    response["Content-Type"] = _TYPES[wanted]
    # Django writes only ASCII names plainly; this form is the one every browser reads for all of them.
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file_name)}"
    return response
