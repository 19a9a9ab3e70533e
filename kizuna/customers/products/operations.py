"""Products appear when an order line names them; the last text that was not empty is remembered."""

from collections.abc import Iterable

from kizuna.customers.products.models import Product
from kizuna.customers.products.rules import KnownProduct, ProductSeen
from kizuna.customers.stores.queries import among
from kizuna.facts.rows.operations import insert_rows, reserve_ids, update_rows

_TEXTS = ("name", "category", "brand")


def ensure_products(*, seen: Iterable[ProductSeen]) -> dict[str, KnownProduct]:
    """The remembered product for each code, made or refreshed. Call it inside ``atomic()`` and the orders' lock."""
    wanted: dict[str, list[str]] = {}
    for one in seen:
        texts = wanted.setdefault(one.code, ["", "", ""])
        for place, text in enumerate((one.name, one.category[:200], one.brand[:200])):
            texts[place] = text or texts[place]
    known = _load(codes=sorted(wanted))
    missing = sorted(wanted.keys() - known.keys())
    fresh = [
        KnownProduct(id_, code, *wanted[code])
        for id_, code in zip(reserve_ids(model=Product, count=len(missing)), missing, strict=True)
    ]
    if fresh:
        rows = [(one.id, one.code, one.name, one.category, one.brand) for one in fresh]
        insert_rows(model=Product, columns=("id", "code", *_TEXTS), rows=rows)
    changed = []
    for code, old in known.items():
        name, category, brand = wanted[code]
        new = KnownProduct(old.id, code, name or old.name, category or old.category, brand or old.brand)
        if new != old:
            changed.append(new)
    if changed:
        refreshed = [(one.id, one.name, one.category, one.brand) for one in changed]
        update_rows(model=Product, columns=("id", *_TEXTS), rows=refreshed)
    return known | {one.code: one for one in (*fresh, *changed)}


def _load(*, codes: list[str]) -> dict[str, KnownProduct]:
    known = {}
    for row in Product.objects.filter(among(column="code", values=codes)).values_list("id", "code", *_TEXTS):
        known[row[1]] = KnownProduct(*row)
    return known
