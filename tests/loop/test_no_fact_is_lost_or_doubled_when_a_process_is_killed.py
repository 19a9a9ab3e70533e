"""kill −9 of the shop's process and of the worker, at labelled steps between outbox, lake and state."""

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

ROOT = Path(__file__).parents[2]
LABELS = (
    "lake.claimed",
    "lake.temp_written",
    "lake.renamed",
    "lake.registering",
    "lake.registered",
    "lake.written",
    "lake.merged",
    "lake.merge_registered",
    "state.files_written",
    "state.swapping",
    "state.swap_registered",
    "state.swapped",
)
PER_RUN = 6
KILLED = -9


@dataclass
class Shop:
    """A home folder and database of its own, processes that work on it, and what they were told was safe."""

    environment: dict[str, str]
    attempted: set[int] = field(default_factory=set)
    acknowledged: set[int] = field(default_factory=set)
    kills: int = 0

    def start(self, *words: str, kill_at: str = "") -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "tests.loop.shop_process", *words],
            cwd=ROOT,
            env={**self.environment, "KIZUNA_KILL_AT": kill_at},
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, *words: str) -> str:
        process = self.start(*words)
        output, _ = process.communicate(timeout=120)
        assert process.returncode == 0
        return output

    def suffer(self, draw: random.Random, *, workers: int) -> None:
        """The shop publishes while workers work; any of them may be killed."""
        first = max(self.attempted, default=0) + 1
        self.attempted.update(range(first, first + PER_RUN))
        shop = self.start("publish", str(first), str(PER_RUN))
        spared = draw.choice([PER_RUN, PER_RUN, draw.randint(0, PER_RUN - 1)])
        working = [
            self.start("work", kill_at=f"{draw.choice(LABELS)}:{draw.choice([1, 1, 2, 3])}") for _ in range(workers)
        ]
        assert shop.stdout is not None
        for line in shop.stdout:
            self.acknowledged.add(int(line))
            if len(self.acknowledged & set(range(first, first + PER_RUN))) > spared:
                shop.kill()
                break
        self.acknowledged.update(int(line) for line in shop.stdout)  # said before the kill arrived
        codes = [process.wait(timeout=120) for process in (shop, *working)]
        assert set(codes) <= {0, KILLED}
        self.kills += codes.count(KILLED)

    def check(self) -> None:
        report = json.loads(self.run("report").splitlines()[-1])
        assert report["ok"], report["report"]
        answers = report["answers"]
        assert len(answers) == len(set(answers))
        assert self.acknowledged <= set(answers) <= self.attempted


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    environment = {**os.environ, "KIZUNA_HOME": str(tmp_path / "home"), "DJANGO_SETTINGS_MODULE": "kizuna.web.settings"}
    with _database(environment):
        made = Shop(environment=environment)
        made.run("migrate")
        yield made


class _database:  # noqa: N801  reads as a with statement
    """On PostgreSQL a database of its own beside the one of the other tests."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._url = environment.get("KIZUNA_DATABASE", "sqlite")
        if self._url != "sqlite":
            environment["KIZUNA_DATABASE"] = self._url.replace("/kizuna?", "/kizuna_killed?")

    def __enter__(self) -> None:
        if self._url != "sqlite":
            with psycopg.connect(self._url, autocommit=True) as connection:
                connection.execute("DROP DATABASE IF EXISTS kizuna_killed WITH (FORCE)")
                connection.execute("CREATE DATABASE kizuna_killed")

    def __exit__(self, *_: object) -> None:
        if self._url != "sqlite":
            with psycopg.connect(self._url, autocommit=True) as connection:
                connection.execute("DROP DATABASE IF EXISTS kizuna_killed WITH (FORCE)")


def _workers() -> int:
    return 2 if settings.DATABASES["default"]["ENGINE"].endswith("postgresql") else 1


def _survive(shop: Shop, *, seed: int, rounds: int) -> None:
    draw = random.Random(seed)
    for number in range(rounds):
        shop.suffer(draw, workers=_workers())
        if number % 20 == 19:
            shop.check()
    shop.check()
    assert shop.kills >= rounds // 4, "the test killed too few processes to say anything"


def test_eight_rounds_with_kills_lose_and_double_nothing(shop: Shop) -> None:
    _survive(shop, seed=8, rounds=8)


@pytest.mark.slow
def test_a_hundred_kills_lose_and_double_nothing(shop: Shop) -> None:
    draw = random.Random(100)
    rounds = 0
    while shop.kills < 100:
        shop.suffer(draw, workers=_workers())
        rounds += 1
        assert rounds < 400, "the labelled steps are no longer reached"
        if rounds % 25 == 0:
            shop.check()
    shop.check()


@pytest.mark.slow
@pytest.mark.parametrize("label", LABELS)
def test_each_labelled_step_is_really_a_place_to_die(shop: Shop, label: str) -> None:
    words = ("batches", "9") if "merge" in label else ("publish", "1", "3")
    shop.run(*words)
    shop.attempted.update(range(1, 10))
    died = shop.start("work", kill_at=label)
    assert died.wait(timeout=120) == KILLED
    shop.check()
