"""Benches of practices: timers that fall due, with the messages they plan, and lots with the people they let in."""

import math
import multiprocessing
import resource
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, transaction

from kizuna.act.outreach.models import Message
from kizuna.act.outreach.operations import ensure_template
from kizuna.act.outreach.rules.wording import Body
from kizuna.act.practices.models import Assignment, Enrolment
from kizuna.act.practices.operations import create_practice, enrol, start, step_due
from kizuna.act.practices.queries import is_held_out
from kizuna.act.practices.rules.candidates import Candidate
from kizuna.act.practices.rules.flow import Arm, End, FactTrigger, Flow, Goal, Send, Wait
from kizuna.customers.orders.models import Order
from kizuna.customers.people.models import Person
from kizuna.facts.outbox.models import OutboxEntry
from kizuna.facts.rows.operations import insert_rows, reserve_ids
from kizuna.words import Words

NOW = datetime(2026, 4, 1, 3, tzinfo=UTC)
SLICE = 20_000
WORKERS = 2
_WHOSE = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
ASKED = 2_000

FLOW = Flow(
    trigger=FactTrigger(fact="delivered"),
    arms=(Arm(name="mail", first="rest"), Arm(name="letter", first="rest")),
    nodes={
        "rest": Wait(days=3, until_local_hour=10, next="thank"),
        "thank": Send(template="bench", next="later"),
        "later": Wait(days=30, next="end"),
        "end": End(),
    },
    goal=Goal(metric="repeat_rate"),
    holdout_share=0.1,
)


def steps(*, seed: int, size: int = 1_000_000) -> dict[str, Any]:
    """The timers of ``size`` customers fall due at once; each moves on and plans its message, a row of the outbox."""
    people = _prepare(count=size, seed=seed)
    figures: dict[str, Any] = {}
    enrolling = _seconds(lambda: _enrol(people=people))
    inside = Enrolment.objects.count()
    figures["customers assigned"] = Assignment.objects.count()
    figures["timers (the held-out have none)"] = inside
    figures["assigned and enrolled, s"] = round(enrolling, 1)
    figures["assigned a second"] = round(len(people) / enrolling)
    baseline = _seconds(lambda: _bare(count=inside))
    due = NOW + timedelta(days=5)
    before = _processor()
    drained = _seconds(lambda: _drain(now=due))
    own = _processor() - before
    figures["workers"] = _workers()
    figures["drained with a message each, s"] = round(drained, 1)
    figures["CPU s of the workers, without the server"] = round(own, 1)
    figures["steps a second"] = round(inside / drained)
    figures["messages planned"] = Message.objects.count()
    later = _seconds(lambda: _drain(now=due + timedelta(days=40)))
    figures["steps a second without a message"] = round(inside / later)
    figures["baseline: bare UPDATE of the timers and COPY of the same message rows, s"] = round(baseline, 1)
    figures["steps over baseline"] = round(drained / baseline, 1)
    return figures


