"""``kizuna demo``: load the invented company into an empty home, say how to sign in, and serve."""

import argparse
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from django.core.management import call_command

from kizuna.cli import Subparsers
from kizuna.cli.demo.company import COMPANY, CUSTOMERS, LOGIN, SEED, STAFF, Plan
from kizuna.cli.demo.files import write_files
from kizuna.cli.demo.home import Marker, find_marker, new_marker, write_marker
from kizuna.cli.demo.load import load
from kizuna.cli.serve import serve
from kizuna.clock import JST
from kizuna.errors import Invalid
from kizuna.words import Words

LEAST_CUSTOMERS = 200


class TooSmall(Invalid):
    """Below this size there is nobody to answer anything."""

    code = "demo_too_small"

    def __init__(self, *, customers: int) -> None:
        words = Words(
            ja="--size は {least} 以上にしてください（指定: {customers}）。",
            en="--size must be at least {least} ({customers} given).",
        )
        super().__init__(words.fill(least=LEAST_CUSTOMERS, customers=customers))


def add(*, subparsers: Subparsers) -> None:
    """Bring ``kizuna demo``."""
    parser = subparsers.add_parser("demo", help="an invented company with planted truths (docs/demo.md), then serve it")
    parser.add_argument("--no-serve", action="store_true", help="end after loading")
    parser.add_argument("--seed", type=int, default=SEED, help=f"another company ({SEED})")
    parser.add_argument("--size", type=int, default=CUSTOMERS, metavar="CUSTOMERS", help=f"customers ({CUSTOMERS})")
    parser.add_argument(
        "--today", type=date.fromisoformat, metavar="DATE", help="make the company as of that day, not as of today"
    )
    parser.add_argument(
        "--files", type=Path, metavar="DIR", help="only write the last month as the shop's own files, to import by hand"
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=int, default=8000)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Load once, say how to sign in, serve unless told not to."""
    if arguments.size < LEAST_CUSTOMERS:
        raise TooSmall(customers=arguments.size)
    now = datetime.now(UTC)
    today = arguments.today or now.astimezone(JST).date()
    if arguments.files:
        return _write_files(
            plan=Plan(today=today, seed=arguments.seed, customers=arguments.size), folder=arguments.files
        )
    marker = find_marker()
    if marker and marker.complete:
        say(Words(ja="デモのデータはすでに入っています。", en="The demo is loaded already."))
    else:
        marker = marker or new_marker(seed=arguments.seed, customers=arguments.size, today=today)
        _load(marker=marker, now=now)
        marker = replace(marker, complete=True)
        write_marker(marker=marker)
    _say_login(marker=marker)
    if arguments.no_serve:
        return 0
    return serve(host=arguments.host, port=arguments.port, workers=2)


def _write_files(*, plan: Plan, folder: Path) -> int:
    for path in write_files(plan=plan, folder=folder):
        print(path)
    return 0


def _load(*, marker: Marker, now: datetime) -> None:
    write_marker(marker=marker)
    say(
        Words(
            ja="架空の会社「{ja}」を作成します（顧客 {customers:,} 人、24か月分）。",
            en="Making the invented company {en} ({customers:,} customers, 24 months).",
        ).fill(ja=COMPANY.ja, en=COMPANY.en, customers=marker.customers)
    )
    call_command("name_company", COMPANY.ja)
    plan = Plan(today=marker.day, seed=marker.seed, customers=marker.customers)
    load(plan=plan, password=marker.password, now=now, say=say)


def say(words: Words) -> None:
    """A sentence in both languages; the terminal has no language of its own."""
    print(f"{words.ja}  {words.en}", flush=True)


def _say_login(*, marker: Marker) -> None:
    say(Words(ja="ログイン:", en="Sign in:"))
    for email, name, role, _ in STAFF:
        print(f"  {email:32} {role:12} {name}{'  ←' if email == LOGIN else ''}")
    say(Words(ja="パスワード（全員共通）:", en="Password (the same for all):"))
    print(f"  {marker.password}", flush=True)
