"""Nouns about products."""

from collections.abc import Collection
from dataclasses import dataclass

from kizuna.customers.products.models import Product
from kizuna.customers.products.rules import KnownProduct
from kizuna.customers.stores.queries import among


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductCard:
    """One product as orders name it."""

    code: str
    name: str
    category: str
    brand: str


def product_cards(*, codes: Collection[str]) -> dict[str, ProductCard]:
    """The known products among these codes."""
    cards = {}
    for row in Product.objects.filter(among(column="code", values=codes)):
        cards[row.code] = ProductCard(code=row.code, name=row.name, category=row.category, brand=row.brand)
    return cards


def product_names(*, codes: Collection[str]) -> dict[str, str]:
    """Names to print, by code."""
    return {code: card.name or code for code, card in product_cards(codes=codes).items()}


def known_products(*, ids: Collection[int]) -> dict[int, KnownProduct]:
    """The remembered products by id."""
    known = {}
    for row in Product.objects.filter(among(column="id", values=ids)).values_list(
        "id", "code", "name", "category", "brand"
    ):
        known[row[0]] = KnownProduct(*row)
    return known
