"""Which store's numbers a page shows: the one asked for, within what the asker may see."""

from dataclasses import dataclass

from django.http import HttpRequest

from kizuna.customers.staff.views import stores_of
from kizuna.customers.stores.queries import StoreCard, all_stores
from kizuna.web.naming import Names


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The chosen store («» = all of them) and the stores to choose from."""

    chosen: str
    choices: tuple[StoreCard, ...]
    may_see_all: bool

    @property
    def where(self) -> dict[str, str]:
        """The filter every metric of the page gets."""
        return {"store": self.chosen} if self.chosen else {}

    @property
    def names(self) -> Names:
        """The names in force: the visible stores are known already, and no page names another."""
        return Names(stores={store.code: store.name for store in self.choices})

    @property
    def name(self) -> str:
        """The chosen store's name."""
        return next((store.name for store in self.choices if store.code == self.chosen), self.chosen)


NO_STORE = "\x00"
"""A store that cannot exist: staff who belong to no store see no numbers."""


def place_of(request: HttpRequest) -> Place:
    """The store named by ``?store=``; staff of some stores always see one of theirs, the first unless named."""
    stores = stores_of(request)
    choices = tuple(all_stores(stores=stores))
    wanted = request.GET.get("store", "")
    codes = [store.code for store in choices]
    if stores is None:
        return Place(chosen=wanted if wanted in codes else "", choices=choices, may_see_all=True)
    chosen = wanted if wanted in codes else (codes[0] if codes else NO_STORE)
    return Place(chosen=chosen, choices=choices, may_see_all=False)
