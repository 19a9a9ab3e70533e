"""Take an import's orders and parcels out again."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from kizuna.customers.orders.models import Order, OrderImage, OrderLine, Shipment, ShipmentImage
from kizuna.customers.orders.operations.facts import Publisher
from kizuna.customers.orders.operations.images import read_order_image, read_shipment_image
from kizuna.customers.orders.operations.lock import hold_orders
from kizuna.customers.orders.rules import LineRow, OrderRow, ShipmentRow
from kizuna.customers.people.queries import existing
from kizuna.customers.people.rules.images import Image, Unwound, unwound
from kizuna.customers.products.queries import known_products
from kizuna.customers.stores.queries import store_codes
from kizuna.customers.stores.rules import slices
from kizuna.facts.rows.operations import insert_rows, update_rows

_ImageModel = type[OrderImage] | type[ShipmentImage]


def undo_import(*, import_id: int, now: datetime) -> int:
    """Withdraw the orders and parcels this import created and restore those it amended; answers how many.

    What another import changed afterwards keeps that later content. Call it inside ``atomic()``.
    """
    hold_orders()
    publisher = Publisher(now=now, wake=False, store_codes=store_codes())
    # Orders first: withdrawing an order takes its parcels along.
    orders = _undo_orders(import_id=import_id, publisher=publisher)
    return orders + _undo_shipments(import_id=import_id, publisher=publisher)


def _undo_orders(*, import_id: int, publisher: Publisher) -> int:
    created = set(Order.objects.filter(first_import_id=import_id).values_list("id", flat=True))
    amended = set(OrderImage.objects.filter(import_id=import_id).values_list("order_id", flat=True))
    undone = _unwind(model=OrderImage, owner="order_id", ids=created | amended, created=created, import_id=import_id)
    for order, result in undone.items():
        if result.creator_changes:
            Order.objects.filter(pk=order).update(first_import_id=result.created_by)
    _void_orders(order_ids=[order for order, result in undone.items() if result.delete_row], publisher=publisher)
    contents = {order: result.restore for order, result in undone.items() if result.restore is not None}
    _restore_orders(contents=contents, publisher=publisher)
    return len(undone)


def _unwind(
    *, model: _ImageModel, owner: str, ids: Collection[int], created: Collection[int], import_id: int
) -> dict[int, Unwound]:
    """Take the import out of each row's history of images; the rows themselves are the caller's."""
    histories: dict[int, list[Image]] = defaultdict(list)
    images = model._default_manager.all()  # noqa: SLF001 (Django's documented name)
    for part in slices(items=sorted(ids)):
        found = images.filter(**{f"{owner}__in": part}).order_by("id")
        for id_, row, by, content in found.values_list("id", owner, "import_id", "content"):
            histories[row].append(Image(id=id_, import_id=by, content=content))
    undone = {id_: unwound(images=histories[id_], import_id=import_id, created=id_ in created) for id_ in sorted(ids)}
    for part in slices(items=[image for result in undone.values() for image in result.drop]):
        images.filter(id__in=part).delete()
    rewritten = [rewrite for result in undone.values() for rewrite in result.rewrite]
    if rewritten:
        update_rows(model=model, columns=("id", "content"), rows=rewritten)
    return undone


def _void_orders(*, order_ids: Sequence[int], publisher: Publisher) -> None:
    for part in slices(items=order_ids):
        orders = {row[0]: OrderRow(*row) for row in Order.objects.filter(id__in=part).values_list(*OrderRow._fields)}
        parcels = Shipment.objects.filter(order_id__in=part)
        rows = [ShipmentRow(*row) for row in parcels.values_list(*ShipmentRow._fields)]
        publisher.voided_shipments(rows=rows, orders=orders)
        publisher.voided_orders(rows=list(orders.values()))
        ShipmentImage.objects.filter(shipment__order_id__in=part).delete()
        parcels.delete()
        OrderLine.objects.filter(order_id__in=part).delete()
        OrderImage.objects.filter(order_id__in=part).delete()
        Order.objects.filter(id__in=part).delete()


def _restore_orders(*, contents: dict[int, str], publisher: Publisher) -> None:
    for part in slices(items=sorted(contents)):
        revisions = dict(Order.objects.filter(id__in=part).values_list("id", "revision"))
        images = [read_order_image(content=contents[id_]) for id_ in part]
        people = existing(person_ids={row.person_id for row, _ in images if row.person_id})
        rows = [
            row._replace(revision=revisions[row.id] + 1, person_id=row.person_id if row.person_id in people else None)
            for row, _ in images
        ]
        lines = [line for _, lines in images for line in lines]
        OrderLine.objects.filter(order_id__in=part).delete()
        update_rows(model=Order, columns=OrderRow._fields, rows=rows)
        insert_rows(model=OrderLine, columns=LineRow._fields, rows=lines)
        orders = {row.id: row for row in rows}
        publisher.orders(rows=rows, created=lambda row: False)
        publisher.lines(rows=lines, orders=orders, products=known_products(ids={line.product_id for line in lines}))
        _restate_shipments(orders=orders, publisher=publisher)


def _restate_shipments(*, orders: dict[int, OrderRow], publisher: Publisher) -> None:
    """Say the parcels of restored orders again, since their facts repeat the order's customer and store."""
    found = Shipment.objects.filter(order_id__in=list(orders)).values_list(*ShipmentRow._fields)
    rows = [ShipmentRow(*row) for row in found]
    _write_shipments(rows=[row._replace(revision=row.revision + 1) for row in rows], orders=orders, publisher=publisher)


def _undo_shipments(*, import_id: int, publisher: Publisher) -> int:
    created = set(Shipment.objects.filter(first_import_id=import_id).values_list("id", flat=True))
    amended = set(ShipmentImage.objects.filter(import_id=import_id).values_list("shipment_id", flat=True))
    undone = _unwind(
        model=ShipmentImage, owner="shipment_id", ids=created | amended, created=created, import_id=import_id
    )
    for part in slices(items=sorted(undone)):
        _undo_shipments_of(part=part, undone=undone, publisher=publisher)
    return len(undone)


def _undo_shipments_of(*, part: Sequence[int], undone: dict[int, Unwound], publisher: Publisher) -> None:
    found = Shipment.objects.filter(id__in=part).values_list(*ShipmentRow._fields)
    now = {row[0]: ShipmentRow(*row) for row in found}
    order_ids = {row.order_id for row in now.values()}
    orders = {row[0]: OrderRow(*row) for row in Order.objects.filter(id__in=order_ids).values_list(*OrderRow._fields)}
    gone = [id_ for id_ in part if undone[id_].delete_row]
    publisher.voided_shipments(rows=[now[id_] for id_ in gone], orders=orders)
    ShipmentImage.objects.filter(shipment_id__in=gone).delete()
    Shipment.objects.filter(id__in=gone).delete()
    restored = []
    for id_ in part:
        result = undone[id_]
        if result.restore is not None:
            row = read_shipment_image(content=result.restore)
            restored.append(row._replace(revision=now[id_].revision + 1))
        if result.creator_changes:
            Shipment.objects.filter(pk=id_).update(first_import_id=result.created_by)
    _write_shipments(rows=restored, orders=orders, publisher=publisher)


def _write_shipments(*, rows: Sequence[ShipmentRow], orders: dict[int, OrderRow], publisher: Publisher) -> None:
    if rows:
        update_rows(model=Shipment, columns=ShipmentRow._fields, rows=rows)
        publisher.shipments(rows=rows, orders=orders)
