"""Stores appear when an order or a note names them."""

from collections.abc import Collection
from datetime import date

from kizuna.customers.stores.models import Store
from kizuna.customers.stores.queries import among
from kizuna.customers.stores.rules import store_key, store_kind


def ensure_stores(*, names: Collection[str]) -> dict[str, tuple[int, str]]:
    """(id, code) by the name a file used, which is a store's code or its name; unknown stores are made."""
    wanted = {name: store_key(text=name) for name in names}
    keys = sorted({key for key in wanted.values() if key})
    found = _find(keys=keys)
    missing = [key for key in keys if key not in found]
    if missing:
        # Two imports may name the same new store at once; the second finds the first one's row.
        made = (Store(code=key, name=key, kind=store_kind(name=key)) for key in missing)
        Store.objects.bulk_create(made, ignore_conflicts=True)
        found |= _find(keys=missing)
    return {name: found[key] for name, key in wanted.items() if key}


def describe_store(
    *, code: str, name: str, kind: str = "shop", opened_on: date | None = None, closed_on: date | None = None
) -> int:
    """Create or rename a store; answers its id."""
    values = {"name": name, "kind": kind, "opened_on": opened_on, "closed_on": closed_on}
    store, _ = Store.objects.update_or_create(code=store_key(text=code), defaults=values)
    return store.pk


def _find(*, keys: Collection[str]) -> dict[str, tuple[int, str]]:
    found: dict[str, tuple[int, str]] = {}
    by_name = Store.objects.filter(among(column="name", values=keys)).order_by("-id").values_list("name", "id", "code")
    found |= {name: (id_, code) for name, id_, code in by_name}
    # A code wins over a name that reads the same.
    by_code = Store.objects.filter(among(column="code", values=keys)).values_list("code", "id")
    found |= {code: (id_, code) for code, id_ in by_code}
    return found
