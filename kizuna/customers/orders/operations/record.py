"""Record orders set-wise: created, amended or unchanged, with their facts."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from kizuna.customers.orders.models import Order, OrderImage, OrderLine
from kizuna.customers.orders.operations.facts import Publisher
from kizuna.customers.orders.operations.images import order_images
from kizuna.customers.orders.operations.lock import hold_orders
from kizuna.customers.orders.operations.shipments import ShipmentItem, upsert_shipments
from kizuna.customers.orders.rules import LineRow, OrderRecord, OrderRow, digest_of, nameless, refusal_of, storable
from kizuna.customers.people.operations import resolve_people, tie_to_stores
from kizuna.customers.people.queries import erased_among
from kizuna.customers.products.operations import ensure_products
from kizuna.customers.products.rules import KnownProduct, ProductSeen, product_code
from kizuna.customers.stores.operations import ensure_stores
from kizuna.customers.stores.queries import among
from kizuna.facts.rows.operations import insert_rows, reserve_ids, update_rows
from kizuna.facts.rows.rules import Outcome

_UPDATED = tuple(name for name in OrderRow._fields if name not in {"source", "external_id"})


class _Change(NamedTuple):
    """One order to write: its row and the record it came from."""

    at: int
    row: OrderRow
    record: OrderRecord


def record_orders(*, orders: Sequence[OrderRecord], import_id: int | None, now: datetime, wake: bool) -> list[Outcome]:
    """Record whole orders; each is unique by (source, external_id) and replaces what was known of it.

    The same content again changes nothing. Unseen customers, stores and products are made. One outcome
    per order, in order. Call it inside ``atomic()``; ``wake=False`` for history.
    """
    hold_orders()
    outcomes: list[Outcome] = ["unchanged"] * len(orders)
    waiting: list[tuple[int, OrderRecord]] = []
    for at, order in enumerate(orders):
        refused = refusal_of(order=order)
        if refused is None:
            waiting.append((at, storable(order=order)))
        else:
            outcomes[at] = refused
    while waiting:
        # An order that stands twice in one chunk is recorded twice, one after the other.
        first: dict[tuple[str, str], tuple[int, OrderRecord]] = {}
        again = []
        for item in waiting:
            if first.setdefault((item[1].source, item[1].external_id), item) is not item:
                again.append(item)
        for at, outcome in _record(items=list(first.values()), import_id=import_id, now=now, wake=wake).items():
            outcomes[at] = outcome
        waiting = again
    return outcomes


def _record(
    *, items: Sequence[tuple[int, OrderRecord]], import_id: int | None, now: datetime, wake: bool
) -> dict[int, Outcome]:
    people = resolve_people(sightings=[order.customer for _, order in items], import_id=import_id, now=now)
    stores = ensure_stores(names={order.store for _, order in items})
    codes: dict[int | None, str] = {None: "", **dict(stores.values())}
    known = _load(orders=[order for _, order in items])
    erased = erased_among(person_ids={person for person in people if person})
    created: list[_Change] = []
    amended: list[_Change] = []
    same: list[_Change] = []
    for (at, order), person in zip(items, people, strict=True):
        old = known.get((order.source, order.external_id))
        store = stores.get(order.store, (None, ""))[0]
        row = _row(order=order, old=old, person_id=person, store_id=store)
        change = _Change(at, row, nameless(order=order) if person in erased else order)
        (created if old is None else amended if old.digest != row.digest else same).append(change)
    ids = reserve_ids(model=Order, count=len(created))
    created = [change._replace(row=change.row._replace(id=id_)) for id_, change in zip(ids, created, strict=True)]
    publisher = Publisher(now=now, wake=wake, store_codes=codes)
    _write(created=created, amended=amended, import_id=import_id, now=now, publisher=publisher)
    shipped = _ship(changes=(*created, *amended, *same), known=known, import_id=import_id, publisher=publisher)
    tie_to_stores(
        pairs={
            (change.row.person_id, change.row.store_id)
            for change in (*created, *amended)
            if change.row.person_id and change.row.store_id
        }
    )
    outcomes: dict[int, Outcome] = {change.at: "created" for change in created}
    outcomes |= {change.at: "amended" for change in amended}
    outcomes |= {change.at: "amended" if change.row.id in shipped else "unchanged" for change in same}
    return outcomes


def _load(*, orders: Sequence[OrderRecord]) -> dict[tuple[str, str], OrderRow]:
    known = {}
    numbers = {order.external_id for order in orders}
    for row in Order.objects.filter(among(column="external_id", values=numbers)).values_list(*OrderRow._fields):
        known[row[1], row[2]] = OrderRow(*row)
    return known


def _row(*, order: OrderRecord, old: OrderRow | None, person_id: int | None, store_id: int | None) -> OrderRow:
    return OrderRow(
        old.id if old else 0,
        order.source,
        order.external_id,
        person_id,
        store_id,
        order.ordered_at,
        order.channel[:60],
        order.subtotal_yen,
        order.discount_yen,
        order.points_used_yen,
        order.shipping_yen,
        order.total_yen,
        order.refunded_yen,
        sum(line.quantity for line in order.lines),
        order.cancelled,
        order.payment_method,
        digest_of(order=order, person_id=person_id),
        old.revision + 1 if old else 1,
    )


def _write(
    *,
    created: Sequence[_Change],
    amended: Sequence[_Change],
    import_id: int | None,
    now: datetime,
    publisher: Publisher,
) -> None:
    changes = [*created, *amended]
    if not changes:
        return
    products = _products(changes=changes)
    lines = _lines(changes=changes, products=products)
    if created:
        insert_rows(
            model=Order,
            columns=(*OrderRow._fields, "first_import_id", "recorded_at"),
            rows=[(*change.row, import_id, now) for change in created],
        )
    if amended:
        _replace(amended=[change.row for change in amended], import_id=import_id, now=now)
    insert_rows(model=OrderLine, columns=LineRow._fields, rows=lines)
    new = {change.row.id for change in created}
    publisher.orders(rows=[change.row for change in changes], created=lambda row: row.id in new)
    publisher.lines(
        rows=lines,
        orders={change.row.id: change.row for change in changes},
        products={product.id: product for product in products.values()},
    )


def _products(*, changes: Sequence[_Change]) -> dict[str, KnownProduct]:
    seen: dict[ProductSeen, None] = {}
    for change in changes:
        for line in change.record.lines:
            code = product_code(sku=line.sku, name=line.name)
            # Lines without a product have nothing in common, so nothing is remembered of «the unknown product».
            seen[ProductSeen(code, line.name, line.category, line.brand) if code else ProductSeen("")] = None
    return ensure_products(seen=seen)


def _lines(*, changes: Sequence[_Change], products: dict[str, KnownProduct]) -> list[LineRow]:
    return [
        LineRow(
            change.row.id,
            line_no,
            products[product_code(sku=line.sku, name=line.name)].id,
            line.name,
            line.variant,
            line.category[:200],
            line.brand[:200],
            line.quantity,
            line.unit_price_yen,
            line.discount_yen,
            line.amount_yen,
        )
        for change in changes
        for line_no, line in enumerate(change.record.lines, start=1)
    ]


def _replace(*, amended: Sequence[OrderRow], import_id: int | None, now: datetime) -> None:
    ids = [row.id for row in amended]
    images = order_images(order_ids=ids)
    insert_rows(
        model=OrderImage,
        columns=("order_id", "import_id", "content", "recorded_at"),
        rows=[(id_, import_id, content, now) for id_, content in images.items()],
    )
    OrderLine.objects.filter(among(column="order_id", values=ids)).delete()
    keep = [OrderRow._fields.index(name) for name in _UPDATED]
    update_rows(model=Order, columns=_UPDATED, rows=[tuple(row[at] for at in keep) for row in amended])


def _ship(
    *,
    changes: Sequence[_Change],
    known: dict[tuple[str, str], OrderRow],
    import_id: int | None,
    publisher: Publisher,
) -> set[int]:
    """Upsert the parcels that came with the orders; answers the orders whose parcels changed."""
    items = [
        ShipmentItem(change.row, shipment, place)
        for change in changes
        for place, shipment in enumerate(change.record.shipments, start=1)
    ]
    moved = set()
    for change in changes:
        old = known.get((change.row.source, change.row.external_id))
        if old and _place(old) != _place(change.row):
            moved.add(change.row.id)
    orders = {change.row.id: change.row for change in changes}
    results = upsert_shipments(items=items, orders=orders, restate=moved, import_id=import_id, publisher=publisher)
    return {item.order.id for item, result in zip(items, results, strict=True) if result != "unchanged"}


def _place(row: OrderRow) -> tuple[object, ...]:
    """What a parcel's fact repeats of its order."""
    return (row.person_id, row.store_id, row.channel, row.ordered_at)
