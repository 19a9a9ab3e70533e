"""Add to the audit log."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from kizuna.facts.audit.models import AuditEntry
from kizuna.facts.audit.rules import FIRST, entry_hash, plain
from kizuna.facts.rows.operations import hold

_CHAIN_LOCK = 0x6B697A  # any fixed number; it only has to differ from other advisory locks of this database


def record(*, actor: str, action: str, target: str, detail: Mapping[str, object], now: datetime) -> None:
    """Append one act to the chain, in the caller's transaction when there is one.

    ``actor`` is ``user:<id>`` or ``system``; ``target`` names a thing by id. No customer's name, address
    or text may be given: the log outlives an erasure.
    """
    with transaction.atomic():
        hold(lock=_CHAIN_LOCK)  # two entries at once would name the same predecessor
        last = AuditEntry.objects.order_by("-id").values_list("hash", flat=True).first() or FIRST
        kept = plain(detail=detail)
        values = {"recorded_at": now, "actor": actor, "action": action, "target": target, "detail": kept}
        digest = entry_hash(previous_hash=last, recorded_at=now, actor=actor, action=action, target=target, detail=kept)
        AuditEntry.objects.create(**values, previous_hash=last, hash=digest)
