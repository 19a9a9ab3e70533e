"""What every staff page of this feature asks of its request."""

import tempfile
from collections.abc import Iterable, Sequence
from typing import cast
from urllib.parse import quote

from django.http import FileResponse, HttpRequest
from django.utils import timezone

from kizuna.customers.staff.models import User
from kizuna.errors import Invalid
from kizuna.gates.write_csv import Cell, UnwritableCharacters, write_csv, write_xlsx
from kizuna.words import Words

_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ExportRefused(Invalid):
    """The table cannot leave in the format asked for."""

    code = "export_refused"


def stores_of(request: HttpRequest) -> frozenset[str] | None:
    """The store codes the asker may see; None means all, and a request nobody checked sees none."""
    return cast("frozenset[str] | None", getattr(request, "staff_stores", frozenset()))


def actor_of(request: HttpRequest) -> str:
    """The asker as the audit log names them."""
    return f"user:{cast('User', request.user).pk}"


def page_of(request: HttpRequest) -> int:
    """The page number asked for; the first one for anything that is no number."""
    text = request.GET.get("page", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1


def download(
    request: HttpRequest, *, name: str, header: Sequence[Words], rows: Iterable[Sequence[Cell]]
) -> FileResponse:
    """The table as a download: ``?format=`` xlsx, csv (UTF-8 with BOM) or cp932. Raises ``ExportRefused``."""
    wanted = request.GET.get("format", "xlsx")
    titles = [str(words) for words in header]
    # Written whole before the first byte leaves, so a failure is a page and never half a file.
    out = tempfile.TemporaryFile()  # noqa: SIM115 - FileResponse closes it
    try:
        if wanted == "xlsx":
            write_xlsx(out=out, header=titles, rows=rows, sheet=name)
        elif wanted in {"csv", "cp932"}:
            write_csv(out=out, header=titles, rows=rows, encoding="utf-8-sig" if wanted == "csv" else "cp932")
        else:
            raise ExportRefused(Words(ja="この形式では書き出せません。", en="There is no such export format."))
    except UnwritableCharacters as lost:
        raise ExportRefused(lost.words) from lost
    out.seek(0)
    suffix = "xlsx" if wanted == "xlsx" else "csv"
    response = FileResponse(out, as_attachment=True)
    response["Content-Type"] = _EXCEL if suffix == "xlsx" else "text/csv"
    file_name = f"kizuna-{name}-{timezone.localdate():%Y%m%d}.{suffix}"
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file_name)}"
    return response
