"""Layouts: the YAML files that say which column of which vendor's table holds what.

A layout is matched by header *names*, never by position; the user's own mapping can override any
field with another column (``field: header``), with nothing (``field: ""``) or with a fixed value
(``field: "=value"``).
"""

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from kizuna.connectors.tables.rules.fields import FIELDS, KEYS, Kind
from kizuna.errors import Invalid
from kizuna.words import Words

FOLDER = Path(__file__).resolve().parent.parent / "layouts"
_NOISE = re.compile(r"[\s_\"'・:：/／()\[\]【】*※-]+")


@dataclass(frozen=True, slots=True)
class Column:
    """Where one field comes from: the first header found of each group; several groups are joined by ``glue``,
    or, without a glue, the first that is filled counts (``either``)."""

    groups: tuple[tuple[str, ...], ...]
    glue: str | None = ""
    values: Mapping[str, object] | None = None
    otherwise: object = None
    """What a text outside ``values`` means; None: it is read by the field's reader."""
    reader: str = ""


@dataclass(frozen=True, slots=True)
class RowFilter:
    """Rows that are deliberately not imported, with the reason that the result shows."""

    headers: tuple[str, ...]
    reason: Words
    keep: frozenset[str] | None = None
    drop: frozenset[str] | None = None
    drop_blank: bool = False
    drop_prefix: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """One vendor's table. ``also`` are columns it is known to have and we do not read."""

    name: str
    title: Words
    kind: Kind
    columns: Mapping[str, Column]
    required: tuple[str, ...]
    also: tuple[str, ...] = ()
    missing: frozenset[str] = frozenset()
    constants: Mapping[str, object] = field(default_factory=dict)
    filters: tuple[RowFilter, ...] = ()
    head: tuple[str, ...] = ()
    """Order-level cells stand only on the row where this column is filled (Shopify)."""
    lines: bool = True
    line_discounts_included: bool = False
    """The order's discount column already contains the discounts of its lines."""
    points_in_total: bool = False
    """The total column is what was paid after points; points are added back."""
    same_in_order: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """How well a header row fits a layout. ``missing`` are required fields that no column provides."""

    layout: Layout
    score: float
    missing: tuple[str, ...]


class UnknownLayout(Invalid):
    """There is no layout of that name."""

    code = "unknown_layout"


class BrokenLayout(Exception):  # noqa: N818 - a fault of ours, never of a user's file
    """A layout file contradicts itself; found by the tests, never at a shop."""