def assign(*, seed: int, size: int = 200_000) -> dict[str, Any]:
    """Lots for ``size`` customers, set-wise, and «held out?» asked one at a time for those with a lot and without."""
    people = _prepare(count=size, seed=seed)
    half = people[: size // 2]
    seconds = _seconds(lambda: _enrol(people=half))
    facts = OutboxEntry.objects.filter(fact_type="PracticeAssigned").values_list("fact_count", flat=True)
    return {
        "customers": size,
        "assigned and enrolled a second": round(len(half) / seconds),
        "facts PracticeAssigned": sum(facts),
        "held out, of those assigned": Assignment.objects.filter(held_out=True).count(),
        **_asked(name="held out? with a lot", people=half),
        **_asked(name="held out? without one", people=people[size // 2 :]),
    }


def _prepare(*, count: int, seed: int) -> range:
    bodies = [Body(channel="mail", language="ja", subject="お礼", body="{{顧客.姓}}様 ありがとうございます。")]
    ensure_template(name="bench", title=Words(ja="計測", en="bench"), purpose="service", bodies=bodies, now=NOW)
    title = Words(ja="計測", en="bench")
    create_practice(name="bench", title=title, flow=FLOW, actor="bench", now=NOW, salt=str(seed))
    start(practice="bench", actor="bench", now=NOW)
    with transaction.atomic():
        ids = reserve_ids(model=Person, count=count)
        texts = [field.attname for field in Person._meta.concrete_fields if field.get_internal_type() == "TextField"]  # noqa: SLF001
        columns = ("id", "link_revision", "source", "mail_flags", "observed_at", "recorded_at", *texts)
        rows = ((id_, 0, "bench", "", NOW, NOW, *(str(id_) for _ in texts)) for id_ in ids)
        insert_rows(model=Person, columns=columns, rows=rows)
        # Everybody's order stands, else nothing more would be done because of it.
        rows = ((id_, "bench", str(id_), id_, NOW, "web", *[0] * 7, False, "", "", 1, NOW) for id_ in ids)
        insert_rows(model=Order, columns=_ORDER, rows=rows)
    _analyse()
    return ids


_ORDER = (
    *("id", "source", "external_id", "person_id", "ordered_at", "channel", "subtotal_yen", "discount_yen"),
    *("points_used_yen", "shipping_yen", "total_yen", "refunded_yen", "quantity", "cancelled", "payment_method"),
    *("digest", "revision", "recorded_at"),
)


def _enrol(*, people: range) -> None:
    for first in range(0, len(people), SLICE):
        candidates = [
            Candidate(person_id=person, cause=f"order:{person}", at=NOW, context={"order_id": person})
            for person in people[first : first + SLICE]
        ]
        enrol(practice="bench", candidates=candidates, now=NOW)
    _analyse()


def _drain(*, now: datetime) -> None:
    """Move everybody who is due, as the workers of a shop would: each takes the slices that no other has."""
    if _workers() > 1:
        connection.close()
        context = multiprocessing.get_context("fork")
        workers = [context.Process(target=_drain_alone, kwargs={"now": now}) for _ in range(_workers())]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        if any(worker.exitcode for worker in workers):
            raise RuntimeError("a worker failed")
    _drain_alone(now=now)  # what a worker held while the other looked for more


def _drain_alone(*, now: datetime) -> None:
    while step_due(now=now, limit=SLICE):
        pass
    connection.close()


def _workers() -> int:
    """SQLite admits one writer at a time."""
    return WORKERS if connection.vendor == "postgresql" else 1


def _processor() -> float:
    """Processor seconds of this process and of the workers it has waited for."""
    return sum(resource.getrusage(who).ru_utime + resource.getrusage(who).ru_stime for who in _WHOSE)


def _bare(*, count: int) -> None:
    """What the database alone needs for the same rows: one UPDATE of every timer, and the messages copied in."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bare_timers AS SELECT * FROM practices_enrolment")
        cursor.execute("CREATE INDEX bare_due ON bare_timers (practice_id, due_at)")
        cursor.execute("CREATE TABLE bare_messages AS SELECT * FROM outreach_message WHERE 1 = 0")
    _analyse()
    names = [str(field.column) for field in Message._meta.concrete_fields]  # noqa: SLF001
    row = _message_row(names=names)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE bare_timers SET node = 'later', due_at = %s, moved_at = %s", [NOW, NOW])
        listed = ", ".join(f'"{name}"' for name in names)
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY bare_messages ({listed}) FROM STDIN") as copy:
                for _ in range(count):
                    copy.write_row(row)
        else:
            places = ", ".join(["%s"] * len(names))
            rows = ([str(value) if isinstance(value, datetime) else value for value in row] for _ in range(count))
            cursor.executemany(f"INSERT INTO bare_messages ({listed}) VALUES ({places})", rows)  # type: ignore[arg-type]


def _message_row(*, names: list[str]) -> list[object]:
    known: dict[str, object] = {"key": "0" * 32, "template": "bench", "practice": "bench", "arm": "mail"}
    known |= {
        "due_at": NOW,
        "next_at": NOW,
        "planned_at": NOW,
        "state": "planned",
        "late": "shift",
        "purpose": "service",
    }
    numbers = {"id", "person_id", "template_version", "practice_version", "priority", "stale_after_seconds", "attempts"}
    return [known.get(name, 1 if name in numbers else None) for name in names]


def _analyse() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _asked(*, name: str, people: range) -> dict[str, float]:
    taken = []
    for person in people[: ASKED + 1]:
        began = time.perf_counter()
        is_held_out(practice="bench", person_id=person)
        taken.append(time.perf_counter() - began)
    ranked = sorted(taken[1:])
    return {
        f"{name}, median ms": round(ranked[len(ranked) // 2] * 1000, 3),
        f"{name}, p95 ms": round(ranked[math.ceil(0.95 * len(ranked)) - 1] * 1000, 3),
    }
