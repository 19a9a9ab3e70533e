"""Which layout and columns a file is read with."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kizuna.connectors.tables.models import SavedMapping
from kizuna.connectors.tables.rules.fields import FIELDS
from kizuna.connectors.tables.rules.layouts import Match, header_signature, layout_named, layouts
from kizuna.connectors.tables.rules.plans import compile_plan
from kizuna.connectors.tables.rules.tables import Table, open_table
from kizuna.errors import Invalid
from kizuna.words import Words


class LayoutUnclear(Invalid):
    """No layout finds all its required columns in the header."""

    code = "layout_unclear"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The reading that was decided on."""

    table: Table
    layout: str
    kind: str
    mapping: Mapping[str, str]
    sheet: str
    is_saved: bool


def choose(
    *, path: Path, layout: str | None, mapping: Mapping[str, str] | None, encoding: str = "", delimiter: str = ""
) -> Choice:
    """By hand if ``layout`` is given, else the saved mapping of this header, else the best fit.

    Raises what opening raises, UnknownLayout, UnknownColumn, MissingColumns, LayoutUnclear.
    """
    if layout:
        layout_named(name=layout)  # an unknown name is told before the file is read
    table = open_table(path=path, encoding=encoding, delimiter=delimiter)
    saved = saved_mapping(header=table.header) if mapping is None and not layout else None
    if saved is not None:
        name, columns = saved.layout, dict(saved.mapping)
    else:
        name, columns = layout or _best(table=table), dict(mapping or {})
    found = layout_named(name=name)
    compile_plan(layout=found, header=table.header, mapping=columns)
    return Choice(
        table=table, layout=name, kind=found.kind, mapping=columns, sheet=table.sheet, is_saved=saved is not None
    )


def saved_mapping(*, header: tuple[str, ...]) -> SavedMapping | None:
    """What was confirmed for this header before, if its layout still exists."""
    saved = SavedMapping.objects.filter(signature=header_signature(header=header)).first()
    return saved if saved and saved.layout in layouts() else None


def _best(*, table: Table) -> str:
    best = table.matches[0]
    if best.missing:
        raise LayoutUnclear(_unclear(best=min(table.matches, key=lambda found: (len(found.missing), -found.score))))
    return best.layout.name


def _unclear(*, best: Match) -> Words:
    names = [FIELDS[best.layout.kind][name].words for name in best.missing]
    return _UNCLEAR.fill(
        title=best.layout.title.ja,
        title_en=best.layout.title.en,
        missing=", ".join(words.ja for words in names),
        missing_en=", ".join(words.en for words in names),
    )


_UNCLEAR = Words(
    ja="列の見出しからファイルの種類を判別できません。最も近いのは「{title}」ですが、次の列がありません: {missing}。"
    "画面から取り込んで列を割り当てるか、--layout で指定してください。",
    en="The headings do not tell what this file is. The nearest layout is “{title_en}”, but it lacks: {missing_en}."
    " Import it in the browser and map the columns, or name a layout with --layout.",
)
