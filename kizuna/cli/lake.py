"""``kizuna lake rebuild | verify | compact | status``: the facts on disk and what follows from them."""

import argparse
import json
from collections.abc import Callable
from dataclasses import asdict

from kizuna.cli import Subparsers
from kizuna.customers.staff.queries import present
from kizuna.facts.lake.operations import compact_due, remove_garbage, write_all
from kizuna.facts.lake.queries import status as lake_status
from kizuna.facts.outbox.queries import status as outbox_status
from kizuna.facts.state.operations import VerifyReport, rebuild, tidy_due, verify
from kizuna.facts.state.queries import generation, made_at
from kizuna.understand.metrics import operations as metrics

WRONG = 1
"""Exit code when the lake, the state or a roll-up is not what it must be."""


def add(*, subparsers: Subparsers) -> None:
    """Bring ``kizuna lake``."""
    parser = subparsers.add_parser("lake", help="the facts on disk: rebuild, verify, compact, status")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    described: dict[str, tuple[str, Callable[[argparse.Namespace], int]]] = {
        "rebuild": ("write what is due and make the state anew from every fact", _rebuild),
        "verify": ("prove that every fact is in the lake once, and state and roll-ups are what the facts say", _verify),
        "compact": ("merge small files and remove replaced ones", _compact),
        "status": ("how many facts, files and waiting entries there are", _status),
    }
    for name, (text, run) in described.items():
        verb = verbs.add_parser(name, help=text)
        verb.add_argument("--json", action="store_true", help="answer as JSON")
        verb.set_defaults(run=run)
        if name == "verify":
            verb.add_argument("--as-is", action="store_true", help="do not first write and fold in what is due")


def _rebuild(arguments: argparse.Namespace) -> int:
    now = present()
    write_all(now=now)
    touched = rebuild(now=now)
    return _say(arguments, {"generation": touched.generation}, f"state rebuilt: generation {touched.generation}")


def _verify(arguments: argparse.Namespace) -> int:
    now = present()
    if not arguments.as_is:
        metrics.catch_up(now=now)
    report, rolled = verify(now=now), metrics.verify()
    ok = report.ok and rolled.ok
    answer = {"ok": ok, **asdict(report), "roll_ups": {"ok": rolled.ok, **asdict(rolled)}}
    _say(arguments, answer, "\n".join([*_sentences(report), *_rolled(rolled), "ok" if ok else "NOT OK"]))
    return 0 if ok else WRONG


def _compact(arguments: argparse.Namespace) -> int:
    now = present()
    merged = 0
    while step := compact_due(now=now):
        merged += step
    removed = tidy_due(now=now) + remove_garbage(now=now)
    return _say(arguments, {"merged": merged, "removed": removed}, f"merged {merged} files, removed {removed}")


def _status(arguments: argparse.Namespace) -> int:
    outbox, made = outbox_status(), made_at()
    facts = {row.fact_type: {"facts": row.fact_count, "files": row.file_count} for row in lake_status()}
    answer = {
        "facts": facts,
        "outbox": {**asdict(outbox), "oldest_at": outbox.oldest_at.isoformat() if outbox.oldest_at else None},
        "state": {"generation": generation(), "made_at": made.isoformat() if made else None},
    }
    lines = [f"{name:20} {row['facts']:>12,} facts {row['files']:>6,} files" for name, row in facts.items()]
    lines.append(f"outbox: {outbox.unclaimed_count:,} entries to write, {outbox.reaction_count:,} to react to,")
    lines.append(f"        {outbox.parked_count:,} parked")
    lines.append(f"state: generation {generation()}, made {made or 'never'}")
    return _say(arguments, answer, "\n".join(lines))


def _sentences(report: VerifyReport) -> list[str]:
    lines = [f"{report.entry_count:,} entries, {report.fact_count:,} facts in the lake; {report.pending_count:,} wait"]
    if report.missing_files:
        lines.append(f"MISSING FILES: {', '.join(report.missing_files[:20])}")
    if report.wrong_entry_count:
        shown = ", ".join(str(entry) for entry in report.wrong_entries)
        lines.append(f"LOST OR DOUBLED: {report.wrong_entry_count:,} entries, among them {shown}")
    for table, count in report.unit_counts.items():
        lines.append(f"{table:10} {count:>12,} units recomputed")
    for one in report.differences:
        lines.append(f"WRONG STATE in {one.table}: {one.surplus_count:,} rows too many, {one.missing_count:,} missing")
    return lines


def _rolled(report: metrics.RollUpReport) -> list[str]:
    if report.behind:
        return ["roll-ups: not yet made from the present state, not compared"]
    lines = [f"{sum(report.group_counts.values()):>23,} groups of {len(report.group_counts)} roll-ups recomputed"]
    if report.missing_files:
        lines.append(f"MISSING ROLL-UP FILES: {', '.join(report.missing_files[:20])}")
    lines += [f"WRONG ROLL-UP {one.grain}: {one.group_count:,} groups" for one in report.differences]
    return lines


def _say(arguments: argparse.Namespace, answer: object, sentence: str) -> int:
    print(json.dumps(answer, ensure_ascii=False) if arguments.json else sentence)
    return 0
