"""Bench of redeeming: single redemptions, each its own commit, by several processes at once.

The offer has everything on: a limit, a budget and a limit per customer. The baseline is what a shop would write first:
one row with ``UPDATE … WHERE used < limit`` and an ``INSERT``, committed, without key, customer, budget or facts.
"""

import math
import multiprocessing
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from kizuna.act.offers.models import Coupon
from kizuna.act.offers.operations import ensure_offer, issue_coupons, redeem
from kizuna.act.offers.queries import check_invariants
from kizuna.act.offers.rules import CouponRequest
from kizuna.customers.people.models import Person
from kizuna.customers.people.operations import resolve_people
from kizuna.customers.people.rules import Sighting
from kizuna.words import Words

PROCESSES = 4
_OFFER = "bench"


def run(*, seed: int, size: int = 20_000) -> dict[str, Any]:
    """Redeem ``size`` coupons as fast as ``PROCESSES`` can, then as many bare updates; figures of both."""
    _prepare(size=size)
    codes = list(Coupon.objects.order_by("id").values_list("code", flat=True))
    ours = _together(task=_redeem, things=codes)
    wrong = check_invariants()
    if wrong:
        raise RuntimeError(f"{len(wrong)} invariants broken: {wrong[:3]}")
    bare = _together(task=_bare, things=codes)
    return {
        "redemptions": size,
        "processes": PROCESSES,
        "fsync": _setting("fsync"),
        "redemptions a second": round(size / ours.seconds),
        "p50 / p95 ms": f"{_quantile(ours.taken, 0.5)} / {_quantile(ours.taken, 0.95)}",
        "processor time of one, ms (with its server process)": round(ours.processor / size * 1000, 3),
        "baseline: bare single-row UPDATE + INSERT a second": round(size / bare.seconds),
        "baseline p50 / p95 ms": f"{_quantile(bare.taken, 0.5)} / {_quantile(bare.taken, 0.95)}",
        "baseline processor time of one, ms": round(bare.processor / size * 1000, 3),
        "ours / baseline": round(bare.seconds / ours.seconds, 2),
        "load of the machine (1 minute)": round(os.getloadavg()[0], 1),
    }


def _prepare(*, size: int) -> None:
    now = timezone.now()
    ensure_offer(
        name=_OFFER,
        title=Words(ja="次回500円引き", en="500 yen off next time"),
        kind="amount",
        value=500,
        valid_days=30,
        total_limit=size,
        budget_yen=500 * size,
        per_person_limit=1,
        now=now - timedelta(minutes=1),
    )
    with transaction.atomic():
        sightings = [Sighting(source="bench", observed_at=now, account_id=f"p{n}") for n in range(size)]
        resolve_people(sightings=sightings, import_id=None, now=now)
    people = list(Person.objects.order_by("id").values_list("id", flat=True))
    with transaction.atomic():
        requests = [CouponRequest(person_id=one, key=f"bench:{one}") for one in people]
        issue_coupons(offer=_OFFER, requests=requests, now=now)
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE bench_offer (id integer PRIMARY KEY, used integer, most integer)")
            cursor.execute("CREATE TABLE bench_use (code varchar(40), yen integer)")
            cursor.execute("INSERT INTO bench_offer VALUES (1, 0, %s)", [size])
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE offers_coupon, people_person")


def _redeem(things: Sequence[Any]) -> list[float]:
    taken = []
    for code in things:
        began = time.perf_counter()
        redeem(
            code=code, key=f"use:{code}", person_id=None, order_id=None, amount_yen=3000, store="", now=timezone.now()
        )
        taken.append(time.perf_counter() - began)
    return taken


def _bare(things: Sequence[Any]) -> list[float]:
    taken = []
    with connection.cursor() as cursor:
        for code in things:
            began = time.perf_counter()
            with transaction.atomic():
                cursor.execute("UPDATE bench_offer SET used = used + 1 WHERE id = 1 AND used < most")
                if cursor.rowcount != 1:
                    raise RuntimeError("the baseline ran out")
                cursor.execute("INSERT INTO bench_use VALUES (%s, 500)", [code])
            taken.append(time.perf_counter() - began)
    return taken


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Seconds from the common start to the last end, of every call, and of processors, ours and the server's."""

    seconds: float
    taken: list[float]
    processor: float


def _together(*, task: Callable[[Sequence[Any]], list[float]], things: Sequence[Any]) -> Measured:
    """Share the things among the processes and let them go at once."""
    connection.close()
    context = multiprocessing.get_context("fork")
    start = context.Barrier(PROCESSES + 1)
    answers = context.SimpleQueue()

    def work(number: int) -> None:
        server = _server_process()
        start.wait()
        before = time.process_time() + _processor(process=server)
        taken = task(things[number::PROCESSES])
        answers.put((taken, time.process_time() + _processor(process=server) - before))
        connection.close()

    processes = [context.Process(target=work, args=(number,)) for number in range(PROCESSES)]
    for process in processes:
        process.start()
    start.wait()
    began = time.perf_counter()
    told = [answers.get() for _ in processes]
    seconds = time.perf_counter() - began
    for process in processes:
        process.join()
    return Measured(
        seconds=seconds,
        taken=[one for taken, _ in told for one in taken],
        processor=sum(processor for _, processor in told),
    )


def _server_process() -> int:
    """The server's process for this connection; 0 where there is none."""
    connection.ensure_connection()
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def _processor(*, process: int) -> float:
    """Processor seconds of a process on this machine; 0 for one that is elsewhere."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _setting(name: str) -> str:
    if connection.vendor != "postgresql":
        return "on (synchronous=FULL)"
    with connection.cursor() as cursor:
        cursor.execute(f"SHOW {name}")
        return str(cursor.fetchone()[0])


def _quantile(taken: Sequence[float], share: float) -> float:
    return round(sorted(taken)[math.ceil(share * len(taken)) - 1] * 1000, 2)
