"""Several workers at once, each on a connection of its own."""

import threading
from collections.abc import Callable

from django.db import connection, transaction

from kizuna.act.outreach.operations import claim
from kizuna.act.outreach.tests.conftest import NOON
from kizuna.customers.people.operations import resolve_people
from kizuna.customers.people.rules import Sighting


def together(*works: Callable[[], None]) -> None:
    """Do all of it at once, to the end: nobody fails, and nobody waits for another for ever."""
    failures: list[BaseException] = []

    def run(work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as failure:
            failures.append(failure)
        finally:
            connection.close()

    # Daemons, so that one that hangs fails the test and does not keep the run from ending.
    threads = [threading.Thread(target=run, args=(work,), daemon=True) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failures == []
    assert [thread.name for thread in threads if thread.is_alive()] == []


def drain(channel: str) -> Callable[[], None]:
    """A worker that claims until nothing is left to claim."""

    def work() -> None:
        while claim(channel=channel, limit=7, lease_seconds=60, now=NOON):
            pass

    return work


def somebody(number: int, *, phone: str = "") -> int:
    """A customer whom every connection sees."""
    who = Sighting(source="shop", observed_at=NOON, account_id=f"r{number}", email=f"r{number}@example.jp", phone=phone)
    with transaction.atomic():
        person = resolve_people(sightings=[who], import_id=None, now=NOON)[0]
    assert person is not None
    return person
