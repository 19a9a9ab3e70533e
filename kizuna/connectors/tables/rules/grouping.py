"""Putting the rows of one order together, in two passes and bounded memory.

The first pass counts the rows and finds keys whose rows do not stand together; only those are held
back in the second pass, until their last row. All other orders stream.
"""

from collections.abc import Callable, Iterator, Sequence
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
    """What the first pass found: how many rows, and the last line of each key that comes again further down."""

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
    look = _scattered if plan.layout.kind == "orders" else _repeats
    found = look(rows=islice(table.rows(), limit), plan=plan)
    if found.rows > ROW_LIMIT:
        raise TooManyRows(_TOO_MANY)
    return found


def _scattered(*, rows: Iterator[Numbered], plan: Plan) -> Overview:
    """Find the orders whose rows do not stand together."""
    index = plan.key_index
    seen: set[str] = set()
    scattered: dict[str, int] = {}
    count, held, last = 0, 0, None
    for line, cells in rows:
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
    if held > _HELD_LIMIT:
        raise RowsNotTogether(_NOT_TOGETHER)
    return Overview(rows=count, scattered=scattered)


def _repeats(*, rows: Iterator[Numbered], plan: Plan) -> Overview:
    """Find the things that stand in several rows. Hashes are kept instead of keys: a collision only adds a key
    whose last line is its own.
    """
    seen: set[int] = set()
    last: dict[str, int] = {}
    count = 0
    identity_of = _identity(indexes=plan.identity)
    for line, cells in rows:
        count += 1
        key = identity_of(cells)
        if not key or (plan.filters and len(cells) == plan.width and plan.left_out(cells) is not None):
            continue
        mark = hash(key)
        if mark in seen:
            last[key] = line
        seen.add(mark)
    return Overview(rows=count, scattered=last)


def _identity(*, indexes: Sequence[int]) -> Callable[[list[str]], str]:
    """What tells which record a row is about; it answers nothing when the row names none, or cannot be read."""
    if not indexes:
        return lambda cells: ""
    first, *more = indexes
    last = max(indexes)

    def read(cells: list[str]) -> str:
        if type(cells) is not list or len(cells) <= last or not cells[first].strip():
            return ""
        key = _key(cells[first])
        return "\0".join([key, *(_key(cells[index]) for index in more)]) if more else key

    return read


def pieces(*, table: Table, plan: Plan, found: Overview, limit: int | None = None) -> Iterator[Piece]:
    """The table's rows: those of one key together, and each row that is not imported by itself."""
    index = plan.key_index if plan.layout.kind == "orders" else None
    kept = _kept(rows=_squared(rows=islice(table.rows(), limit), width=plan.width), plan=plan)
    if plan.layout.kind != "orders" and found.scattered:
        kept = _last_only(kept=kept, plan=plan, last=found.scattered)
    if index is None:
        return (row if isinstance(row, LeftOut) else [row] for row in kept)
    return _grouped(kept=kept, index=index, scattered=found.scattered)


def _last_only(*, kept: Iterator[Numbered | LeftOut], plan: Plan, last: dict[str, int]) -> Iterator[Numbered | LeftOut]:
    """The last row of each thing. Were the earlier ones recorded too, the same file again would change it to
    and fro for ever, and an import would never be the same twice.
    """
    identity_of = _identity(indexes=plan.identity)
    for row in kept:
        if isinstance(row, LeftOut):
            yield row
        elif last.get(identity_of(row[1]), 0) > row[0]:
            yield LeftOut(row[0], _REPEATED)
        else:
            yield row


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
_REPEATED = Words(
    ja="同じ番号の行がこのファイルの後ろにもあります（最後の行を取り込みます）",
    en="The same number stands again further down in this file (the last row counts)",
)
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
