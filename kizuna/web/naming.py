"""What codes are called on pages: stores by their names, touchpoints and segments by their words."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from kizuna.customers.products.queries import product_names
from kizuna.customers.stores.queries import store_names
from kizuna.understand.metrics.rules.dims import DIMS, TIME_DIMS, value_words
from kizuna.web.spans import span_words
from kizuna.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Names by dimension and code."""

    stores: Mapping[str, str]
    products: Mapping[str, str] = field(default_factory=dict)

    def of(self, *, dim: str, value: str) -> str:
        """The name to print for one value of one dimension."""
        if dim in TIME_DIMS:
            return str(span_words(dim=dim, value=value))
        if dim == "store" and value in self.stores:
            return self.stores[value]
        if dim == "product" and value in self.products:
            return self.products[value]
        return str(value_words(dim=dim, value=value))

    def with_products(self, *, codes: Collection[str]) -> "Names":
        """The same names and those of these products."""
        named = set(codes) - {""}
        return replace(self, products=product_names(codes=named)) if named else self


def names() -> Names:
    """The names in force, read once per page."""
    return Names(stores=store_names())


def dim_words(*, dim: str) -> Words:
    """The dimension's own name."""
    return DIMS.get(dim) or Words(ja=dim, en=dim)
