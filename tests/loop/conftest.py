"""One demo company in a home of its own, loaded once for all truth tests, and a way to question it."""

import fcntl
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any

import pytest

from kizuna.cli.demo.company import MONTHS, Plan

TODAY = date(2026, 11, 21)
ROOT = Path(__file__).resolve().parents[2]


def kizuna(home: Path, *arguments: str) -> str:
    """What ``kizuna …`` prints in that home, always on SQLite; a failure shows its words."""
    if os.environ.get("KIZUNA_TEST_DB") == "postgres":
        pytest.skip("such a home is on SQLite, and the first half of the suite has run this")
    command = [sys.executable, "-c", "import sys; from kizuna.cli.main import main; sys.exit(main())", *arguments]
    done = subprocess.run(command, env=environment(home), cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    return done.stdout


def environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "KIZUNA_DATABASE"}
    return {**kept, "KIZUNA_HOME": str(home)}


class Company:
    """A loaded demo company; its methods ask what the screens ask."""

    def __init__(self, *, home: Path, plan: Plan) -> None:
        self.home, self.plan = home, plan
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.loop.asker"],
            env=environment(home),
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> "Company":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(timeout=30)

    def month(self, *, back: int) -> str:
        """The first day of the month so many months before the end (1 = the last complete one, 0 = the one after)."""
        return self.plan.month(index=MONTHS - back).isoformat()

    def ask(self, function: str, **asked: Any) -> Any:
        """The answer of that query, as JSON."""
        assert self._process.stdin
        assert self._process.stdout
        now = f"{self.plan.today.isoformat()}T03:00:00+00:00"
        self._process.stdin.write(json.dumps({"function": function, "now": now, **asked}) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        assert "error" not in answer, answer
        return answer

    def measure(self, metric: str, *by: str, **where: str) -> dict[tuple[str, ...], dict[str, Any]]:
        """The metric's estimates by group."""
        found = self.ask("measure", metric=metric, by=by, where=where)
        return {tuple(one["group"][dim] for dim in by): one["result"] for one in found}

    def changes(self, metric: str, *by: str, months: int, **where: str) -> dict[tuple[str, ...], dict[str, Any]]:
        """What the last ``months`` changed against as many before, by group, corrected together."""
        period = {"period_from": self.month(back=months), "period_to": self.month(back=0)}
        found = self.ask("changes", metric=metric, by=by, where=where, **period)
        return {tuple(one["group"][dim] for dim in by): one for one in found}

    def league(self, by: str) -> list[dict[str, Any]]:
        """The rows of the league table, ordered by that column (says, returns, spends)."""
        return list(self.ask("league", by=by))

    def page(self, path: str) -> str:
        """The HTML of a page as the demo's owner sees it."""
        status, html = self.ask("page", path=path)
        assert status == 200, path
        return str(html)


def load(*, home: Path, seed: int, customers: int) -> Plan:
    """Load a demo company there unless another test process has; wait for it if it is at it."""
    home.mkdir(parents=True, exist_ok=True)
    with (home.parent / f"{home.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        size = ("--seed", str(seed), "--size", str(customers), "--today", TODAY.isoformat())
        kizuna(home, "demo", "--no-serve", *size)
    return Plan(today=TODAY, seed=seed, customers=customers)


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """The demo company as everybody gets it, on a fixed day."""
    base = tmp_path_factory.getbasetemp()
    # The processes of one parallel run share the folder above their own.
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    home = shared / "demo-home"
    usual = Plan(today=TODAY)
    with Company(home=home, plan=load(home=home, seed=usual.seed, customers=usual.customers)) as loaded:
        yield loaded
