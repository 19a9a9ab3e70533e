"""Orders, their lines and parcels, and what imports changed."""

from django.db import models


class Order(models.Model):
    """One order as one source knows it. It holds no name and no address: those are the person's.

    ``digest`` sums up the imported content; the same digest again changes nothing. ``revision`` counts the
    changes and is carried by the order's facts and those of its lines.

    Personal data: none but the link to a person record. Basis: contract. Erased by: the person record is
    emptied and the order stays as a pseudonymous sale.
    """

    source = models.CharField(max_length=60)
    external_id = models.CharField(max_length=200)
    person = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    store = models.ForeignKey("stores.Store", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    ordered_at = models.DateTimeField()
    channel = models.CharField(max_length=60)
    subtotal_yen = models.BigIntegerField()
    discount_yen = models.BigIntegerField()
    points_used_yen = models.BigIntegerField()
    shipping_yen = models.BigIntegerField()
    total_yen = models.BigIntegerField()
    refunded_yen = models.BigIntegerField()
    quantity = models.BigIntegerField()
    cancelled = models.BooleanField()
    payment_method = models.TextField(blank=True)
    digest = models.CharField(max_length=32)
    revision = models.IntegerField()
    first_import_id = models.BigIntegerField(null=True, db_index=True)
    recorded_at = models.DateTimeField()

    class Meta:
        # The number first: an import looks its chunk up by number over all sources.
        constraints = [models.UniqueConstraint(fields=["external_id", "source"], name="order_once_per_source")]
        indexes = [models.Index(fields=["ordered_at"], name="order_by_time")]

    def __str__(self) -> str:
        return f"{self.source} {self.external_id}"


class OrderLine(models.Model):
    """One line of an order, as imported.

    Personal data: an engraved name may stand in ``name`` or ``variant``. Basis: contract.
    Erased by: orders.operations.erase_people.
    """

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="+", db_index=False)
    line_no = models.IntegerField()
    product = models.ForeignKey("products.Product", on_delete=models.PROTECT, related_name="+", db_index=False)
    name = models.TextField(blank=True)
    variant = models.TextField(blank=True)
    category = models.CharField(max_length=200, blank=True)
    brand = models.CharField(max_length=200, blank=True)
    quantity = models.BigIntegerField()
    unit_price_yen = models.BigIntegerField()
    discount_yen = models.BigIntegerField()
    amount_yen = models.BigIntegerField()

    class Meta:
        # The unique index serves the lookups by order, so the foreign key has none of its own (likewise below).
        constraints = [models.UniqueConstraint(fields=["order", "line_no"], name="line_once_per_order")]


class Shipment(models.Model):
    """One parcel of an order. A time that became known is not forgotten when a later file leaves it out.

    Personal data: the tracking number. Basis: contract. Erased by: orders.operations.erase_people.
    """

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="+", db_index=False)
    external_id = models.CharField(max_length=200)
    carrier = models.CharField(max_length=100, blank=True)
    tracking_no = models.CharField(max_length=100, blank=True)
    promised_at = models.DateTimeField(null=True)
    shipped_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    revision = models.IntegerField()
    first_import_id = models.BigIntegerField(null=True, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order", "external_id"], name="shipment_once_per_order")]


class OrderImage(models.Model):
    """What an order and its lines said before a write changed them, so that an import can be undone.

    Personal data: as the order's lines. Basis: undo. Erased by: orders.operations.erase_people.
    """

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="+")
    import_id = models.BigIntegerField(null=True, db_index=True)
    content = models.TextField()
    recorded_at = models.DateTimeField()


class ShipmentImage(models.Model):
    """What a shipment said before a write changed it.

    Personal data: the tracking number. Basis: undo. Erased by: orders.operations.erase_people.
    """

    shipment = models.ForeignKey(Shipment, on_delete=models.CASCADE, related_name="+")
    import_id = models.BigIntegerField(null=True, db_index=True)
    content = models.TextField()
    recorded_at = models.DateTimeField()
