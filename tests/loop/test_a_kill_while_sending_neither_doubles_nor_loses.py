"""kill −9 of the sending process at every labelled step, on each channel, against a provider that records acceptances.

Two more rounds follow, after the lease has run out. Then each message was accepted at most once, and is either
sent or parked for a person by name; parked is only what nobody can know: a mail whose last line was perhaps sent.
"""

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from _pytest.mark import ParameterSet

from kizuna.connectors.channels.tests.cast import served
from kizuna.connectors.line.tests.line_server import SECRET, TOKEN, LineServer
from kizuna.connectors.mail.tests.smtp_server import SmtpServer
from kizuna.connectors.sms.tests import sms_server
from kizuna.connectors.sms.tests.sms_server import SmsServer

ROOT = Path(__file__).parents[2]
MESSAGES = 3
KILLED = -9
Killed = Callable[..., list[str]]


EMPTY, USED = "kizuna_unsent", "kizuna_sending"


class Worker:
    """Processes of their own on a home and a database of their own, to be killed at a labelled step."""

    def __init__(self, *, home: Path, database: str) -> None:
        url = os.environ.get("KIZUNA_DATABASE", "sqlite")
        self.environment = {
            **os.environ,
            "KIZUNA_HOME": str(home),
            "DJANGO_SETTINGS_MODULE": "kizuna.web.settings",
            "KIZUNA_DATABASE": url if url == "sqlite" else url.replace("/kizuna?", f"/{database}?"),
            "KIZUNA_EGRESS_LOOPBACK": "1",
        }

    def run(self, *words: str, kill_at: str = "") -> int:
        """Run ``channel_process`` with these words; answers its exit code."""
        done = subprocess.run(
            [sys.executable, "-m", "tests.loop.channel_process", *words],
            cwd=ROOT,
            env={**self.environment, "KIZUNA_KILL_AT": kill_at},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        self.said = done.stdout
        assert done.returncode in {0, -9}, done.stderr
        return done.returncode

    def states(self) -> list[str]:
        """The states of all messages."""
        assert self.run("states") == 0
        found: list[str] = json.loads(self.said.splitlines()[-1])
        return found


def _on_postgresql(*statements: str) -> None:
    """On SQLite the database lies in the home and is copied with it."""
    url = os.environ.get("KIZUNA_DATABASE", "sqlite")
    if url != "sqlite":
        with psycopg.connect(url, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())


@pytest.fixture(scope="module")
def empty_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home with an empty database, to be copied."""
    home = tmp_path_factory.mktemp("homes") / "empty"
    drop = f"DROP DATABASE IF EXISTS {EMPTY} WITH (FORCE)"
    _on_postgresql(drop, f"CREATE DATABASE {EMPTY}")
    assert Worker(home=home, database=EMPTY).run("migrate") == 0
    yield home
    _on_postgresql(drop)


@pytest.fixture
def killed(empty_home: Path, tmp_path: Path) -> Iterator[Killed]:
    """Prepare a channel, kill the sender at a step, let two others finish; answers the states of the messages."""
    drop = f"DROP DATABASE IF EXISTS {USED} WITH (FORCE)"

    def run(*, channel: str, settings: dict[str, object], label: str, nth: int) -> list[str]:
        home = tmp_path / "home"
        shutil.copytree(empty_home, home)
        _on_postgresql(drop, f"CREATE DATABASE {USED} TEMPLATE {EMPTY}")
        worker = Worker(home=home, database=USED)
        assert worker.run("prepare", channel, str(MESSAGES), json.dumps(settings)) == 0
        assert worker.run("send", channel, "0", kill_at=f"{label}:{nth}") == KILLED, f"{label} is not reached"
        for minutes in ("10", "20", "30"):
            assert worker.run("send", channel, minutes) == 0
        return worker.states()

    yield run
    _on_postgresql(drop)


def slow(*values: object) -> ParameterSet:
    """Each step takes half a dozen processes; one step a channel is enough for every day."""
    return pytest.param(*values, marks=pytest.mark.slow)


@pytest.mark.parametrize(
    ("label", "nth", "parked"),
    [
        slow("outreach.attempting", 1, 0),
        slow("mail.claimed", 1, 0),
        slow("mail.body_sent", 2, 0),
        slow("mail.handing_over", 2, 1),
        ("mail.dot_sent", 2, 1),
        slow("mail.accepted", 2, 1),
        slow("outreach.accepted", 2, 1),
        slow("outreach.accepted_committed", 2, 0),
    ],
)
def test_mail_is_sent_once_or_parked(label: str, nth: int, parked: int, killed: Killed) -> None:
    server = SmtpServer()
    with served(server):
        settings: dict[str, object] = {"host": "127.0.0.1", "port": server.port, "security": "none"}
        states = killed(
            channel="mail", settings={**settings, "sender_mail": "info@shop.example.jp"}, label=label, nth=nth
        )
    assert Counter(states) == Counter({"sent": MESSAGES - parked, "uncertain": parked})
    ids = [line for taken in server.taken for line in taken.raw.split(b"\r\n") if line.startswith(b"Message-ID")]
    assert len(ids) == len(set(ids))
    assert MESSAGES - parked <= len(ids) <= MESSAGES


@pytest.mark.parametrize("label", [slow("mail.handing_over"), slow("mail.outbox_written"), "mail.accepted"])
def test_the_local_outbox_holds_each_mail_once(label: str, killed: Killed, tmp_path: Path) -> None:
    states = killed(channel="mail", settings={}, label=label, nth=2)
    files = list((tmp_path / "home" / "outbox").glob("*.eml"))
    parked = 1 if label == "mail.handing_over" else 0  # the file tells, once it is there
    assert Counter(states) == Counter({"sent": MESSAGES - parked, "uncertain": parked})
    assert MESSAGES - parked <= len(files) <= MESSAGES


@pytest.mark.parametrize(
    ("label", "nth"),
    [
        slow("outreach.attempting", 1),
        slow("line.claimed", 1),
        slow("line.handing_over", 2),
        ("line.answered", 2),
        slow("line.accepted", 2),
        slow("outreach.accepted", 2),
    ],
)
def test_line_accepts_each_message_once(label: str, nth: int, killed: Killed) -> None:
    server = LineServer()
    with served(server):
        secrets = {"access_token_sealed": TOKEN, "channel_secret_sealed": SECRET, "api_url": server.address}
        states = killed(channel="line", settings=secrets, label=label, nth=nth)
    assert states == ["sent"] * MESSAGES
    assert sorted(Counter(key for key, _, _ in server.accepted).values()) == [1] * MESSAGES


@pytest.mark.parametrize(
    ("label", "nth", "parked"),
    [
        slow("outreach.attempting", 1, 0),
        slow("sms.claimed", 1, 0),
        slow("sms.handing_over", 1, 1),  # never reached the service, which cannot be known for certain
        ("sms.answered", 1, 0),  # found in the service's list
        slow("sms.accepted", 1, 0),
    ],
)
def test_the_sms_service_accepts_each_text_once(label: str, nth: int, parked: int, killed: Killed) -> None:
    server = SmsServer()
    with served(server):
        account = {
            "account_sid": sms_server.SID,
            "auth_token_sealed": sms_server.TOKEN,
            "sender": sms_server.NUMBER,
            "api_url": server.address,
        }
        states = killed(channel="sms", settings=account, label=label, nth=nth)
    assert Counter(states) == Counter({"sent": MESSAGES - parked, "uncertain": parked})
    assert len(server.created) == MESSAGES - parked
