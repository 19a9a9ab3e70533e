"""Find whom practices are for without being told: what came by import, and what is a matter of the calendar."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import cast

from django.db import transaction

from kizuna.act.practices.models import Enrolment, Practice
from kizuna.act.practices.operations.begin import offer_moments, running
from kizuna.act.practices.operations.enrol import enrol
from kizuna.act.practices.queries.answers import Awaiting, happened_since
from kizuna.act.practices.queries.history import Found, found_between
from kizuna.act.practices.queries.people import Customers
from kizuna.act.practices.rules.candidates import Candidate
from kizuna.act.practices.rules.flow import Awaited, DateTrigger, FactTrigger, Flow, QuietTrigger
from kizuna.act.practices.rules.moments import Moment, order_named
from kizuna.customers.orders.queries import overdue_parcels
from kizuna.customers.stores.queries import among
from kizuna.facts.state.queries import generation

EVERY = timedelta(minutes=5)
"""How often the calendar is asked. A promise that has passed is noticed within this."""

NEWS = timedelta(minutes=1)
"""How often at most new facts are gone through: a busy shop has a new state every second, and reactions are faster."""

SLICE = 5_000


def sweep(*, now: datetime) -> int:
    """Offer every running practice the moments since it started that are still fresh; answers how many it enrolled.

    What a reaction has found already is found again under the same cause and counts once. A practice whose sweep
    fails does not keep the others from theirs.
    """
    done, number, failures = 0, generation(), []
    flows = dict(running())
    for row in Practice.objects.exclude(state="draft").order_by("-priority", "id"):
        try:
            done += _sweep_practice(row=row, flow=flows.get(row.name), number=number, now=now)
        except Exception as failure:
            failures.append(failure)
    if failures:
        raise failures[0]
    return done


def _sweep_practice(*, row: Practice, flow: Flow | None, number: int, now: datetime) -> int:
    """``flow`` is None for a practice that takes nobody now; those inside may still be waiting for something."""
    news = row.swept_generation != number
    # Also without news: days and promises pass, and what a file said of tomorrow has come to be.
    if row.swept_at is not None and now - row.swept_at < (NEWS if news else EVERY):
        return 0
    # Also without news: what was known before the wait began is news to whoever has just come to it.
    done = _wake_imported(practice_id=row.pk, now=now)
    done += _offer(row=row, flow=flow, now=now) if flow else 0
    Practice.objects.filter(pk=row.pk).update(swept_at=now, swept_generation=number)
    return done


def _offer(*, row: Practice, flow: Flow, now: datetime) -> int:
    since = max(row.started_at or now, now - timedelta(hours=flow.freshness_hours))
    made = 0
    for part in _parts(_candidates(practice=row, flow=flow, since=since, now=now)):
        if isinstance(flow.trigger, FactTrigger):
            moments = [one for one in part if isinstance(one, Moment)]
            made += offer_moments(practice=row.name, trigger=flow.trigger, moments=moments, now=now).enrolled
        else:
            candidates = [one for one in part if isinstance(one, Candidate)]
            made += enrol(practice=row.name, candidates=candidates, now=now).enrolled
    return made


def _candidates(*, practice: Practice, flow: Flow, since: datetime, now: datetime) -> Sequence[Moment | Candidate]:
    trigger = flow.trigger
    if isinstance(trigger, FactTrigger):
        if trigger.fact == "promise_missed":
            return list(_missed(since=since, now=now))
        return [_moment(trigger=trigger, found=one) for one in found_between(trigger=trigger, since=since, until=now)]
    found = found_between(trigger=trigger, since=since, until=now)
    if isinstance(trigger, QuietTrigger):
        return _still_quiet(found=found, now=now)
    return _dated(practice_id=practice.pk, trigger=trigger, found=found)


def _parts(found: Sequence[Moment | Candidate]) -> Iterator[Sequence[Moment | Candidate]]:
    for start in range(0, len(found), SLICE):
        yield found[start : start + SLICE]


def _moment(*, trigger: FactTrigger, found: Found) -> Moment:
    return Moment(
        fact="delivered" if trigger.fact == "delivered_late" else trigger.fact,
        person_id=found.person_id,
        thing_id=found.thing_id,
        at=found.at,
        order_id=found.order_id,
        store=found.store,
        touchpoint=trigger.touchpoint or "",
        instrument=found.instrument,
        score=found.score,
        late=found.late,
    )


def _missed(*, since: datetime, now: datetime) -> Iterator[Moment]:
    """From the records, not from the state: a delivery that has just become known must not be apologised for."""
    for parcel in overdue_parcels(promised_from=since, promised_to=now):
        yield Moment(
            fact="promise_missed",
            person_id=parcel.person_id,
            thing_id=parcel.shipment_id,
            at=parcel.promised_at,
            order_id=parcel.order_id,
            store=parcel.store,
        )


def _still_quiet(*, found: Sequence[Found], now: datetime) -> list[Candidate]:
    """Without those who have ordered since the state was made."""
    customers = Customers(person_ids=[one.person_id for one in found])
    quiet = []
    for one in found:
        root = customers.root.get(one.person_id)
        placed = [order for at, order in customers.orders(root=root) if at <= now] if root is not None else []
        if placed and placed[-1] == one.order_id:
            context = {"order_id": one.order_id, "store": one.store}
            cause = f"quiet:{one.order_id}"
            quiet.append(Candidate(person_id=one.person_id, cause=cause, at=one.at, context=context))
    return quiet


def _dated(*, practice_id: int, trigger: DateTrigger, found: Sequence[Found]) -> list[Candidate]:
    """Once a year a customer, also when two records that were each served have become one customer since."""
    customers = Customers(person_ids=[one.person_id for one in found])
    causes = {
        f"{trigger.date}:{record}:{one.thing_id}": one
        for one in found
        for record in customers.records.get(one.person_id, ())
    }
    rows = Enrolment.objects.filter(among(column="cause", values=list(causes)), practice_id=practice_id)
    served = {causes[cause].person_id for cause in rows.values_list("cause", flat=True)}
    return [
        Candidate(
            person_id=one.person_id,
            cause=f"{trigger.date}:{one.person_id}:{one.thing_id}",
            at=one.at,
            context={"store": one.store} if one.store else {},
        )
        for one in found
        if one.person_id not in served
    ]


def _wake_imported(*, practice_id: int, now: datetime) -> int:
    """Wake those whose fact came by import, which wakes no reaction."""
    waiting = Enrolment.objects.filter(practice_id=practice_id, state="waiting", due_at__gt=now).exclude(awaits="")
    rows = list(waiting.order_by("id").values_list("id", "person_id", "awaits", "moved_at", "cause"))
    woken = 0
    for start in range(0, len(rows), SLICE):
        part = rows[start : start + SLICE]
        awaiting = [
            Awaiting(person_id=person, what=cast("Awaited", awaits), since=moved_at, order_id=order_named(cause=cause))
            for _, person, awaits, moved_at, cause in part
        ]
        ids = [row[0] for row, did in zip(part, happened_since(awaiting=awaiting), strict=True) if did]
        with transaction.atomic():
            due = Enrolment.objects.filter(among(column="id", values=ids), state="waiting").exclude(awaits="")
            woken += due.update(due_at=now, awaits="")
    return woken
