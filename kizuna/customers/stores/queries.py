"""Nouns about stores."""

from dataclasses import dataclass
from datetime import date

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
