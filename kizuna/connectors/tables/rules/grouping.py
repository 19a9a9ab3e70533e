"""Putting the rows of one order together, in two passes and bounded memory.

The first pass counts the rows and finds keys whose rows do not stand together; only those are held
back in the second pass, until their last row. All other orders stream.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from kizuna.connectors.tables.rules.plans import Plan
from kizuna.connectors.tables.rules.tables import ROW_LIMIT, Table
from kizuna.connectors.tables.rules.texts import BadCells, Numbered
from kizuna.errors import Invalid
from kizuna.words import Words

_HELD_LIMIT = 300_000


class TooManyRows(Invalid):
    """More rows than one import takes."""

    code = "too_many_rows"


class RowsNotTogether(Invalid):
    """So many orders have their rows scattered over the file that they cannot be held in memory."""

    code = "rows_not_together"


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """What the first pass found: how many rows, and the last line of each scattered key."""

    rows: int
    scattered: dict[str, int]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row that is deliberately not imported."""

    line: int
    reason: Words


Piece = list[Numbered] | LeftOut


def overview(*, table: Table, plan: Plan, limit: int | None = None) -> Overview:
    """Read the whole table once, or its first ``limit`` rows for a preview.

    Raises TooManyRows, RowsNotTogether and what reading raises.
    """
    index = plan.key_index if plan.layout.kind == "orders" else None
    seen: set[str] = set()
    scattered: dict[str, int] = {}
    count, held, last = 0, 0, None
    for line, cells in islice(table.rows(), limit):
        count += 1
        if index is None or len(cells) <= index:
            continue
        key = _key(cells[index])
        if key != last and key in seen:
            scattered.setdefault(key, line)
        if key in scattered:
            scattered[key] = line
            held += 1
        elif key != last:
            seen.add(key)
        last = key
    if count > ROW_LIMIT:
        raise TooManyRows(_TOO_MANY)
    if held > _HELD_LIMIT:
        raise RowsNotTogether(_NOT_TOGETHER)
    return Overview(rows=count, scattered=scattered)


def pieces(*, table: Table, plan: Plan, found: Overview, limit: int | None = None) -> Iterator[Piece]:
    """The table's rows: those of one key together, and each row that is not imported by itself."""
    index = plan.key_index if plan.layout.kind == "orders" else None
    kept = _kept(rows=_squared(rows=islice(table.rows(), limit), width=plan.width), plan=plan)
    if index is None:
        return (row if isinstance(row, LeftOut) else [row] for row in kept)
    return _grouped(kept=kept, index=index, scattered=found.scattered)


def _grouped(*, kept: Iterator[Numbered | LeftOut], index: int, scattered: dict[str, int]) -> Iterator[Piece]:
    group: list[Numbered] = []
    group_key = ""
    held: dict[str, list[Numbered]] = {}
    for row in kept:
        if isinstance(row, LeftOut):
            yield row
            continue
        key = _key(row[1][index])
        if key in scattered:
            held.setdefault(key, []).append(row)
            if row[0] >= scattered[key]:
                yield held.pop(key)
            continue
        if group and (key != group_key or not key):
            yield group
            group = []
        group_key = key
        group.append(row)
    if group:
        yield group
    yield from held.values()


def _kept(*, rows: Iterator[Numbered], plan: Plan) -> Iterator[Numbered | LeftOut]:
    for row in rows:
        cells = row[1]
        if not cells[0] and not any(map(str.strip, cells)):
            yield LeftOut(row[0], _BLANK)
            continue
        reason = plan.left_out(cells) if plan.filters else None
        yield row if reason is None else LeftOut(row[0], reason)


def _squared(*, rows: Iterator[Numbered], width: int) -> Iterator[Numbered]:
    """Rows of exactly the header's width; a row with more filled cells is marked, since it is shifted."""
    for line, cells in rows:
        if len(cells) == width:
            yield line, cells
            continue
        squared = cells
        if len(cells) > width and type(cells) is list and any(cell.strip() for cell in cells[width:]):
            squared = BadCells(cells, "too_many_cells", _TOO_MANY_CELLS.fill(have=len(cells), width=width))
        squared += [""] * (width - len(cells))
        yield line, squared


def _key(raw: str) -> str:
    return raw.strip().removeprefix("'")


_BLANK = Words(ja="空の行です", en="Blank rows")
_TOO_MANY_CELLS = Words(
    ja='セルが{have}個あり、見出しの{width}列より多いため、値がずれています。カンマを含む値は引用符（"）で囲んでください。',
    en="There are {have} cells but only {width} headings, so values are shifted. Quote values that hold a comma.",
)
_TOO_MANY = Words(
    ja="500万行を超えています。期間などで分けて書き出し、順に取り込んでください。",
    en="There are more than 5 million rows. Export in parts, for instance by period, and import them one by one.",
)
_NOT_TOGETHER = Words(
    ja="同じ注文の行が離れている箇所が多すぎます。注文番号の順に並べ替えて書き出してください。",
    en="The rows of one order stand apart in too many places. Sort the file by order number and export it again.",
)
