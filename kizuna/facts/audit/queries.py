"""Read and check the audit log."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from kizuna.facts.audit.models import AuditEntry
from kizuna.facts.audit.rules import FIRST, entry_hash


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One act, as the page and the export show it."""

    entry_id: int
    recorded_at: datetime
    actor: str
    action: str
    target: str
    detail: Mapping[str, object]
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainReport:
    """Whether every entry follows from the one before it; ``broken_at`` is the first that does not."""

    entry_count: int
    broken_at: int | None

    @property
    def intact(self) -> bool:
        return self.broken_at is None


def entries(
    *, limit: int = 100, before_id: int | None = None, actor: str = "", action: str = "", target: str = ""
) -> list[Entry]:
    """Entries the newest first, narrowed by exact actor, action or target; ``before_id`` pages on."""
    rows = AuditEntry.objects.order_by("-id")
    wanted = {"actor": actor, "action": action, "target": target}
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    if before_id is not None:
        rows = rows.filter(id__lt=before_id)
    return [
        Entry(
            entry_id=row.pk,
            recorded_at=row.recorded_at,
            actor=row.actor,
            action=row.action,
            target=row.target,
            detail=row.detail,
            hash=row.hash,
        )
        for row in rows[:limit]
    ]


def verify_chain() -> ChainReport:
    """Recompute every hash in order; a changed, removed or inserted entry breaks the chain at its place."""
    previous, seen = FIRST, 0
    for row in AuditEntry.objects.order_by("id").iterator(chunk_size=2000):
        expected = entry_hash(
            previous_hash=previous,
            recorded_at=row.recorded_at,
            actor=row.actor,
            action=row.action,
            target=row.target,
            detail=row.detail,
        )
        if row.previous_hash != previous or row.hash != expected:
            return ChainReport(entry_count=seen, broken_at=row.pk)
        previous, seen = row.hash, seen + 1
    return ChainReport(entry_count=seen, broken_at=None)
