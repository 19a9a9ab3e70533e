"""``kizuna demo --files``: what the shop's systems would export, taken in by the import engine into an empty home."""

import json
import sqlite3
import subprocess
import sys
from collections import Counter
from pathlib import Path

from kizuna.cli.demo.company import Plan
from kizuna.cli.demo.generate import make_months
from tests.loop.conftest import ROOT, TODAY, environment, kizuna

FILES = {
    "smaregi_members.csv": "smaregi_customers",
    "shopify_orders.csv": "shopify_orders",
    "smaregi_transaction_details.csv": "smaregi_transaction_details",
    "shipments.csv": "shipments",
    "survey_answers.csv": "survey_answers",
    "reviews.csv": "reviews",
}
SCRIPT = """
import sys
from kizuna.cli.main import main
sys.exit(max(main(["import", path, "--json"]) for path in sys.argv[1:]))
"""


def test_every_file_is_recognised_and_imported_to_the_last_row_and_yen(tmp_path: Path) -> None:
    home, folder = tmp_path / "home", tmp_path / "files"
    home.mkdir()
    kizuna(home, "demo", "--files", str(folder), "--size", "600", "--today", TODAY.isoformat())
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, *(str(folder / name) for name in FILES)],
        env=environment(home),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    results = [json.loads(line) for line in done.stdout.splitlines()]
    assert [result["layout"] for result in results] == list(FILES.values())
    assert all(result["rows_in"] == result["imported"] > 0 for result in results)

    expected: Counter[str] = Counter()
    for order in list(make_months(plan=Plan(today=TODAY, customers=600)))[-1].orders:
        if order.source in {"shopify", "smaregi"}:
            expected[order.source] += order.total_yen
    with sqlite3.connect(home / "kizuna.sqlite3") as database:
        totals = dict(database.execute("SELECT source, sum(total_yen) FROM orders_order GROUP BY source"))
    assert totals == dict(expected)
