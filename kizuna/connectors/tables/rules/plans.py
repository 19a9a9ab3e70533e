"""A layout compiled against one header: row in, values out, with a memo per column.

Built for 300,000 order lines within seconds: no alias is looked up per row, and a cell text that was
read before (a date, a price, a status, a product) costs one dictionary look-up.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from kizuna.connectors.tables.rules.cells import CLEANER, READERS, BadCell, clean_cell
from kizuna.connectors.tables.rules.fields import FIELDS, Field, Part
from kizuna.connectors.tables.rules.layouts import Column, Layout, RowFilter, header_key, positions_of
from kizuna.errors import Invalid
from kizuna.words import Words

ABSENT = object()
"""What a column answers for a blank cell or a text that the layout calls missing."""
_MEMO_LIMIT = 50_000
_IDENTITY = {
    "answers": ("answer_id", "source"),
    "reviews": ("review_id", "site", "source"),
    "customers": ("customer", "source"),
    "shipments": ("order_id", "shipment_id", "tracking_no", "source"),
}
_DISTINCT = {
    "order_id", "answer_id", "review_id", "shipment_id", "customer", "card_no", "line_id", "email", "phone", "name",
    "address", "comment", "note", "tracking_no", "title", "reply",
}  # fmt: skip

Mapped = Mapping[str, str]
"""The user's overrides: field → header, ``""`` for none, ``"=value"`` for a fixed value."""


class MissingColumns(Invalid):
    """The table lacks columns that the layout cannot do without."""

    code = "missing_columns"

    def __init__(self, *, layout: Layout, missing: Sequence[str]) -> None:
        names = [FIELDS[layout.kind][name] for name in missing]
        super().__init__(
            Words(
                ja="「{title}」として取り込むのに必要な列がありません: {ja}。"
                "列の割り当てを直すか、別のレイアウトを選んでください。",
                en="To import this as “{title_en}” these columns are missing: {en}."
                " Map them, or choose another layout.",
            ).fill(
                title=layout.title.ja,
                title_en=layout.title.en,
                ja="、".join(name.words.ja for name in names),
                en=", ".join(name.words.en for name in names),
            )
        )
        self.missing = tuple(missing)


class UnknownColumn(Invalid):
    """A mapping names a field or a column that does not exist."""

    code = "unknown_column"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why one row cannot be imported."""

    line: int
    column: str
    code: str
    words: Words


class _Memo(dict[str, Any]):
    """Raw cell → value, reading each text once (up to a bound; unbounded columns are not remembered)."""

    __slots__ = ("limit", "read")

    def __init__(self, read: Callable[[str], object], limit: int) -> None:
        super().__init__()
        self.read = read
        self.limit = limit

    def __missing__(self, raw: str) -> object:
        value = self.read(raw)
        if len(self) < self.limit:
            self[raw] = value
        return value


@dataclass(slots=True)
class PartPlan:
    """The columns of one part of a record (order, line, customer …)."""

    base: dict[str, Any] = field(default_factory=dict)
    single: list[tuple[str, int, Callable[[str], object]]] = field(default_factory=list)
    """Each with its memo's look-up, or with its reader where cells hardly ever repeat (ids, mails, comments)."""
    joined: list[tuple[str, tuple[int, ...], str | None, _Memo]] = field(default_factory=list)
    missing: frozenset[str] = frozenset()

    def read(
        self, row: Sequence[str], line: int, problems: list[Problem], headers: Mapping[str, str]
    ) -> dict[str, Any]:
        """The part's values; a bad cell adds a problem and leaves its field out."""
        values = self.base.copy()
        for name, index, read in self.single:
            raw = row[index]
            if raw:
                try:
                    value = read(raw)
                except BadCell as bad:
                    problems.append(Problem(line, headers[name], bad.code, bad.words))
                    continue
                if value is not ABSENT:
                    values[name] = value
        if self.joined:
            self._read_joined(row, line, problems, headers, values)
        return values

    def _read_joined(
        self, row: Sequence[str], line: int, problems: list[Problem], headers: Mapping[str, str], values: dict[str, Any]
    ) -> None:
        for name, indexes, glue, memo in self.joined:
            pieces = [piece for index in indexes if (piece := _piece(row[index], self.missing))]
            if not pieces:
                continue
            try:
                value = memo[pieces[0] if glue is None else glue.join(pieces)]
            except BadCell as bad:
                problems.append(Problem(line, headers[name], bad.code, bad.words))
                continue
            if value is not ABSENT:
                values[name] = value


