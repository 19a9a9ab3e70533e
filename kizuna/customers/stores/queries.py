"""Nouns about stores."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import msgspec
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Lookup
from django.db.models.sql.compiler import SQLCompiler

from kizuna.customers.stores.models import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreCard:
    """One store in a list."""

    code: str
    name: str
    kind: str
    opened_on: date | None
    closed_on: date | None


def all_stores(*, stores: frozenset[str] | None = None) -> list[StoreCard]:
    """Every store, or those within a scope, web shop first, then by code."""
    rows = Store.objects.all() if stores is None else Store.objects.filter(code__in=list(stores))
    cards = [
        StoreCard(code=row.code, name=row.name, kind=row.kind, opened_on=row.opened_on, closed_on=row.closed_on)
        for row in rows
    ]
    return sorted(cards, key=lambda card: (card.kind != "web", card.code))


def store_names() -> dict[str, str]:
    """Names to print, by code."""
    return dict(Store.objects.values_list("code", "name"))


def store_codes() -> dict[int | None, str]:
    """Codes by store id; no store has the empty code."""
    return {None: "", **dict(Store.objects.values_list("id", "code"))}


if TYPE_CHECKING:
    _Lookup = Lookup[bool]
else:
    _Lookup = Lookup  # generic in the stubs only


class _Among(_Lookup):
    """``column = ANY(one parameter)``; see ``among``."""

    prepare_rhs = False

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        column, bound = self.process_lhs(compiler, connection)
        if connection.vendor == "postgresql":
            # psycopg sends small numbers as int4[]; against a bigint column PostgreSQL can then neither hash the list
            # nor stop walking it for every row: 1.6 s instead of 20 ms for 20,000 of 40,000.
            kind = self.lhs.output_field.db_type(connection)
            cast = f"::{kind}[]" if kind in {"bigint", "integer"} else ""
            return f"{column} = ANY(%s{cast})", (*bound, self.rhs)
        return f"{column} IN (SELECT value FROM json_each(%s))", (*bound, msgspec.json.encode(self.rhs).decode())


def among(*, column: str, values: Iterable[int] | Iterable[str]) -> "Lookup[bool]":
    """The condition that a column is one of the values, bound as one parameter: ``filter(among(…))``.

    Django prepares and binds every member of an ``__in`` list on its own, which for an import's ten
    thousand keys costs more than the query; and SQLite limits how many there may be.
    """
    return _Among(F(column), list(values))
