"""Reading a file into plain values, for tests that compare with what a person wrote down."""

from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import msgspec
from msgspec import structs

from kizuna.clock import JST
from kizuna.connectors.tables.rules.grouping import LeftOut, overview, pieces
from kizuna.connectors.tables.rules.plans import compile_plan
from kizuna.connectors.tables.rules.records import builder_for
from kizuna.connectors.tables.rules.tables import open_table

NOW = datetime(2026, 7, 20, tzinfo=UTC)
GOLDEN = Path(__file__).parent / "golden"


def plain(value: Any) -> Any:
    """Records as JSON: fields that hold their default are left out, times are JST."""
    if isinstance(value, datetime):
        return value.astimezone(JST).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if is_dataclass(value):
        defaults = {field.name: field.default for field in fields(value)}
    elif isinstance(value, msgspec.Struct):
        defaults = {field.name: field.default for field in structs.fields(value)}
    else:
        return value
    return {name: plain(getattr(value, name)) for name, default in defaults.items() if getattr(value, name) != default}


def read_all(*, path: Path, encoding: str = "", mapping: dict[str, str] | None = None) -> dict[str, Any]:
    """The chosen layout and everything the rows became."""
    table = open_table(path=path, encoding=encoding)
    layout = table.matches[0].layout
    plan = compile_plan(layout=layout, header=table.header, mapping=mapping)
    build = builder_for(plan=plan, observed_at=NOW)
    records, errors, skipped = [], [], []
    rows = 0
    for piece in pieces(table=table, plan=plan, found=overview(table=table, plan=plan)):
        if isinstance(piece, LeftOut):
            skipped.append([piece.line, piece.reason.en])
            rows += 1
            continue
        unit = build(piece)
        rows += len(unit.rows)
        if unit.record is None:
            errors += [[problem.line, problem.column, problem.code] for problem in unit.problems]
        else:
            records.append(plain(unit.record))
        if unit.dropped:
            skipped.append([unit.rows[0][0], f"{unit.dropped} cancelled"])
    return {
        "layout": layout.name,
        "encoding": table.encoding.codec,
        "header_line": table.header_line,
        "rows": rows,
        "records": records,
        "errors": errors,
        "skipped": skipped,
    }