@dataclass(frozen=True, slots=True)
class _Filter:
    index: int
    rule: RowFilter


@dataclass(slots=True, kw_only=True)
class Plan:
    """A layout bound to a header: which column (or constant) fills which field."""

    layout: Layout
    width: int
    key_index: int | None
    identity: tuple[int, ...]
    """The columns that make a row's record the one it is, where a row is a record; empty when there are none."""
    headers: dict[str, str]
    """Field → the header (or headers) it is read from, for messages."""
    parts: dict[Part, PartPlan]
    provided: frozenset[str]
    head_index: int | None
    same: tuple[tuple[str, int], ...]
    filters: tuple[_Filter, ...]

    def part(self, part: Part) -> PartPlan:
        """The plan of one part; an empty one when the layout fills nothing there."""
        return self.parts.get(part) or PartPlan()

    def says(self, *, name: str) -> str:
        """The heading that fills this field, the layout's title when it is the same for all rows, or nothing."""
        spec = FIELDS[self.layout.kind].get(name)
        if spec is None or (name not in self.provided and name not in self.part(spec.part).base):
            return ""
        return self.headers[name] if name in self.provided else self.layout.title.ja

    def left_out(self, row: Sequence[str]) -> Words | None:
        """Why this row is deliberately not imported, if so."""
        for rule in self.filters:
            if _drops(rule=rule.rule, text=clean_cell(text=row[rule.index])):
                return rule.rule.reason
        return None


def compile_plan(*, layout: Layout, header: Sequence[str], mapping: Mapped | None = None, strict: bool = True) -> Plan:
    """Bind a layout to a header.

    Raises MissingColumns (unless not ``strict``), UnknownColumn.
    """
    positions = positions_of(header=header)
    mapping = mapping or {}
    _check_mapping(layout=layout, mapping=mapping, positions=positions)
    compiler = _Compiler(layout=layout, header=header, positions=positions)
    for name in FIELDS[layout.kind]:
        if name in mapping:
            compiler.map_by_hand(name=name, target=mapping[name])
        else:
            compiler.map_by_layout(name=name)
    missing = [name for name in layout.required if name not in compiler.provided and name not in compiler.fixed]
    if missing and strict:
        raise MissingColumns(layout=layout, missing=missing)
    return compiler.plan()


def _check_mapping(*, layout: Layout, mapping: Mapped, positions: Mapping[str, int]) -> None:
    for name, target in mapping.items():
        if name not in FIELDS[layout.kind]:
            raise UnknownColumn(_NO_FIELD.fill(name=name, known=", ".join(FIELDS[layout.kind])))
        if target and not target.startswith("=") and header_key(text=target) not in positions:
            raise UnknownColumn(_NO_COLUMN.fill(name=target))


