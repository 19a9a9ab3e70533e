"""Parse the command line and run one subcommand. Each module named in ``MODULES`` brings its own with ``add``."""

import argparse
import sys
from collections.abc import Sequence
from types import ModuleType

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from kizuna.cli import bench, imports, lake, metrics, people, serve, surveys, worker
from kizuna.cli.demo import command as demo
from kizuna.errors import Refusal

MODULES: tuple[ModuleType, ...] = (imports, metrics, demo, serve, lake, worker, surveys, people, bench)


def main(argv: Sequence[str] | None = None) -> int:
    """Run ``kizuna …`` and return its exit code: 0 done, 2 refused with a sentence that says why."""
    parser = argparse.ArgumentParser(prog="kizuna", description="絆 — which way of serving customers works, for us?")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for module in MODULES:
        module.add(subparsers=subparsers)
    arguments = parser.parse_args(argv)
    prepare_database()
    try:
        return int(arguments.run(arguments) or 0)
    except Refusal as refusal:
        print(f"{refusal.words.ja}\n{refusal.words.en}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        return 1


def prepare_database() -> None:
    """Create or upgrade the database in an empty or older home; a no-op when it is up to date."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)


if __name__ == "__main__":
    sys.exit(main())
