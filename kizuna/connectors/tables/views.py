"""The import pages: upload, preview, progress, result, history."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kizuna.connectors.tables.operations import undo
from kizuna.connectors.tables.operations.journal import error_cells, error_header
from kizuna.connectors.tables.operations.uploads import confirm, discard, draft, receive
from kizuna.connectors.tables.queries.previews import AUTO, Preview, preview
from kizuna.connectors.tables.queries.runs import RunCard, errors_of, every_run, recent, run_named
from kizuna.connectors.tables.rules.encodings import ENCODINGS
from kizuna.connectors.tables.rules.examples import EXAMPLES, NoExample
from kizuna.connectors.tables.rules.layouts import layout_named, layouts
from kizuna.connectors.tables.rules.tables import DELIMITERS
from kizuna.customers.staff.queries import present
from kizuna.customers.staff.views import actor_of
from kizuna.errors import Invalid, Refusal
from kizuna.gates.download import download
from kizuna.gates.write_csv import Cell
from kizuna.words import Words

PAGE = 50
SHOWN_ERRORS = 100


class NothingUploaded(Invalid):
    """The form came without a file."""

    code = "nothing_uploaded"


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Upload area and history."""
    before = request.GET.get("before", "")
    found = recent(
        now=present(), before_id=int(before) if before.isdecimal() and len(before) < 19 else None, limit=PAGE + 1
    )
    context = {
        "runs": found[:PAGE],
        "older": found[PAGE - 1].import_id if len(found) > PAGE else None,
        "later": bool(before),
        "examples": [layout_named(name=name) for name in EXAMPLES],
        "layouts": layouts().values(),
    }
    return render(request, "tables/index.html", context)


@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """Keep the files as drafts; one that cannot be read is refused at once, with the reason."""
    now = present()
    files = request.FILES.getlist("files")
    if not files:
        raise NothingUploaded(Words(ja="ファイルを選んでください。", en="Choose a file."))
    kept = []
    for file in files:
        run_id = 0
        try:
            received = receive(name=file.name or "", chunks=file.chunks(), actor=actor_of(request), now=now)
            run_id = received.pk
            _preview(import_id=run_id, posted=QueryDict())
            kept.append(run_id)
        except Refusal as refusal:
            messages.error(request, f"{file.name}: {refusal.words}")
            if run_id:
                discard(import_id=run_id)
    return redirect("tables:preview", kept[0]) if len(kept) == 1 else redirect("tables:index")


@require_http_methods(["GET", "POST"])
def preview_page(request: HttpRequest, import_id: int) -> HttpResponse:
    """Show what the file would become; a POST changes the reading, or imports it as shown."""
    posted = request.POST
    waiting = draft(import_id=import_id)
    if posted.get("do") == "import":
        confirm(
            import_id=import_id,
            layout=posted.get("layout", ""),
            mapping=_mapping(posted=posted),
            encoding=posted.get("encoding", ""),
            delimiter=posted.get("delimiter", ""),
            actor=actor_of(request),
            now=present(),
        )
        return redirect("tables:run", import_id)
    context = {
        "import_id": import_id,
        "file_name": waiting.file_name,
        "preview": _preview(import_id=import_id, posted=posted),
        "encodings": ENCODINGS.items(),
        "delimiters": DELIMITERS.items(),
        "encoding": posted.get("encoding", ""),
        "delimiter": posted.get("delimiter", ""),
        "auto": AUTO,
    }
    return render(request, "tables/preview.html", context)


@require_POST
def discard_upload(request: HttpRequest, import_id: int) -> HttpResponse:
    """Throw the draft away."""
    discard(import_id=import_id)
    messages.success(request, str(Words(ja="ファイルを破棄しました。", en="The file was discarded.")))
    return redirect("tables:index")


@require_GET
def run(request: HttpRequest, import_id: int) -> HttpResponse:
    """One import: its progress while it runs, then its result."""
    card = run_named(import_id=import_id, now=present())
    if card.state == "draft":
        return redirect("tables:preview", import_id)
    return render(request, "tables/run.html", _run_context(import_id=import_id))