class _Compiler:
    def __init__(self, *, layout: Layout, header: Sequence[str], positions: Mapping[str, int]) -> None:
        self.layout, self.header, self.positions = layout, header, positions
        self.parts: dict[Part, PartPlan] = {}
        self.headers: dict[str, str] = {}
        self.provided: set[str] = set()
        self.fixed: set[str] = set()
        self.indexes: dict[str, int] = {}

    def map_by_hand(self, *, name: str, target: str) -> None:
        spec = FIELDS[self.layout.kind][name]
        if target == "=":
            return  # «a fixed value» was chosen and is still to be typed
        if target.startswith("="):
            self._fix(name=name, value=_constant(spec=spec, text=target[1:], name=name))
        elif target:
            # The vendor's value map belongs to the vendor's column; a column chosen by hand is read plainly,
            # but for a column that is the layout's own.
            own = self.layout.columns.get(name)
            column = own if own and self._is_own(column=own, target=target) else Column(groups=((target,),))
            self._columns(name=name, spec=spec, column=replace(column, groups=((target,),)))

    def _is_own(self, *, column: Column, target: str) -> bool:
        return header_key(text=target) in {header_key(text=alias) for group in column.groups for alias in group}

    def map_by_layout(self, *, name: str) -> None:
        column = self.layout.columns.get(name)
        if column is not None:
            self._columns(name=name, spec=FIELDS[self.layout.kind][name], column=column)
        if name in self.layout.constants and name not in self.provided:
            self._fix(name=name, value=self.layout.constants[name])
        elif name in self.layout.constants:
            self._part(name=name).base[name] = self.layout.constants[name]

    def _part(self, *, name: str) -> PartPlan:
        part = FIELDS[self.layout.kind][name].part
        return self.parts.setdefault(part, PartPlan(missing=self.layout.missing))

    def _fix(self, *, name: str, value: object) -> None:
        self._part(name=name).base[name] = value
        self.fixed.add(name)

    def _columns(self, *, name: str, spec: Field, column: Column) -> None:
        indexes = [found for group in column.groups if (found := self._find(group=group)) is not None]
        if not indexes:
            return
        read = _read(column=column, spec=spec, missing=self.layout.missing)
        part = self._part(name=name)
        if len(indexes) > 1:
            part.joined.append((name, tuple(indexes), column.glue, _Memo(read, _MEMO_LIMIT)))
        elif name in _DISTINCT and not column.reader:
            part.single.append((name, indexes[0], read))
        else:
            part.single.append((name, indexes[0], _Memo(read, _MEMO_LIMIT).__getitem__))
        self.headers[name] = " + ".join(self.header[index] for index in indexes)
        self.provided.add(name)
        self.indexes[name] = indexes[0]

    def _find(self, *, group: Sequence[str]) -> int | None:
        return next((self.positions[key] for alias in group if (key := header_key(text=alias)) in self.positions), None)

    def _identity(self) -> tuple[int, ...]:
        first, *more = _IDENTITY.get(self.layout.kind, ("",))
        if first not in self.indexes:
            return ()
        return tuple(self.indexes[name] for name in (first, *more) if name in self.indexes)

    def plan(self) -> Plan:
        layout = self.layout
        key = {"orders": "order_id", "answers": "answer_id", "reviews": "review_id"}.get(layout.kind)
        filters = [(self._find(group=rule.headers), rule) for rule in layout.filters]
        return Plan(
            layout=layout,
            width=len(self.header),
            key_index=self.indexes.get(key) if key else None,
            identity=self._identity(),
            headers={name: self.headers.get(name, spec.words.en) for name, spec in FIELDS[layout.kind].items()},
            parts=self.parts,
            provided=frozenset(self.provided),
            head_index=self._find(group=layout.head) if layout.head else None,
            same=tuple((name, self.indexes[name]) for name in layout.same_in_order if name in self.indexes),
            filters=tuple(_Filter(index, rule) for index, rule in filters if index is not None),
        )


def _piece(raw: str, missing: frozenset[str]) -> str:
    text = clean_cell(text=raw)
    return "" if text in missing else text


def _read(*, column: Column, spec: Field, missing: frozenset[str]) -> Callable[[str], object]:
    reader = READERS[column.reader or spec.reader]
    values, otherwise = column.values, column.otherwise
    if values is None and spec.reader == "text" and not column.reader and not missing:
        return lambda raw: CLEANER(raw) or ABSENT

    def read(raw: str) -> object:
        text = CLEANER(raw)
        if not text or text in missing:
            return ABSENT
        if values is not None:
            if text in values:
                return values[text]
            if otherwise is not None:
                return otherwise
        return reader(text)

    return read


def _constant(*, spec: Field, text: str, name: str) -> object:
    try:
        return READERS[spec.reader](clean_cell(text=text))
    except BadCell as bad:
        reason = Words(ja=_BAD_CONSTANT.ja + bad.words.ja, en=_BAD_CONSTANT.en + bad.words.en)
        raise UnknownColumn(Words(ja=reason.ja.replace("{name}", name), en=reason.en.replace("{name}", name))) from bad


def _drops(*, rule: RowFilter, text: str) -> bool:
    if not text:
        return rule.drop_blank
    if rule.keep is not None:
        return text not in rule.keep
    if rule.drop is not None and text in rule.drop:
        return True
    return bool(rule.drop_prefix) and text.startswith(rule.drop_prefix)


_NO_FIELD = Words(
    ja="「{name}」という項目はありません。使える項目: {known}", en="There is no field “{name}”. Known fields: {known}"
)
_NO_COLUMN = Words(ja="「{name}」という列はこのファイルにありません。", en="This file has no column “{name}”.")
_BAD_CONSTANT = Words(ja="項目「{name}」に固定する値が読めません。", en="The fixed value for “{name}” cannot be read. ")
