"""kill −9 at labelled steps of redeeming and reversing, and from outside, with several tills at once."""

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

ROOT = Path(__file__).parents[4]
LABELS = {
    # On PostgreSQL the usual use is one statement, so the only place to die is after its commit, before the answer.
    "redeem": ("offers.redeemed", "offers.redeemed", "offers.redeeming"),
    "reverse": ("offers.reversing", "offers.reversed"),
}
KILLED = -9


@dataclass
class Shop:
    """A home and a database of its own, its tills, and what they were told."""

    environment: dict[str, str]
    acknowledged: set[str] = field(default_factory=set)
    kills: int = 0

    def start(self, *words: str, kill_at: str = "") -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "kizuna.act.offers.tests.till_process", *words],
            cwd=ROOT,
            env={**self.environment, "KIZUNA_KILL_AT": kill_at},
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, *words: str) -> list[dict[str, object]]:
        process = self.start(*words)
        output, _ = process.communicate(timeout=120)
        assert process.returncode == 0
        return [json.loads(line) for line in output.splitlines()]

    def suffer(self, draw: random.Random, *, tills: int) -> None:
        running = []
        for _ in range(tills):
            verb = draw.choice(["redeem", "redeem", "reverse"])
            kill_at = f"{draw.choice(LABELS[verb])}:{draw.randint(1, 8)}"
            running.append(self.start(verb, str(draw.randrange(10**6)), "25", kill_at=kill_at))
        for process in running:
            output, _ = process.communicate(timeout=120)
            assert process.returncode in {0, KILLED}
            self.kills += process.returncode == KILLED
            self.acknowledged |= {key for line in output.splitlines() if (key := json.loads(line).get("key"))}

    def check(self) -> dict[str, object]:
        (report,) = self.run("check")
        assert report["wrong"] == []
        keys = report["keys"]
        assert isinstance(keys, list)
        assert len(keys) == len(set(keys))
        assert self.acknowledged <= set(keys), "an answered use is not in the ledger"
        assert report["told"] == report["entries"], "every entry is told as a fact, once"
        return report


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    environment = {**os.environ, "KIZUNA_HOME": str(tmp_path / "home"), "DJANGO_SETTINGS_MODULE": "kizuna.web.settings"}
    url = environment.get("KIZUNA_DATABASE", "sqlite")
    if url != "sqlite":
        environment["KIZUNA_DATABASE"] = url.replace("/kizuna?", "/kizuna_tills?")
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("DROP DATABASE IF EXISTS kizuna_tills WITH (FORCE)")
            connection.execute("CREATE DATABASE kizuna_tills")
    yield Shop(environment=environment)
    if url != "sqlite":
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("DROP DATABASE IF EXISTS kizuna_tills WITH (FORCE)")


def survive(shop: Shop, *, seed: int, rounds: int) -> None:
    draw = random.Random(seed)
    shop.run("open", "120", "60")
    for _ in range(rounds):
        shop.suffer(draw, tills=3)
    shop.check()
    assert shop.kills >= rounds // 2, "the test killed too few processes to say anything"


def test_tills_that_die_lose_and_double_nothing_and_a_repeated_question_is_answered(shop: Shop) -> None:
    survive(shop, seed=3, rounds=4)
    before = shop.check()
    # Whoever got no answer asks again with the same keys: what had committed is answered and not done again.
    shop.run("redeem", "77", "120")
    again = shop.run("redeem", "77", "120")
    after = shop.check()
    assert len(after["keys"]) >= len(before["keys"])  # type: ignore[arg-type]
    answered = {line["key"]: line["id"] for line in again if "key" in line}
    assert all(answered[line["key"]] == line["id"] for line in again if "key" in line)


def test_tills_that_race_reach_the_limit_and_stop_there(shop: Shop) -> None:
    shop.run("open", "60", "20")
    tills = [shop.start("redeem", str(seed), "80") for seed in range(4)]
    said = [json.loads(line) for till in tills for line in till.communicate(timeout=120)[0].splitlines()]
    assert [till.returncode for till in tills] == [0] * 4
    report = shop.check()
    assert len({line["key"] for line in said if "key" in line}) == report["entries"]
    assert {line["refused"] for line in said if "refused" in line} <= {"limit_reached", "budget_spent"}


@pytest.mark.slow
def test_two_hundred_kills_lose_and_double_nothing(shop: Shop) -> None:
    draw = random.Random(200)
    shop.run("open", "4000", "2500")
    while shop.kills < 200:
        shop.suffer(draw, tills=4)
    shop.check()
