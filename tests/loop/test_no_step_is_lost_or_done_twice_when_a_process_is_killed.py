"""kill −9 at labelled steps from the fact to the provider: at most one acceptance a step, and nobody lost."""

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings

ROOT = Path(__file__).parents[2]
LABELS = (
    "outbox.reacted",
    "practices.assigned",
    "practices.enrolled",
    "practices.claimed",
    "practices.coupons",
    "practices.planned",
    "practices.moved",
    "offers.issued",
    "outreach.planned",
    "outreach.claim",
    "outreach.attempting",
    "provider.accepted",
    "outreach.accepted",
    "outreach.accepted_committed",
    "lake.renamed",
    "state.swapping",
)
PER_ROUND = 3
LONGEST_OUTAGE = 6
"""So many rounds of three hours in a row may die; LINE knows a key for 23 hours, after which only a person can tell."""
KILLED = -9


@dataclass
class Shop:
    """A home and database of its own; every round some customers are delivered to and processes work, or are killed."""

    environment: dict[str, str]
    rounds: int = 0
    attempted: set[int] = field(default_factory=set)
    acknowledged: set[int] = field(default_factory=set)
    kills: int = 0

    def start(self, *words: str, kill_at: str = "") -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "tests.loop.practice_process", *words],
            cwd=ROOT,
            env={**self.environment, "KIZUNA_KILL_AT": kill_at},
            stdout=subprocess.PIPE,
            text=True,
        )

    def round(self, *, kill_at: tuple[str, ...]) -> list[int]:
        """One process for each label; ends when all have worked or died."""
        self.rounds += 1
        running = []
        for label in kill_at:
            first = max(self.attempted, default=0) + 1
            self.attempted.update(range(first, first + PER_ROUND))
            running.append(self.start("round", str(first), str(PER_ROUND), str(self.rounds), kill_at=label))
        codes = []
        for process in running:
            output, _ = process.communicate(timeout=300)
            self.acknowledged.update(int(line) for line in output.split())
            codes.append(process.returncode)
        assert set(codes) <= {0, KILLED}
        self.kills += codes.count(KILLED)
        return codes

    def check(self) -> None:
        """Let everything finish without a kill, then look at it all."""
        for _ in range(2):
            assert self.round(kill_at=("",)) == [0]
        process = self.start("report", str(self.rounds))
        output, _ = process.communicate(timeout=300)
        assert process.returncode == 0
        report = json.loads(output.splitlines()[-1])
        assert report["violations"] == []
        assert report["lake"]
        customers = report["customers"]
        assert self.acknowledged <= set(customers) <= self.attempted
        assert len(customers) == len(set(customers)) == report["lots"] == report["held"] + len(report["enrolments"])
        assert set(report["enrolments"]) == {"done"}
        self._check_messages(report)

    def _check_messages(self, report: dict[str, Any]) -> None:
        treated = len(report["enrolments"])
        assert report["coupons"] == treated
        routes = {
            route: {key: state for key, at, state in report["messages"] if at == route} for route in ("mail", "line")
        }
        for route, messages in routes.items():
            accepted = [str(key) for key in report[route]]
            assert len(messages) == treated
            assert len(accepted) == len(set(accepted)), "a provider accepted a step twice"
            assert {key for key, state in messages.items() if state == "sent"} <= set(accepted) <= set(messages)
        assert set(routes["line"].values()) == {"sent"}
        # What mail's provider did with a message whose worker died is not known: a person is asked, nothing is resent.
        assert set(routes["mail"].values()) <= {"sent", "uncertain"}


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    environment = {**os.environ, "KIZUNA_HOME": str(tmp_path / "home"), "DJANGO_SETTINGS_MODULE": "kizuna.web.settings"}
    with _database(environment):
        made = Shop(environment=environment)
        process = made.start("prepare")
        assert process.wait(timeout=120) == 0
        yield made


class _database:  # noqa: N801  reads as a with statement
    """On PostgreSQL a database of its own beside the one of the other tests."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._url = environment.get("KIZUNA_DATABASE", "sqlite")
        if self._url != "sqlite":
            environment["KIZUNA_DATABASE"] = self._url.replace("/kizuna?", "/kizuna_steps?")

    def __enter__(self) -> None:
        if self._url != "sqlite":
            with psycopg.connect(self._url, autocommit=True) as connection:
                connection.execute("DROP DATABASE IF EXISTS kizuna_steps WITH (FORCE)")
                connection.execute("CREATE DATABASE kizuna_steps")

    def __exit__(self, *_: object) -> None:
        if self._url != "sqlite":
            with psycopg.connect(self._url, autocommit=True) as connection:
                connection.execute("DROP DATABASE IF EXISTS kizuna_steps WITH (FORCE)")


def _workers() -> int:
    return 2 if settings.DATABASES["default"]["ENGINE"].endswith("postgresql") else 1


def _labels(draw: random.Random) -> tuple[str, ...]:
    return tuple(f"{draw.choice(LABELS)}:{draw.choice([1, 1, 2, 3])}" for _ in range(_workers()))


def test_six_rounds_with_kills_do_nothing_twice_and_lose_nobody(shop: Shop) -> None:
    draw = random.Random(6)
    for _ in range(6):
        shop.round(kill_at=_labels(draw))
    shop.check()
    assert shop.kills >= 2


@pytest.mark.slow
def test_two_hundred_kills_do_nothing_twice_and_lose_nobody(shop: Shop) -> None:
    draw = random.Random(200)
    rounds = 0
    while shop.kills < 200:
        rounds += 1
        shop.round(kill_at=_labels(draw) if rounds % (LONGEST_OUTAGE + 1) else ("",))
        assert rounds < 600, "the labelled steps are no longer reached"
        if rounds % 20 == 0:
            shop.check()
    shop.check()


@pytest.mark.slow
@pytest.mark.parametrize("label", LABELS)
def test_each_labelled_step_is_really_a_place_to_die(shop: Shop, label: str) -> None:
    assert KILLED in shop.round(kill_at=(label,))
    shop.check()
