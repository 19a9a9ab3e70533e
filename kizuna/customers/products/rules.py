"""Pure decisions about products: their code, and what is remembered of them."""

from dataclasses import dataclass
from typing import NamedTuple


class ProductSeen(NamedTuple):
    """A product as one order line names it; empty where the line does not say."""

    code: str
    name: str = ""
    category: str = ""
    brand: str = ""


@dataclass(frozen=True, slots=True)
class KnownProduct:
    """A product as it is remembered."""

    id: int
    code: str
    name: str
    category: str
    brand: str


def product_code(*, sku: str, name: str) -> str:
    """The code a line's product is kept under: its SKU, or its name where the shop has no SKUs."""
    return (sku.strip() or name.strip())[:200]
