"""Addresses that are not written to any more."""

from datetime import datetime

from django.db import transaction

from kizuna.act.outreach.models import Suppression
from kizuna.customers.consent.operations import hold_consent
from kizuna.errors import NotFound
from kizuna.facts.audit.operations import record
from kizuna.words import Words


class NoSuchSuppression(NotFound):
    """The address is not held back (any more)."""

    code = "no_such_suppression"

    def __init__(self, *, suppression_id: int) -> None:
        super().__init__(Words(ja="この配信停止は見つかりません。", en="There is no such stop."))
        self.suppression_id = suppression_id


def suppress_digest(
    *, channel: str, digest: str, kind: str, person_id: int | None, message_id: int | None, now: datetime
) -> None:
    """Write to this address no more; ``kind`` is bounce or complaint. Call it inside ``atomic()``."""
    hold_consent()
    known = Suppression.objects.filter(channel=channel, digest=digest, lifted_at=None).first()
    if known is None:
        Suppression.objects.create(
            channel=channel, digest=digest, kind=kind, person_id=person_id, message_id=message_id, since=now
        )
    elif kind == "complaint" and known.kind != "complaint":
        known.kind, known.since = kind, now
        known.save(update_fields=["kind", "since"])


@transaction.atomic
def lift_suppression(*, suppression_id: int, actor: str, now: datetime) -> None:
    """Staff have made sure that the address is right again.

    Raises: NoSuchSuppression.
    """
    row = Suppression.objects.select_for_update().filter(pk=suppression_id, lifted_at=None).first()
    if row is None:
        raise NoSuchSuppression(suppression_id=suppression_id)
    row.lifted_at, row.lifted_by = now, actor
    row.save(update_fields=["lifted_at", "lifted_by"])
    target = f"person:{row.person_id}"
    record(actor=actor, action="outreach.suppression_lifted", target=target, detail={"kind": row.kind}, now=now)
