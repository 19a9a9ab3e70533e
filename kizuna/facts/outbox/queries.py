"""What waits in the outbox, for the worker and for the page of parked facts."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db.models import Min

from kizuna.facts.outbox.models import Checkup, OutboxEntry, StepTrouble, WorkerBeat
from kizuna.facts.outbox.rules import SILENT, Violation, to_facts
from kizuna.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class ParkedFact:
    """One fact whose reactions failed too often. ``waiting_count`` counts it and the facts behind it."""

    entry_id: int
    fact_id: str
    fact_type: str
    values: Mapping[str, object]
    recorded_at: datetime
    parked_at: datetime
    attempts: int
    error: str
    waiting_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxStatus:
    """How much still has to reach the lake or the reactions. ``oldest_at`` is the oldest unclaimed entry's time."""

    unclaimed_count: int
    reaction_count: int
    parked_count: int
    oldest_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FailingStep:
    """A step that a worker tries again and again; ``due_at`` is its next try."""

    worker: str
    step: str
    error: str
    failed_count: int
    since: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LastCheckup:
    """What the last check of what must always hold has found; nothing means that all of it holds."""

    checked_at: datetime
    took_seconds: float
    violations: tuple[Violation, ...]


def parked(*, limit: int = 200) -> list[ParkedFact]:
    """The parked facts, the newest first."""
    entries = OutboxEntry.objects.filter(parked_at__isnull=False).order_by("-parked_at", "-id")[:limit]
    return [_parked_fact(entry=entry) for entry in entries]


def status() -> OutboxStatus:
    """What is waiting right now."""
    unclaimed = OutboxEntry.objects.filter(batch=None)
    waiting = OutboxEntry.objects.filter(wakes=True, reacted_at=None, parked_at=None)
    return OutboxStatus(
        unclaimed_count=unclaimed.count(),
        reaction_count=waiting.count(),
        parked_count=OutboxEntry.objects.filter(parked_at__isnull=False).count(),
        oldest_at=unclaimed.aggregate(oldest=Min("recorded_at"))["oldest"],
    )


def worker_seen_at() -> datetime | None:
    """When a worker last said that it lives; None when none runs and none was killed in the last day."""
    return WorkerBeat.objects.order_by("-seen_at").values_list("seen_at", flat=True).first()


def failing_steps() -> list[FailingStep]:
    """What keeps failing in the workers' rounds, the longest-standing first."""
    return [
        FailingStep(
            worker=row.worker,
            step=row.step,
            error=row.error,
            failed_count=row.failed_count,
            since=row.since,
            due_at=row.due_at,
        )
        for row in StepTrouble.objects.order_by("since", "id")
    ]


def last_checkup() -> LastCheckup | None:
    """The last check that came to its end; None before the first."""
    row = Checkup.objects.filter(pk=1).first()
    if row is None or row.checked_at is None:
        return None
    violations = (
        Violation(
            rule=one["rule"],
            words=Words(ja=one["ja"], en=one["en"]),
            count=one["count"],
            examples=tuple(one["examples"]),
        )
        for one in row.found
    )
    return LastCheckup(checked_at=row.checked_at, took_seconds=row.took_seconds, violations=tuple(violations))


def living_workers(*, now: datetime) -> frozenset[str]:
    """The names of the workers that have said within the last minute that they live."""
    return frozenset(WorkerBeat.objects.filter(seen_at__gt=now - SILENT).values_list("worker", flat=True))


def _parked_fact(*, entry: OutboxEntry) -> ParkedFact:
    place = entry.reacted_count
    fact = to_facts(fact_type=entry.fact_type, payload=bytes(entry.payload))[place]
    if entry.parked_at is None:
        raise ValueError(f"entry {entry.pk} is not parked")
    return ParkedFact(
        entry_id=entry.pk,
        fact_id=f"{entry.pk}:{place}",
        fact_type=entry.fact_type,
        values=asdict(fact),
        recorded_at=entry.recorded_at,
        parked_at=entry.parked_at,
        attempts=entry.attempts,
        error=entry.error,
        waiting_count=entry.fact_count - place,
    )
