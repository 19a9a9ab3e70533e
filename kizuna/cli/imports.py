"""``kizuna import FILE``, ``kizuna import --list-layouts`` and ``kizuna undo-import ID``."""

import argparse
import json
import sys
from pathlib import Path

from kizuna.cli import Subparsers
from kizuna.connectors.tables.operations import ImportResult, import_file, undo
from kizuna.connectors.tables.rules.encodings import ENCODINGS
from kizuna.connectors.tables.rules.layouts import layouts
from kizuna.customers.staff.queries import present
from kizuna.errors import Invalid
from kizuna.words import Words, in_number

ACTOR = "system"


class NothingToImport(Invalid):
    """Neither a file nor --list-layouts was given, or a mapping is not FIELD=COLUMN."""

    code = "nothing_to_import"


def add(*, subparsers: Subparsers) -> None:
    """Bring ``kizuna import`` and ``kizuna undo-import``."""
    parser = subparsers.add_parser("import", help="import orders, customers, answers … from CSV, TSV or Excel")
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE")
    parser.add_argument("--layout", metavar="NAME", help="instead of choosing the layout by the headings")
    parser.add_argument("--encoding", choices=sorted(ENCODINGS), default="", help="instead of detecting it")
    parser.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="FIELD=COLUMN",
        help="read a field from another column; FIELD== VALUE fixes a value, FIELD= reads none",
    )
    parser.add_argument("--list-layouts", action="store_true")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=_run)
    undo_parser = subparsers.add_parser("undo-import", help="take an import back, within 7 days")
    undo_parser.add_argument("id", type=int, metavar="ID")
    undo_parser.add_argument("--json", action="store_true")
    undo_parser.set_defaults(run=_undo)


def _run(arguments: argparse.Namespace) -> int:
    if arguments.list_layouts:
        _list_layouts(as_json=arguments.json)
        return 0
    if arguments.file is None:
        raise NothingToImport(_NO_FILE)
    counted = _Counter() if sys.stderr.isatty() and not arguments.json else None
    result = import_file(
        path=arguments.file,
        layout=arguments.layout,
        mapping=_mapping(pairs=arguments.map),
        actor=ACTOR,
        now=present(),
        progress=counted,
        encoding=arguments.encoding,
    )
    if counted:
        counted.done()
    if arguments.json:
        print(json.dumps(_as_json(result=result), ensure_ascii=False))
        return 0
    _tell(result=result)
    return 0


def _undo(arguments: argparse.Namespace) -> int:
    run = undo(import_id=arguments.id, actor=ACTOR, now=present())
    if arguments.json:
        print(json.dumps({"import_id": run.pk, "state": run.state, "rows": run.imported}))
    else:
        words = in_number(
            count=run.imported,
            ja="取り込み{id}（{rows}行）を取り消しました。",
            one="Import {id} ({rows} row) was undone.",
            many="Import {id} ({rows} rows) was undone.",
        )
        print(words.fill(id=run.pk, rows=run.imported))
    return 0


def _mapping(*, pairs: list[str]) -> dict[str, str] | None:
    found = {}
    for pair in pairs:
        field, equals, column = pair.partition("=")
        if not equals:
            raise NothingToImport(_NO_MAPPING.fill(pair=pair))
        found[field.strip()] = column.strip()
    return found or None


def _as_json(*, result: ImportResult) -> dict[str, object]:
    return {
        "layout": result.layout,
        "rows_in": result.rows_in,
        "imported": result.imported,
        "skipped": result.skipped,
        "errored": result.errored,
        "errors_file": str(result.errors_file) if result.errors_file else None,
    }


def _tell(*, result: ImportResult) -> None:
    words = in_number(
        count=result.rows_in,
        ja="取り込み{id}（{layout}）: {rows}行のうち 取り込み {imported}・対象外 {skipped}・エラー {errored}",
        one="Import {id} ({layout}): of {rows} row {imported} imported, {skipped} skipped, {errored} with errors",
        many="Import {id} ({layout}): of {rows} rows {imported} imported, {skipped} skipped, {errored} with errors",
    )
    print(
        words.fill(
            id=result.import_id,
            layout=result.layout,
            rows=result.rows_in,
            imported=result.imported,
            skipped=result.skipped,
            errored=result.errored,
        )
    )
    for count, reason in result.skip_reasons:
        print(f"  {count}: {reason}")
    if result.errors_file:
        print(Words(ja="エラーの行: {path}", en="Rows with errors: {path}").fill(path=result.errors_file))


def _list_layouts(*, as_json: bool) -> None:
    if as_json:
        rows = [
            {
                "name": layout.name,
                "kind": layout.kind,
                "title_ja": layout.title.ja,
                "title_en": layout.title.en,
                "required": list(layout.required),
            }
            for layout in layouts().values()
        ]
        print(json.dumps(rows, ensure_ascii=False))
        return
    for layout in layouts().values():
        print(f"{layout.name:24} {layout.kind:10} {layout.title.ja} / {layout.title.en}")


class _Counter:
    """One line of progress on a terminal."""

    def __call__(self, done: int, total: int) -> None:
        print(f"\r{done:,} / {total:,}", end="", file=sys.stderr, flush=True)

    def done(self) -> None:
        print(file=sys.stderr)


_NO_FILE = Words(
    ja="ファイルを指定してください: kizuna import ファイル名（種類の一覧は --list-layouts）",
    en="Name a file: kizuna import FILE (see --list-layouts for the kinds)",
)
_NO_MAPPING = Words(ja="--map は 項目=列名 の形で書いてください（{pair}）。", en="--map needs FIELD=COLUMN ({pair}).")
