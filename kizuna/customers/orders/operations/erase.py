"""Take out of a customer's orders what could name them."""

from datetime import datetime

from django.db import transaction

from kizuna.customers.orders.models import Order, OrderImage, OrderLine, Shipment, ShipmentImage
from kizuna.customers.people.queries import records_of


@transaction.atomic
def erase_people(*, root_id: int, now: datetime) -> int:
    """Blank tracking numbers and the lines' free wording (an engraved name may stand there); answers how many orders.

    Amounts, products, dates and the digest stay, so no number changes and a second import still finds
    the order. Earlier versions go, and with them the possibility to undo amendments of these orders.
    """
    orders = list(Order.objects.filter(person_id__in=records_of(person_id=root_id)).values_list("id", flat=True))
    OrderImage.objects.filter(order_id__in=orders).delete()
    ShipmentImage.objects.filter(shipment__order_id__in=orders).delete()
    Shipment.objects.filter(order_id__in=orders).update(tracking_no="")
    OrderLine.objects.filter(order_id__in=orders).update(name="", variant="")
    return len(orders)
