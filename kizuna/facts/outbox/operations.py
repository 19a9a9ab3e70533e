"""Publish facts with the change that caused them, and let each waking fact reach its reactions."""

import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import groupby

from django.db import connection, transaction
from django.db.models import QuerySet

from kizuna.errors import NotFound, Refusal
from kizuna.facts.audit.operations import record
from kizuna.facts.catalogue import CATALOGUE, Fact
from kizuna.facts.outbox.models import Checkup, OutboxEntry, StepTrouble, WorkerBeat
from kizuna.facts.outbox.rules import (
    ENTRY_FACTS,
    TRIES,
    WAKING_FACTS,
    Violation,
    complete_columns,
    is_check_due,
    pack,
    to_columns,
    to_facts,
    wait_after,
)
from kizuna.facts.rows.operations import reach
from kizuna.words import Words

Reactions = Mapping[type[Fact], Sequence[Callable[..., None]]]
Checks = Sequence[Callable[..., Sequence[Violation]]]

FORGOTTEN = timedelta(days=1)
"""So long after its last beat the row of a killed worker is removed."""


class EntryNotParked(NotFound):
    """The entry does not exist or is not parked (any more)."""

    code = "entry_not_parked"

    def __init__(self, *, entry_id: int) -> None:
        super().__init__(Words(ja="この事実は保留されていません。", en="This fact is not parked."))
        self.entry_id = entry_id


def publish(*, facts: Sequence[Fact], now: datetime, wake: bool = True) -> None:
    """Record that ``facts`` happened, in the transaction of the change that caused them.

    Facts of several types may be given together. ``wake=False`` is for history: it reaches the lake
    but no reaction.

    Raises: TransactionManagementError outside a transaction.
    """
    by_type = sorted(facts, key=lambda one: type(one).__name__)
    entries: list[OutboxEntry] = []
    for name, group in groupby(by_type, key=lambda one: type(one).__name__):
        fact = CATALOGUE[name]
        columns = complete_columns(fact=fact, columns=to_columns(fact=fact, facts=list(group)))
        entries.extend(_entries(fact=fact, columns=columns, now=now, wake=wake))
    _insert(entries=entries)


def publish_columns(
    *, fact: type[Fact], columns: Mapping[str, Sequence[object]], now: datetime, wake: bool = False
) -> None:
    """Publish many facts of one type, given by column; columns with a default may be left out.

    Raises: TransactionManagementError outside a transaction; ValueError when the columns do not fit the fact.
    """
    if not columns or not len(next(iter(columns.values()))):
        return
    complete = complete_columns(fact=fact, columns=columns)
    _insert(entries=list(_entries(fact=fact, columns=complete, now=now, wake=wake)))


def row_of(*, fact: Fact, now: datetime) -> tuple[str, dict[str, object]]:
    """The table and the row, by column, that ``publish`` would write for one waking fact.

    For an operation that commits in one statement and takes the outbox into it; everybody else publishes.
    """
    kind = type(fact)
    columns = complete_columns(fact=kind, columns=to_columns(fact=kind, facts=[fact]))
    (entry,) = _entries(fact=kind, columns=columns, now=now, wake=True)
    options = OutboxEntry._meta  # noqa: SLF001  Django documents it as public
    named: dict[str, object] = {
        str(field.column): getattr(entry, field.attname) for field in options.concrete_fields if not field.primary_key
    }
    return options.db_table, named


def _entries(
    *, fact: type[Fact], columns: Mapping[str, Sequence[object]], now: datetime, wake: bool
) -> Iterator[OutboxEntry]:
    total = len(columns["occurred_at"])
    size = WAKING_FACTS if wake else ENTRY_FACTS
    for start in range(0, total, size):
        part = {name: list(values[start : start + size]) for name, values in columns.items()}
        yield OutboxEntry(
            fact_type=fact.__name__,
            fact_count=min(size, total - start),
            payload=pack(columns=part),
            recorded_at=now,
            due_at=now,
            wakes=wake,
        )


