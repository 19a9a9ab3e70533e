"""What codes are called on pages: stores by their names, touchpoints and segments by their words."""

from dataclasses import dataclass

from kizuna.customers.stores.queries import store_names
from kizuna.understand.metrics.rules.dims import DIMS, value_words
from kizuna.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Names by dimension and code."""

    stores: dict[str, str]

    def of(self, *, dim: str, value: str) -> str:
        """The name to print for one value of one dimension."""
        if dim == "store" and value in self.stores:
            return self.stores[value]
        return str(value_words(dim=dim, value=value))


def names() -> Names:
    """The names in force, read once per page."""
    return Names(stores=store_names())


def dim_words(*, dim: str) -> Words:
    """The dimension's own name."""
    return DIMS.get(dim) or Words(ja=dim, en=dim)
