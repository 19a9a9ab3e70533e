"""What an upload would become: rows, layouts with their fit, columns, and an outlook on the first rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from kizuna.connectors.tables.queries.choice import saved_mapping
from kizuna.connectors.tables.rules.cells import clean_cell
from kizuna.connectors.tables.rules.fields import FIELDS, KIND_WORDS
from kizuna.connectors.tables.rules.grouping import LeftOut, overview, pieces
from kizuna.connectors.tables.rules.layouts import Layout, layout_named, layouts, match, positions_of
from kizuna.connectors.tables.rules.plans import MissingColumns, Plan, Problem, UnknownColumn, compile_plan
from kizuna.connectors.tables.rules.records import builder_for
from kizuna.connectors.tables.rules.tables import Table, open_table
from kizuna.words import Words

SHOWN_ROWS = 20
_OUTLOOK_ROWS = 2_000
AUTO = "*"
"""The choice «as the layout says» in a column select."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A layout with how well it fits, in whole percent, and what it would lack."""

    name: str
    title: Words
    kind: Words
    fit: int
    missing: tuple[Words, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChoice:
    """One field of the layout: the column the layout finds, what the user chose, and a sample."""

    name: str
    words: Words
    needed: bool
    automatic: str
    chosen: str
    sample: str
    constant: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What the first rows would give."""

    records: int
    rows: int
    left_out: int
    errors: tuple[Problem, ...]
    more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """Everything the preview page shows."""

    header: tuple[str, ...]
    header_line: int
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    encoding: str
    is_text: bool
    delimiter: str
    sheet: str
    broken: int
    layout: Layout
    kind: Words
    candidates: tuple[Candidate, ...]
    fields: tuple[FieldChoice, ...]
    """Fields that a column fills, that are needed or that the user changed."""
    other_fields: tuple[FieldChoice, ...]
    unused: tuple[str, ...]
    mapping: Mapping[str, str]
    is_saved: bool
    outlook: Outlook | None
    refusal: Words | None


def preview(
    *,
    path: Path,
    layout: str,
    mapping: Mapping[str, str] | None,
    encoding: str,
    delimiter: str,
    now: datetime,
) -> Preview:
    """Read the beginning of a file as it would be imported. Raises what opening raises, UnknownLayout."""
    table = open_table(path=path, encoding=encoding, delimiter=delimiter)
    saved = saved_mapping(header=table.header) if not layout and mapping is None else None
    if saved is not None:
        layout, mapping = saved.layout, saved.mapping
    chosen = layout_named(name=layout) if layout else table.matches[0].layout
    mapping = {name: target for name, target in (mapping or {}).items() if name in FIELDS[chosen.kind]}
    refusal: Words | None = None
    plan: Plan | None = None
    try:
        plan = compile_plan(layout=chosen, header=table.header, mapping=mapping)
    except (MissingColumns, UnknownColumn) as refused:
        refusal = refused.words
    rows = [(line, tuple(cells)) for line, cells in islice(table.rows(), SHOWN_ROWS)]
    choices = _fields(layout=chosen, table=table, mapping=mapping, rows=rows)
    used = {header for choice in choices for header in _headers_of(choice=choice)}
    return Preview(
        header=table.header,
        header_line=table.header_line,
        rows=tuple(rows),
        encoding=table.encoding.codec,
        is_text=table.form == "text",
        delimiter=table.delimiter,
        sheet=table.sheet,
        broken=table.encoding.broken,
        layout=chosen,
        kind=KIND_WORDS[chosen.kind],
        candidates=_candidates(table=table, chosen=chosen),
        fields=tuple(choice for choice in choices if _matters(choice=choice)),
        other_fields=tuple(choice for choice in choices if not _matters(choice=choice)),
        unused=tuple(header for header in table.header if header and header not in used),
        mapping=mapping,
        is_saved=saved is not None,
        outlook=_outlook(table=table, plan=plan, now=now) if plan else None,
        refusal=refusal,
    )


def _candidates(*, table: Table, chosen: Layout) -> tuple[Candidate, ...]:
    positions = positions_of(header=table.header)
    found = [match(layout=layout, positions=positions) for layout in layouts().values()]
    found.sort(key=lambda item: (bool(item.missing), -item.score, item.layout.name))
    return tuple(
        Candidate(
            name=item.layout.name,
            title=item.layout.title,
            kind=KIND_WORDS[item.layout.kind],
            fit=round(item.score * 100),
            missing=tuple(FIELDS[item.layout.kind][name].words for name in item.missing),
        )
        for item in found
    )


def _fields(
    *, layout: Layout, table: Table, mapping: Mapping[str, str], rows: list[tuple[int, tuple[str, ...]]]
) -> tuple[FieldChoice, ...]:
    own = compile_plan(layout=layout, header=table.header, strict=False)
    positions = {header: index for index, header in reversed(list(enumerate(table.header)))}
    choices = []
    for name, field in FIELDS[layout.kind].items():
        automatic = own.headers[name] if name in own.provided else ""
        chosen = mapping.get(name, AUTO)
        shown = automatic if chosen == AUTO else chosen
        constant = layout.constants.get(name, "")
        choices.append(
            FieldChoice(
                name=name,
                words=field.words,
                needed=name in layout.required,
                automatic=automatic,
                chosen=chosen,
                sample=_sample(headers=shown.split(" + "), positions=positions, rows=rows),
                constant=chosen[1:] if chosen.startswith("=") else str(constant),
            )
        )
    return tuple(choices)


def _matters(*, choice: FieldChoice) -> bool:
    return choice.needed or bool(choice.automatic) or choice.chosen != AUTO


def _headers_of(*, choice: FieldChoice) -> list[str]:
    shown = choice.automatic if choice.chosen == AUTO else choice.chosen
    return [shown, *shown.split(" + ")]


def _sample(*, headers: list[str], positions: Mapping[str, int], rows: list[tuple[int, tuple[str, ...]]]) -> str:
    """The first filled example, so that a person sees what the column holds."""
    indexes = [positions[header] for header in headers if header in positions]
    for _, cells in rows:
        texts = [clean_cell(text=cells[index]) for index in indexes if index < len(cells)]
        if any(texts):
            return " ".join(texts)[:60]
    return ""


def _outlook(*, table: Table, plan: Plan, now: datetime) -> Outlook:
    build = builder_for(plan=plan, observed_at=now)
    records = rows = left_out = 0
    errors: list[Problem] = []
    found = overview(table=table, plan=plan, limit=_OUTLOOK_ROWS)
    for piece in pieces(table=table, plan=plan, found=found, limit=_OUTLOOK_ROWS):
        if isinstance(piece, LeftOut):
            left_out += 1
            rows += 1
            continue
        unit = build(piece)
        rows += len(unit.rows)
        records += unit.record is not None
        errors += unit.problems
    more = next(islice(table.rows(), _OUTLOOK_ROWS, None), None) is not None
    return Outlook(records=records, rows=rows, left_out=left_out, errors=tuple(errors[:10]), more=more)
