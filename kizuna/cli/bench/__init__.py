"""``kizuna bench NAME``: the figures of ``docs/benchmarks.md``, each beside its baseline, in a home of its own."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from typing import Any

from kizuna.cli import Subparsers

BENCHES = {
    "import": "300,000 order lines from a CSV file into records, lake and state",
    "answers": "1,000,000 survey answers from a CSV file into records, lake and state",
    "metric": "NPS, repeat rate, F2 and cohorts on 1 M customers / 10 M order lines / 5 M answers",
    "redeem": "20,000 coupons redeemed one by one, each its own commit, by four processes",
    "steps": "1,000,000 timers of a practice that fall due at once, a message planned for each",
    "assign": "lots drawn and customers let in set-wise, and «held out?» asked one by one",
    "page": "home, customer 360 and metric page on ten times the demo, 20 users at once",
}


def add(*, subparsers: Subparsers) -> None:
    """Add ``kizuna bench``."""
    parser = subparsers.add_parser("bench", help="measure Kizuna on this machine, beside a named baseline")
    parser.add_argument("name", choices=sorted(BENCHES), help="; ".join(f"{k}: {v}" for k, v in BENCHES.items()))
    parser.add_argument(
        "--size",
        type=int,
        help="rows (import, answers), coupons (redeem), customers (metric, steps, assign), demo customers (page)",
    )
    parser.add_argument("--seed", type=int, default=20260401)
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the bench in a process and a folder of its own, so that it neither reads nor touches the shop's data."""
    with tempfile.TemporaryDirectory(prefix="kizuna-bench-") as folder:
        environment = {**os.environ, "KIZUNA_HOME": folder}
        command = [sys.executable, "-m", "kizuna.cli.bench.measure", arguments.name, "--seed", str(arguments.seed)]
        if arguments.size:
            command += ["--size", str(arguments.size)]
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        return done.returncode
    report: dict[str, Any] = json.loads(done.stdout)
    print(json.dumps(report, ensure_ascii=False, indent=1) if arguments.json else as_table(report=report))
    return 0


def as_table(*, report: dict[str, Any]) -> str:
    """The report as aligned lines: the setting first, then one line a figure."""
    head = f"{report['bench']}: {report['what']} · {report['database']} · {report['machine']}"
    width = max(len(name) for name in report["figures"])
    return "\n".join([head, *(f"  {name:<{width}}  {value}" for name, value in report["figures"].items())])