def header_key(*, text: str) -> str:
    """A header as it is compared: NFKC, lower case, without blanks, brackets and separators."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", text).lower())


def header_signature(*, header: Sequence[str]) -> str:
    """What a saved mapping is found by: the same columns in the same order."""
    return hashlib.sha256("\n".join(header_key(text=cell) for cell in header).encode("utf-8", "replace")).hexdigest()


def positions_of(*, header: Sequence[str]) -> dict[str, int]:
    """Header key → column index. Of two columns with one name the first counts."""
    found: dict[str, int] = {}
    for index, cell in enumerate(header):
        key = header_key(text=cell)
        if key:
            found.setdefault(key, index)
    return found


def match(*, layout: Layout, positions: Mapping[str, int]) -> Match:
    """Score one layout: how much of the header it explains, and how much of itself it finds there."""
    known, found = _known_headers(layout.name), 0
    found = sum(1 for key in positions if key in known.all)
    missing = tuple(
        name
        for name in layout.required
        if name not in layout.constants and not provides(layout=layout, name=name, positions=positions)
    )
    used = sum(1 for name in layout.columns if provides(layout=layout, name=name, positions=positions))
    explained = found / len(positions) if positions else 0.0
    return Match(layout=layout, score=round(0.6 * explained + 0.4 * used / len(layout.columns), 4), missing=missing)


def provides(*, layout: Layout, name: str, positions: Mapping[str, int]) -> bool:
    """Whether the header has a column for this field."""
    column = layout.columns.get(name)
    if column is None:
        return False
    return any(header_key(text=alias) in positions for group in column.groups for alias in group)


def ranked(*, header: Sequence[str]) -> list[Match]:
    """All layouts, the best fit first; those that lack a required column come after those that do not."""
    positions = positions_of(header=header)
    matches = [match(layout=layout, positions=positions) for layout in layouts().values()]
    return sorted(matches, key=lambda found: (bool(found.missing), -found.score, found.layout.name))


def layout_named(*, name: str) -> Layout:
    """The layout of that name. Raises UnknownLayout."""
    found = layouts().get(name)
    if found is None:
        raise UnknownLayout(
            Words(
                ja="「{name}」というレイアウトはありません。`kizuna import --list-layouts` で一覧を確認してください。",
                en="There is no layout “{name}”. See `kizuna import --list-layouts`.",
            ).fill(name=name)
        )
    return found


@cache
def layouts() -> Mapping[str, Layout]:
    """Every layout, read once per process."""
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        with path.open("rb") as file:
            found[path.stem] = _layout(name=path.stem, raw=yaml.load(file, Loader=loader))  # noqa: S506 - a safe loader
    return found


@dataclass(frozen=True, slots=True)
class _Known:
    all: frozenset[str]


@cache
def _known_headers(name: str) -> _Known:
    layout = layouts()[name]
    texts = [*layout.also, *layout.head]
    texts += [alias for column in layout.columns.values() for group in column.groups for alias in group]
    texts += [header for rule in layout.filters for header in rule.headers]
    return _Known(all=frozenset(header_key(text=text) for text in texts))


_KEYWORDS = {
    "title", "kind", "fields", "required", "also", "missing", "constants", "filters", "head", "lines",
    "line_discounts_included", "points_in_total", "same_in_order",
}  # fmt: skip


def _layout(*, name: str, raw: dict[str, Any]) -> Layout:
    if strangers := set(raw) - _KEYWORDS:
        raise BrokenLayout(f"{name}: unknown keys {sorted(strangers)}")
    kind: Kind = raw["kind"]
    known = FIELDS[kind]
    constants = {str(key): value for key, value in raw.get("constants", {}).items()}
    columns = {field_name: _column(raw=spec) for field_name, spec in raw["fields"].items()}
    for field_name in (*columns, *constants, *raw["required"]):
        if field_name not in known:
            raise BrokenLayout(f"{name}: {kind} have no field «{field_name}»")
    if KEYS[kind] not in columns:
        raise BrokenLayout(f"{name}: the key «{KEYS[kind]}» has no column")
    return Layout(
        name=name,
        title=Words(**raw["title"]),
        kind=kind,
        columns=columns,
        required=tuple(raw["required"]),
        also=_texts(raw.get("also")),
        missing=frozenset(_texts(raw.get("missing"))),
        constants=constants,
        filters=tuple(_filter(raw=rule) for rule in raw.get("filters", ())),
        head=_texts(raw.get("head")),
        lines=raw.get("lines", True),
        line_discounts_included=raw.get("line_discounts_included", False),
        points_in_total=raw.get("points_in_total", False),
        same_in_order=_texts(raw.get("same_in_order")),
    )


def _column(*, raw: Any) -> Column:
    """``[A, B]`` is short for ``{from: [A, B]}``; ``join`` and ``either`` are lists of such lists."""
    if not isinstance(raw, dict):
        return Column(groups=(_texts(raw),))
    several = raw.get("join") or raw.get("either")
    groups = tuple(_texts(group) for group in several) if several else (_texts(raw["from"]),)
    values = raw.get("values")
    return Column(
        groups=groups,
        glue=None if "either" in raw else raw.get("glue", ""),
        values=None if values is None else {str(key): value for key, value in values.items()},
        otherwise=raw.get("otherwise"),
        reader=raw.get("as", ""),
    )


def _filter(*, raw: dict[str, Any]) -> RowFilter:
    return RowFilter(
        headers=_texts(raw["column"]),
        reason=Words(**raw["reason"]),
        keep=frozenset(_texts(raw["keep"])) if "keep" in raw else None,
        drop=frozenset(_texts(raw["drop"])) if "drop" in raw else None,
        drop_blank=raw.get("drop_blank", False),
        drop_prefix=raw.get("drop_prefix", ""),
    )


def _texts(raw: Any) -> tuple[str, ...]:
    if raw is None:
        return ()
    return tuple(str(item) for item in (raw if isinstance(raw, list) else [raw]))
