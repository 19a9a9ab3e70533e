"""Let moments begin practices and wake those who wait for them."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from kizuna.act.practices.models import Enrolment, Practice, PracticeVersion
from kizuna.act.practices.operations.enrol import Enrolled, enrol
from kizuna.act.practices.queries.people import Customers
from kizuna.act.practices.queries.practices import flow_of
from kizuna.act.practices.rules.flow import FactTrigger, Flow
from kizuna.act.practices.rules.moments import Moment, begins, candidate_of
from kizuna.customers.orders.queries import arrivals
from kizuna.customers.stores.queries import among


def begin(*, moments: Sequence[Moment], now: datetime) -> int:
    """Offer each moment to every running practice that looks for it; answers how many enrolments it made."""
    made = 0
    for name, flow in running():
        if isinstance(flow.trigger, FactTrigger):
            made += offer_moments(practice=name, trigger=flow.trigger, moments=moments, now=now).enrolled
    return made


def running() -> list[tuple[str, Flow]]:
    """The running practices with the flow that new people enter, by name."""
    rows = Practice.objects.filter(state="running").order_by("name").values_list("id", "name", "number")
    wanted = {(id_, number): name for id_, name, number in rows}
    versions = PracticeVersion.objects.filter(practice_id__in=[id_ for id_, _ in wanted])
    flows = {
        wanted[id_, number]: flow_of(text=text)
        for id_, number, text in versions.values_list("practice_id", "number", "flow")
        if (id_, number) in wanted
    }
    return sorted(flows.items())


def offer_moments(*, practice: str, trigger: FactTrigger, moments: Sequence[Moment], now: datetime) -> Enrolled:
    """Enrol those whose moment this trigger looks for."""
    fitting = [moment for moment in moments if begins(trigger=trigger, moment=moment)]
    if trigger.nth_order is not None and fitting:
        fitting = _nth(trigger=trigger, moments=fitting)
    if not fitting:
        return Enrolled()
    candidates = [candidate_of(trigger=trigger, moment=moment) for moment in fitting]
    return enrol(practice=practice, candidates=candidates, now=now)


def _nth(*, trigger: FactTrigger, moments: Sequence[Moment]) -> list[Moment]:
    """Those whose order is the customer's nth kept one."""
    customers = Customers(person_ids=[moment.person_id for moment in moments])
    found = []
    for moment in moments:
        if moment.person_id not in customers.root:
            continue
        orders = [order for _, order in customers.orders(root=customers.root[moment.person_id])]
        if moment.order_id in orders and orders.index(moment.order_id) + 1 == trigger.nth_order:
            found.append(moment)
    return found


@transaction.atomic
def wake(*, awaited: str, person_id: int, at: datetime, now: datetime, order_id: int | None = None) -> int:
    """What these customers waited for has happened to one of them: their time has come; answers how many were woken.

    A paused practice's people are woken too: they go on when it does. Whoever came in by an order waits for all the
    parcels of that very order.
    """
    customers = Customers(person_ids=[person_id])
    if person_id not in customers.root:  # erased, or taken out again with its import
        return 0
    records = customers.records[customers.root[person_id]]
    rows = Enrolment.objects.filter(among(column="person_id", values=records), awaits=awaited, state="waiting")
    rows = rows.filter(due_at__gt=now)
    if awaited != "delivered":
        return rows.filter(caused_at__lt=at).update(due_at=now, awaits="")
    woken = rows.filter(caused_at__lt=at).exclude(cause__startswith="order:").update(due_at=now, awaits="")
    arrival = arrivals(order_ids=[order_id]).get(order_id) if order_id is not None else None
    if arrival is not None and arrival.arrived:
        woken += rows.filter(cause=f"order:{order_id}").update(due_at=now, awaits="")
    return woken
