"""Parse the command line and run one subcommand. Each module named in ``MODULES`` brings its own with ``add``."""

import argparse
import sys
from collections.abc import Sequence
from types import ModuleType

from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from kizuna.cli import bench, compare, effect, imports, lake, metrics, people, practice, serve, surveys, worker
from kizuna.cli.demo import clock
from kizuna.cli.demo import command as demo
from kizuna.errors import Refusal
from kizuna.words import Words

MODULES: tuple[ModuleType, ...] = (
    imports,
    metrics,
    demo,
    serve,
    lake,
    worker,
    surveys,
    people,
    practice,
    effect,
    compare,
    clock,
    bench,
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run ``kizuna …`` and return its exit code: 0 done, 2 refused with a sentence that says why."""
    parser = argparse.ArgumentParser(prog="kizuna", description="絆 — which way of serving customers works, for us?")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for module in MODULES:
        module.add(subparsers=subparsers)
    arguments = parser.parse_args(argv)
    try:
        prepare_database()
        return int(arguments.run(arguments) or 0)
    except Refusal as refusal:
        return _refused(words=refusal.words)
    except BrokenPipeError:
        return 1
    except OSError as error:
        # A full or read-only disk is told as such; nothing was half done, since every step is one transaction.
        place = str(error.filename or settings.HOME)
        return _refused(words=_NO_FILES.fill(place=place, why=error.strerror or str(error)))
    except OperationalError as error:
        return _refused(words=_NO_DATABASE.fill(why=str(error).strip()))


def _refused(*, words: Words) -> int:
    print(f"{words.ja}\n{words.en}", file=sys.stderr)
    return 2


_NO_FILES = Words(
    ja="「{place}」を読み書きできません（{why}）。空き容量と権限を確認し、もう一度実行してください。",
    en="“{place}” cannot be read or written ({why}). Check free space and permissions, then run it again.",
)
_NO_DATABASE = Words(
    ja="データベースを使えません（{why}）。空き容量・権限・接続先を確認し、もう一度実行してください。",
    en="The database cannot be used ({why}). Check free space, permissions and where it is, then run it again.",
)


def prepare_database() -> None:
    """Create or upgrade the database in an empty or older home; a no-op when it is up to date."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)


if __name__ == "__main__":
    sys.exit(main())
