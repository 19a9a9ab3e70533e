"""``kizuna demo`` from outside: an empty home, a filled one, a real one, an interrupted one."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.loop.conftest import ROOT, TODAY, environment, kizuna

ARGUMENTS = ("demo", "--no-serve", "--size", "300", "--today", TODAY.isoformat())
TABLES = (
    *("people_person", "orders_order", "surveys_answer", "reviews_review", "notes_note", "consent_consent"),
    *("practices_assignment", "practices_enrolment", "offers_coupon", "offers_ledgerentry"),
)


def _counts(home: Path) -> dict[str, int]:
    with sqlite3.connect(home / "kizuna.sqlite3") as database:
        return {table: database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in TABLES}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A small demo home that was loaded without trouble, and what was printed."""
    home = tmp_path_factory.mktemp("whole")
    return home, kizuna(home, *ARGUMENTS)


def test_an_empty_home_gets_company_login_and_password(whole: tuple[Path, str]) -> None:
    home, printed = whole
    password = json.loads((home / "demo.json").read_text(encoding="utf-8"))["password"]
    assert "demo@yunoha.example.jp" in printed
    assert password in printed
    assert (home / "demo.json").stat().st_mode & 0o077 == 0
    assert all(count > 0 for count in _counts(home).values())


def test_a_second_demo_says_so_and_loads_nothing(whole: tuple[Path, str]) -> None:
    home, printed = whole
    before = _counts(home)
    again = kizuna(home, *ARGUMENTS)
    assert "The demo is loaded already." in again
    assert printed.splitlines()[-1] == again.splitlines()[-1]
    assert _counts(home) == before


def test_a_home_with_real_data_is_left_alone(tmp_path: Path) -> None:
    orders = tmp_path / "orders.csv"
    orders.write_text(
        "order_id,ordered_at,email,sku,product,quantity,unit_price_yen\n1,2026-10-01,hanako@example.jp,A,煎茶,1,1000\n",
        encoding="utf-8",
    )
    home = tmp_path / "home"
    home.mkdir()
    kizuna(home, "import", str(orders), "--layout", "generic_orders")
    command = [sys.executable, "-c", "import sys; from kizuna.cli.main import main; sys.exit(main())", *ARGUMENTS]
    refused = subprocess.run(command, env=environment(home), cwd=ROOT, capture_output=True, text=True, check=False)
    assert refused.returncode == 2
    assert "holds real data" in refused.stderr
    with sqlite3.connect(home / "kizuna.sqlite3") as database:
        assert database.execute("SELECT count(*) FROM orders_order").fetchone() == (1,)


def test_after_an_interruption_the_same_company_is_completed(tmp_path: Path, whole: tuple[Path, str]) -> None:
    command = [sys.executable, "-u", "-c", "import sys; from kizuna.cli.main import main; sys.exit(main())", *ARGUMENTS]
    with subprocess.Popen(command, env=environment(tmp_path), cwd=ROOT, stdout=subprocess.PIPE, text=True) as killed:
        assert killed.stdout
        for line in killed.stdout:
            if " 8/25" in line:
                os.kill(killed.pid, signal.SIGKILL)
                break
    partly = _counts(tmp_path)
    assert 0 < partly["orders_order"] < _counts(whole[0])["orders_order"]
    kizuna(tmp_path, *ARGUMENTS)
    assert _counts(tmp_path) == _counts(whole[0])
    assert json.loads((tmp_path / "demo.json").read_text(encoding="utf-8"))["complete"]