def _insert(*, entries: list[OutboxEntry]) -> None:
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("facts are published inside the transaction of their change")
    OutboxEntry.objects.bulk_create(entries, batch_size=200)


def react_due(*, now: datetime, reactions: Reactions, limit: int) -> int:
    """Hand up to ``limit`` waking entries to their reactions; answers how many entries were handled.

    A reaction and the mark that it ran commit together: a crash before the commit undoes both and the
    fact comes again, so a reaction may run twice but its effects on the database stand once. A failing
    reaction is tried again later and parked after eight tries. Entries whose type has no reaction are
    simply marked.
    """
    deaf = set(CATALOGUE) - {fact.__name__ for fact, called in reactions.items() if called}
    handled = _due(now=now).filter(fact_type__in=deaf).update(reacted_at=now)
    while handled < limit and _react_to_next(now=now, reactions=reactions):
        handled += 1
    return handled


def _due(*, now: datetime) -> "QuerySet[OutboxEntry]":
    return OutboxEntry.objects.filter(wakes=True, reacted_at=None, parked_at=None, due_at__lte=now)


def _react_to_next(*, now: datetime, reactions: Reactions) -> bool:
    skip_locked = connection.features.has_select_for_update_skip_locked
    with transaction.atomic():
        # On SQLite the IMMEDIATE transaction itself keeps a second worker out.
        entry = _due(now=now).select_for_update(skip_locked=skip_locked).order_by("due_at", "id").first()
        if entry is None:
            return False
        facts = to_facts(fact_type=entry.fact_type, payload=bytes(entry.payload))
        for place in range(entry.reacted_count, len(facts)):
            error = _react(fact=facts[place], fact_id=f"{entry.pk}:{place}", now=now, reactions=reactions)
            if error:
                _postpone(entry=entry, error=error, now=now)
                break
            entry.reacted_count, entry.attempts, entry.error = place + 1, 0, ""
        else:
            entry.reacted_at = now
        reach(label="outbox.reacted")
        entry.save(update_fields=["reacted_at", "reacted_count", "attempts", "due_at", "error", "parked_at"])
    return True


def _react(*, fact: Fact, fact_id: str, now: datetime, reactions: Reactions) -> str:
    """Run the reactions to one fact; a failure is rolled back on its own and answered as text."""
    try:
        with transaction.atomic():
            for reaction in reactions[type(fact)]:
                reaction(fact=fact, fact_id=fact_id, now=now)
    except Exception as failure:
        return describe(failure=failure)
    return ""


def describe(*, failure: Exception) -> str:
    """Where it failed and with what; only our own refusals are quoted, since a driver's message may repeat a row."""
    frames = "".join(traceback.format_tb(failure.__traceback__, limit=-5))
    said = f": {failure.words.en}" if isinstance(failure, Refusal) else ""
    return f"{frames}{type(failure).__name__}{said}"[-4000:]


def _postpone(*, entry: OutboxEntry, error: str, now: datetime) -> None:
    entry.attempts += 1
    entry.error = error
    entry.due_at = now + wait_after(attempts=entry.attempts)
    if entry.attempts >= TRIES:
        entry.parked_at = now


def retry_parked(*, entry_id: int, now: datetime) -> None:
    """Let a parked fact be tried again at once.

    Raises: EntryNotParked.
    """
    with transaction.atomic():
        entry = _parked(entry_id=entry_id)
        entry.parked_at, entry.attempts, entry.due_at = None, 0, now
        entry.save(update_fields=["parked_at", "attempts", "due_at"])


def discard_parked(*, entry_id: int, reason: str, actor: str, now: datetime) -> None:
    """Give up the one fact whose reaction keeps failing and go on with the rest of its entry.

    The fact stays in the lake; only its reactions are skipped, and the audit log says who decided so.

    Raises: EntryNotParked.
    """
    with transaction.atomic():
        entry = _parked(entry_id=entry_id)
        place = entry.reacted_count
        entry.reacted_count, entry.parked_at, entry.attempts, entry.due_at = place + 1, None, 0, now
        if entry.reacted_count >= entry.fact_count:
            entry.reacted_at = now
        entry.save(update_fields=["reacted_count", "reacted_at", "parked_at", "attempts", "due_at"])
        record(
            actor=actor,
            action="facts.discard_parked",
            target=f"{entry.fact_type} {entry_id}:{place}",
            detail={"reason": reason},
            now=now,
        )


