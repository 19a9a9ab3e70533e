"""The worker as a process: it does what is due, there is one of it on SQLite, and it ends cleanly."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection

ROOT = Path(__file__).parents[2]
KIZUNA = [sys.executable, "-c", "import sys; from kizuna.cli.main import main; sys.exit(main())"]

pytestmark = pytest.mark.skipif(
    "connection.vendor == 'postgresql'", reason="its processes share the default database; one vendor is enough"
)


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {**os.environ, "KIZUNA_HOME": str(tmp_path / "home"), "DJANGO_SETTINGS_MODULE": "kizuna.web.settings"}


def status(environment: dict[str, str]) -> dict[str, dict[str, object]]:
    command = [*KIZUNA, "lake", "status", "--json"]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    answer: dict[str, dict[str, object]] = json.loads(done.stdout)
    return answer


def test_a_running_worker_folds_what_is_published_keeps_a_second_one_out_and_ends_on_sigterm(
    environment: dict[str, str],
) -> None:
    assert connection.vendor == "sqlite"
    shop = [sys.executable, "-m", "tests.loop.shop_process"]
    subprocess.run([*shop, "migrate"], env=environment, cwd=ROOT, check=True, timeout=60)
    worker = subprocess.Popen([*KIZUNA, "worker"], env=environment, cwd=ROOT)
    try:
        subprocess.run([*shop, "publish", "1", "3"], env=environment, cwd=ROOT, check=True, timeout=60)
        deadline = time.monotonic() + 60
        while not status(environment)["state"]["generation"]:
            assert time.monotonic() < deadline, "the worker did not fold the facts in"
        second = subprocess.run(
            [*KIZUNA, "worker", "--once"], env=environment, cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert (second.returncode, "already running" in second.stderr) == (2, True)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=30) == 0
    finally:
        worker.kill()
    done = subprocess.run(
        [*KIZUNA, "lake", "verify", "--json"], env=environment, cwd=ROOT, capture_output=True, text=True, check=True
    )
    report = json.loads(done.stdout)
    assert (report["ok"], report["fact_count"], report["pending_count"]) == (True, 9, 0)
