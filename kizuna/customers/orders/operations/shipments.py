"""Parcels: upserted beside their order, or from a carrier's or warehouse's own file."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from kizuna.customers.orders.models import Order, Shipment, ShipmentImage
from kizuna.customers.orders.operations.facts import Publisher
from kizuna.customers.orders.operations.images import shipment_image
from kizuna.customers.orders.operations.lock import hold_orders
from kizuna.customers.orders.rules import OrderRow, ShipmentRecord, ShipmentRow, matching_shipment, shipment_after
from kizuna.customers.people.queries import erased_among
from kizuna.customers.stores.queries import among, store_codes
from kizuna.errors import Invalid
from kizuna.facts.rows.operations import insert_rows, reserve_ids, update_rows
from kizuna.facts.rows.rules import Outcome, Recorded
from kizuna.words import Words

_UPDATED = tuple(name for name in ShipmentRow._fields if name not in {"order_id", "external_id"})


class UnknownOrder(Invalid):
    """A parcel names an order that has not been imported."""

    code = "unknown_order"

    def __init__(self, *, source: str, external_id: str) -> None:
        super().__init__(
            Words(
                ja="注文「{number}」がまだ登録されていません。先に注文データを取り込んでください。",
                en="Order “{number}” is not known yet. Import the orders first.",
            ).fill(number=external_id)
        )
        self.source = source
        self.external_id = external_id


class ShipmentItem(NamedTuple):
    """A parcel to record, its order, and which parcel of the order it is when nothing else says so."""

    order: OrderRow
    record: ShipmentRecord
    place: int


def record_shipments(
    *, shipments: Sequence[tuple[str, str, ShipmentRecord]], import_id: int | None, now: datetime, wake: bool
) -> list[Outcome]:
    """Record parcels given as (source, the source's order id, parcel). One outcome per parcel, in order.

    A parcel of an unknown order is refused. Call it inside ``atomic()``; ``wake=False`` for history.
    """
    hold_orders()
    known: dict[tuple[str, str], OrderRow] = {}
    numbers = {number for _, number, _ in shipments}
    for row in Order.objects.filter(among(column="external_id", values=numbers)).values_list(*OrderRow._fields):
        known[row[1], row[2]] = OrderRow(*row)
    erased = erased_among(person_ids={row.person_id for row in known.values() if row.person_id})
    outcomes: list[Outcome] = []
    items, places = [], []
    for at, (source, number, record) in enumerate(shipments):
        order = known.get((source, number))
        if order is None:
            outcomes.append(UnknownOrder(source=source, external_id=number))
            continue
        outcomes.append("unchanged")
        nameless = replace(record, tracking_no="") if order.person_id in erased else record
        items.append(ShipmentItem(order, nameless, 1))
        places.append(at)
    results = upsert_shipments(
        items=items,
        orders={item.order.id: item.order for item in items},
        restate=(),
        import_id=import_id,
        publisher=Publisher(now=now, wake=wake, store_codes=store_codes()),
    )
    for at, result in zip(places, results, strict=True):
        outcomes[at] = result
    return outcomes


def upsert_shipments(
    *,
    items: Sequence[ShipmentItem],
    orders: Mapping[int, OrderRow],
    restate: Collection[int],
    import_id: int | None,
    publisher: Publisher,
) -> list[Recorded]:
    """Write parcels of known orders; ``restate`` names orders whose parcels' facts must be said again."""
    before = _load(order_ids={item.order.id for item in items} | set(restate))
    after: dict[int, list[ShipmentRow]] = {order: list(rows) for order, rows in before.items()}
    results = [_fold(rows=after.setdefault(item.order.id, []), item=item) for item in items]
    old = {row.id: row for rows in before.values() for row in rows}
    flat = [row for rows in after.values() for row in rows]
    fresh = [row for row in flat if row.id == 0]
    ids = reserve_ids(model=Shipment, count=len(fresh))
    created = [row._replace(id=id_) for id_, row in zip(ids, fresh, strict=True)]
    changed = [
        row._replace(revision=row.revision + 1)
        for row in flat
        if row.id and (row != old[row.id] or row.order_id in restate)
    ]
    if created:
        columns = (*ShipmentRow._fields, "first_import_id")
        insert_rows(model=Shipment, columns=columns, rows=[(*row, import_id) for row in created])
    _update(
        rows=changed,
        images=[old[row.id] for row in changed if row._replace(revision=row.revision - 1) != old[row.id]],
        import_id=import_id,
        now=publisher.now,
    )
    publisher.shipments(rows=[*created, *changed], orders=orders)
    return results


def _load(*, order_ids: Collection[int]) -> dict[int, list[ShipmentRow]]:
    known: dict[int, list[ShipmentRow]] = defaultdict(list)
    parcels = Shipment.objects.filter(among(column="order_id", values=order_ids)).order_by("id")
    for row in parcels.values_list(*ShipmentRow._fields):
        known[row[1]].append(ShipmentRow(*row))
    return known


def _fold(*, rows: list[ShipmentRow], item: ShipmentItem) -> Recorded:
    """Work one record into its order's parcels."""
    found = matching_shipment(known=rows, record=item.record, place=item.place)
    if found is None:
        number = item.record.external_id[:200]
        taken = {row.external_id for row in rows}
        place = item.place
        while not number or number in taken:
            number, place = f"#{place}", place + 1
        blank = ShipmentRow(0, item.order.id, number, "", "", None, None, None, 1)
        rows.append(shipment_after(row=blank, record=item.record))
        return "created"
    stated = shipment_after(row=found, record=item.record)
    if stated == found:
        return "unchanged"
    rows[rows.index(found)] = stated
    return "amended"


def _update(
    *, rows: Sequence[ShipmentRow], images: Sequence[ShipmentRow], import_id: int | None, now: datetime
) -> None:
    if images:
        insert_rows(
            model=ShipmentImage,
            columns=("shipment_id", "import_id", "content", "recorded_at"),
            rows=[(row.id, import_id, shipment_image(row=row), now) for row in images],
        )
    if rows:
        keep = [ShipmentRow._fields.index(name) for name in _UPDATED]
        update_rows(model=Shipment, columns=_UPDATED, rows=[tuple(row[at] for at in keep) for row in rows])
