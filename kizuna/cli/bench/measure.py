"""The process that measures: sets the database up, runs one bench, prints its report as JSON."""

import argparse
import json
import os
import platform
import resource
import sys
from typing import Any

from django.core.management import call_command
from django.db import connection

from kizuna.cli.bench import BENCHES, imports, metric, page, practices, redeem

RUNNERS = {
    "import": imports.order_lines,
    "answers": imports.answers,
    "metric": metric.run,
    "page": page.run,
    "steps": practices.steps,
    "assign": practices.assign,
    "redeem": redeem.run,
}


def main() -> int:
    """Run the named bench in this (scratch) home and print ``{bench, what, database, machine, figures}``."""
    parser = argparse.ArgumentParser()
    parser.add_argument("name", choices=sorted(RUNNERS))
    parser.add_argument("--size", type=int)
    parser.add_argument("--seed", type=int, required=True)
    arguments = parser.parse_args()
    scratch = _scratch_database() if connection.vendor == "postgresql" else None
    try:
        call_command("migrate", verbosity=0, interactive=False)
        size = {"size": arguments.size} if arguments.size else {}
        figures: dict[str, Any] = RUNNERS[arguments.name](seed=arguments.seed, **size)
    finally:
        if scratch:
            _drop(name=scratch)
    figures["peak memory of the process, MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    report = {
        "bench": arguments.name,
        "what": BENCHES[arguments.name],
        "database": connection.vendor,
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
        "figures": figures,
    }
    json.dump(report, sys.stdout, ensure_ascii=False)
    return 0


def _scratch_database() -> str:
    """A database of the bench's own on the server that KIZUNA_DATABASE names."""
    name = f"kizuna_bench_{os.getpid()}"
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    connection.close()
    connection.settings_dict["NAME"] = name
    return name


def _drop(*, name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = "postgres"
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


if __name__ == "__main__":
    sys.exit(main())
