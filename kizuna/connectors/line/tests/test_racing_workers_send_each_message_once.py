"""Several workers send at once, some while LINE is in trouble: each message is accepted once."""

import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection

from kizuna.act.outreach.operations import release_expired
from kizuna.connectors.channels.tests.cast import NOON, plan, states
from kizuna.connectors.line.operations import send_due
from kizuna.connectors.line.tests.line_server import LineServer

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

WORKERS, MESSAGES = 6, 60


def _all_at_once(*, minutes: int) -> None:
    now = NOON + timedelta(minutes=minutes)
    failures: list[BaseException] = []

    def work() -> None:
        try:
            release_expired(now=now)
            while send_due(now=now):
                pass
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_six_workers_and_a_shaky_line_send_sixty_messages_once(person: int, line_server: LineServer) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one worker")
    plan(person=person, channel="line", count=MESSAGES)
    line_server.trouble = ["", "", "", "cut after", "", "503", "", "", "503 after"]
    for minutes in (0, 5, 15, 40, 120):
        _all_at_once(minutes=minutes)
    assert Counter(states()) == {"sent": MESSAGES}
    assert Counter(key for key, _, _ in line_server.accepted).most_common(1)[0][1] == 1
    assert len(line_server.accepted) == MESSAGES
