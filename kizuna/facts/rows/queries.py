"""Moments of a customer's life, and counts, told by several rooms and asked for in one statement.

A customer's page brings together what a dozen tables hold. Each room says what its rows are as *moments*, all with the
same columns; whoever composes the page joins the rooms' answers by UNION ALL.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import CharField, Count, DateTimeField, F, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast

Part = QuerySet[Any, Any]


class Moment(NamedTuple):
    """One moment. ``kind`` says what it is, ``key`` which row it was; the rest is as the room says."""

    kind: str
    key: int
    at: datetime
    name_ja: str
    name_en: str
    place: str
    state: str
    text: str
    until: datetime | None


def moments(*, found: Part, kind: str, at: Combinable | str, **told: Combinable | str) -> Part:
    """These rows as moments: each argument names a column or is an expression, what is left out is empty."""
    columns = [_text(told.get(name)) for name in ("name_ja", "name_en", "place", "state", "text")]
    until = told.get("until")
    end = Cast(Value(None), DateTimeField()) if until is None else _column(until)
    rows = found.order_by()
    return rows.values_list(Value(kind, output_field=CharField()), F("pk"), _column(at), *columns, end)


def gathered(*, parts: Sequence[Part]) -> list[Moment]:
    """The moments of all the rooms together, the newest first."""
    if not parts:
        return []
    first, *others = parts
    # A union's columns have no names to order by, and of one customer there are few rows.
    rows = map(Moment._make, first.union(*others, all=True) if others else first)
    return sorted(rows, key=lambda moment: (moment.at, moment.key), reverse=True)


def tally(*, found: "QuerySet[Any]", kind: str) -> Part:
    """How many rows these are, under a name: a part of ``tallied``."""
    named: Part = found.order_by().values_list(Value(kind, output_field=CharField())).annotate(count=Count("pk"))
    return named


def tallied(*, parts: Sequence[Part]) -> Counter[str]:
    """The counts of several rooms by name, in one statement; parts of the same name are added up."""
    found: Counter[str] = Counter()
    if not parts:
        return found
    first, *others = parts
    for kind, count in first.union(*others, all=True) if others else first:
        found[kind] += count
    return found


def _column(told: Combinable | str) -> Combinable:
    return F(told) if isinstance(told, str) else told


def _text(told: Combinable | str | None) -> Combinable:
    return Value("", output_field=CharField()) if told is None else _column(told)