def _parked(*, entry_id: int) -> OutboxEntry:
    entry = OutboxEntry.objects.select_for_update().filter(pk=entry_id, parked_at__isnull=False).first()
    if entry is None:
        raise EntryNotParked(entry_id=entry_id)
    return entry


def beat(*, worker: str, started_at: datetime, now: datetime) -> None:
    """Note that the worker of this name lives."""
    WorkerBeat.objects.update_or_create(worker=worker, defaults={"started_at": started_at, "seen_at": now})
    WorkerBeat.objects.filter(seen_at__lt=now - FORGOTTEN).delete()
    StepTrouble.objects.filter(failed_at__lt=now - FORGOTTEN).delete()


def end_beat(*, worker: str) -> None:
    """The worker has ended in order."""
    WorkerBeat.objects.filter(worker=worker).delete()
    StepTrouble.objects.filter(worker=worker).delete()


def note_trouble(
    *, worker: str, step: str, failure: Exception, failed_count: int, due_at: datetime, now: datetime
) -> None:
    """Note that a step of this worker has failed so often in a row and when it is tried again."""
    told = {"error": describe(failure=failure), "failed_count": failed_count, "failed_at": now, "due_at": due_at}
    StepTrouble.objects.update_or_create(
        worker=worker, step=step, defaults=told, create_defaults={**told, "since": now}
    )


def end_trouble(*, worker: str, step: str) -> None:
    """The step works again."""
    StepTrouble.objects.filter(worker=worker, step=step).delete()


def check_due(*, now: datetime, checks: Checks) -> int:
    """Hold the records against ``checks`` when a day has passed; answers 1 when it did. One worker does it."""
    seen = Checkup.objects.filter(pk=1).first()
    if seen is not None and not _is_due(seen, now=now):
        return 0
    with transaction.atomic():
        Checkup.objects.get_or_create(pk=1)
        row = Checkup.objects.select_for_update().get(pk=1)
        if not _is_due(row, now=now):
            return 0
        row.begun_at = now
        row.save(update_fields=["begun_at"])
    try:
        check_now(now=now, checks=checks)
    except Exception:
        Checkup.objects.filter(pk=1).update(begun_at=None)
        raise
    return 1


def check_now(*, now: datetime, checks: Checks) -> None:
    """Hold the records against ``checks``, as they stand at one moment; what was found takes the place of the last."""
    begun = time.monotonic()
    found = held_against(now=now, checks=checks)
    told = [
        {"rule": one.rule, "ja": one.words.ja, "en": one.words.en, "count": one.count, "examples": list(one.examples)}
        for one in found
    ]
    took = round(time.monotonic() - begun, 1)
    values = {"checked_at": now, "begun_at": None, "took_seconds": took, "found": told}
    Checkup.objects.update_or_create(pk=1, defaults=values)


def held_against(*, now: datetime, checks: Checks) -> list[Violation]:
    """What of ``checks`` does not hold, all of them asked of the records as they stand at one moment."""
    with _at_one_moment():
        return [one for check in checks for one in check(now=now)]


def _is_due(row: Checkup, *, now: datetime) -> bool:
    return is_check_due(checked_at=row.checked_at, begun_at=row.begun_at, broken=bool(row.found), now=now)


@contextmanager
def _at_one_moment() -> Iterator[None]:
    """Every statement inside reads the same state, and nobody who writes has to wait.

    A check reads several tables one after the other: what others commit meanwhile would look like a contradiction.
    """
    if connection.in_atomic_block:  # somebody else's transaction: it has its own view
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")  # atomic() would take the lock of the one writer
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