@require_GET
def progress(request: HttpRequest, import_id: int) -> HttpResponse:
    """The part of the page that changes while the import runs."""
    return render(request, "tables/outcome.html", _run_context(import_id=import_id))


@require_POST
def undo_import(request: HttpRequest, import_id: int) -> HttpResponse:
    """Take the import back."""
    undo(import_id=import_id, actor=actor_of(request), now=present())
    messages.success(request, str(Words(ja="取り込みを取り消しました。", en="The import was undone.")))
    return redirect("tables:run", import_id)


@require_GET
def errors(request: HttpRequest, import_id: int) -> FileResponse:
    """The rows that were not imported, to be mended and imported again."""
    header, rows = errors_of(import_id=import_id)
    return _table(
        request,
        name=f"errors-{import_id}",
        header=error_header(header=header),
        rows=(error_cells(row=row, header=header) for row in rows),
    )


@require_GET
def example(request: HttpRequest, layout: str) -> FileResponse:
    """A small table with the headings of a general template."""
    found = EXAMPLES.get(layout)
    if found is None:
        raise NoExample(Words(ja="このひな形はありません。", en="There is no such template."))
    return _table(request, name=f"template-{layout}", header=found[0], rows=found[1:])


@require_GET
def export(request: HttpRequest) -> FileResponse:
    """The history as a table."""
    words = (
        Words(ja="番号", en="Number"),
        Words(ja="状態", en="State"),
        Words(ja="ファイル", en="File"),
        Words(ja="種類", en="Layout"),
        Words(ja="行数", en="Rows"),
        Words(ja="取り込み", en="Imported"),
        Words(ja="対象外", en="Skipped"),
        Words(ja="エラー", en="Errors"),
        Words(ja="担当", en="By"),
        Words(ja="開始", en="Started"),
        Words(ja="終了", en="Finished"),
    )
    cards = every_run(now=present())
    rows = ([*_counts(card), card.actor, card.created_at, card.finished_at] for card in cards)
    return _table(request, name="imports", header=[str(word) for word in words], rows=rows)


def _counts(card: RunCard) -> list[Cell]:
    counts = (card.rows_in, card.imported, card.skipped, card.errored)
    return [card.import_id, str(card.state_words), card.file_name, str(card.title), *counts]


def _run_context(*, import_id: int) -> dict[str, object]:
    _, rows = errors_of(import_id=import_id, limit=SHOWN_ERRORS)
    card = run_named(import_id=import_id, now=present())
    shown = [(row, " · ".join(cell for cell in row.cells if cell)) for row in rows] if card.has_errors else []
    return {"run": card, "errors": shown, "shown": SHOWN_ERRORS}


def _preview(*, import_id: int, posted: QueryDict) -> Preview:
    from_form = "layout" in posted
    # A column chosen for one layout means nothing to another.
    same_layout = posted.get("layout") == posted.get("shown_layout")
    return preview(
        path=Path(draft(import_id=import_id).path),
        layout=posted.get("layout", ""),
        mapping=_mapping(posted=posted) if from_form and same_layout else {} if from_form else None,
        encoding=posted.get("encoding", ""),
        delimiter=posted.get("delimiter", ""),
        now=present(),
    )


def _mapping(*, posted: QueryDict) -> dict[str, str]:
    found: dict[str, str] = {}
    for key in posted:
        target = posted.get(key, "")
        if not key.startswith("field_") or target == AUTO:
            continue
        name = key.removeprefix("field_")
        fixed = posted.get(f"fixed_{name}", "").strip()
        found[name] = f"={fixed}" if target == "=" else str(target)
    return found


def _table(request: HttpRequest, *, name: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> FileResponse:
    wanted = request.GET.get("format", "csv")
    return download(name=name, wanted=wanted, header=header, rows=rows, day=timezone.localdate())
