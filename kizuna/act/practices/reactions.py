"""What happened to a customer begins practices, and wakes those who waited for it."""

from datetime import datetime

from kizuna.act.practices.operations.begin import begin, wake
from kizuna.act.practices.rules.moments import WAKES, moment_of
from kizuna.facts.catalogue import Fact, ShipmentDelivered


def something_happened(*, fact: Fact, fact_id: str, now: datetime) -> None:
    """Idempotent by the cause, which the fact names, and by the wait, which ends once."""
    del fact_id
    moment = moment_of(fact=fact, now=now)
    if moment is not None:
        begin(moments=[moment], now=now)
    awaited = WAKES.get(type(fact))
    if awaited and fact.person_id is not None:
        order_id = fact.order_id if isinstance(fact, ShipmentDelivered) else None
        wake(awaited=awaited, person_id=fact.person_id, at=fact.occurred_at, now=now, order_id=order_id)
