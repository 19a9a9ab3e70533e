"""``kizuna practice list|show|start|pause|resume|end``: practices from the command line."""

import argparse
import getpass
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime

from django.utils import translation

from kizuna.act.practices import operations as practices
from kizuna.act.practices.queries import PracticeCard, PracticeDetail, practice
from kizuna.act.practices.queries import practices as all_practices
from kizuna.act.practices.rules.flow import to_text
from kizuna.act.practices.rules.reasons import Reason
from kizuna.cli import Subparsers
from kizuna.cli.metrics import language_of
from kizuna.customers.staff.queries import present
from kizuna.facts.outbox.operations import held_against
from kizuna.loop import CHECKS, PROMISES
from kizuna.words import Words

_PROMISED = ", ".join(PROMISES)
STATES = {
    "draft": Words(ja="下書き", en="draft"),
    "running": Words(ja="実施中", en="running"),
    "paused": Words(ja="一時停止", en="paused"),
    "ended": Words(ja="終了", en="ended"),
}
_CHANGES: Mapping[str, Callable[..., object]] = {
    "start": practices.start,
    "pause": practices.pause,
    "resume": practices.resume,
    "end": practices.end,
}


def add(*, subparsers: Subparsers) -> None:
    """Bring ``kizuna practice``."""
    parser = subparsers.add_parser("practice", help="ways of serving customers under trial")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    listed = verbs.add_parser("list", help="every practice and where its people stand")
    listed.add_argument("--json", action="store_true")
    listed.set_defaults(run=_list)
    checked = verbs.add_parser("check", help=f"what must always hold, as the worker checks it ({_PROMISED})")
    checked.add_argument("--json", action="store_true")
    checked.set_defaults(run=_check)
    helps = {
        "show": "one practice: its steps and where people wait",
        "start": "let moments from now on start it",
        "pause": "stop all its steps; everybody stays where they are",
        "resume": "go on",
        "end": "nobody new enters; those inside finish",
    }
    for verb, text in helps.items():
        one = verbs.add_parser(verb, help=text)
        one.add_argument("name", metavar="NAME")
        one.add_argument("--json", action="store_true")
        one.add_argument("--lang", choices=["ja", "en"], help="language of the reasons (from LANG)")
        if verb == "end":
            one.add_argument("--leave", action="store_true", help="those inside leave at once")
        one.set_defaults(run=_show if verb == "show" else _change)


def _check(arguments: argparse.Namespace) -> int:
    """1 when something that must always hold does not."""
    broken = held_against(now=present(), checks=CHECKS)
    if arguments.json:
        _print_json([asdict(one) for one in broken])
    elif not broken:
        print(f"{_PROMISED}: すべて守られています。 All hold.")
    else:
        for one in broken:
            print(f"{one.rule} ×{one.count}: {one.words.ja} {one.words.en} {', '.join(one.examples)}")
    return 1 if broken else 0


def _list(arguments: argparse.Namespace) -> int:
    cards = all_practices()
    if arguments.json:
        _print_json([_card(card=card) for card in cards])
        return 0
    if not cards:
        print("接客方法はまだありません。 There are no practices yet.")
    for card in cards:
        state = STATES[card.state]
        print(f"{card.name:32} {state.ja} {state.en:8} {card.title.ja}")
        print(
            f"{'':32} 割付 assigned {card.assigned:,} (比較用 held out {card.held_out:,})"
            f" · 待機 waiting {card.waiting:,} · 完了（延べ回数） times done {card.done:,} · 停滞 stuck {card.stuck:,}"
            f" · 離脱 left {card.left:,}"
        )
    return 0


def _show(arguments: argparse.Namespace) -> int:
    detail = practice(name=arguments.name)
    if arguments.json:
        _print_json(_detail(detail=detail))
        return 0
    with translation.override(language_of(chosen=arguments.lang)):
        _print_detail(detail=detail)
    return 0


def _change(arguments: argparse.Namespace) -> int:
    more = {"people": "leave"} if getattr(arguments, "leave", False) else {}
    _CHANGES[arguments.verb](practice=arguments.name, actor=f"cli:{getpass.getuser()}", now=present(), **more)
    return _show(arguments)


def _print_detail(*, detail: PracticeDetail) -> None:
    card = detail.card
    state = STATES[card.state]
    print(f"{card.name}  {card.title.ja}  {card.title.en}")
    print(f"  {state.ja} {state.en} · version {card.version} · 比較用 hold-out {card.flow.holdout_share:.0%}")
    print(f"  優先度 priority: {card.priority}")
    print(f"  指標 goal: {card.flow.goal.metric} ({card.flow.goal.window_days}日 days)")
    for arm, count in sorted(detail.arms.items()):
        print(f"  群 arm {arm}: {count:,}")
    for (number, node), count in sorted(detail.waiting_at.items()):
        print(f"  待機 waiting v{number} {node}: {count:,}")
    print(f"  完了（延べ回数） times done {card.done:,} · 停滞 stuck {card.stuck:,} · 離脱 left {card.left:,}")
    for one in detail.stuck[:10]:
        print(f"  停滞 stuck: {one.enrolment_id} {one.node}: {one.reason.words}")


def _card(*, card: PracticeCard) -> dict[str, object]:
    return {
        "name": card.name,
        "title": {"ja": card.title.ja, "en": card.title.en},
        "state": card.state,
        "version": card.version,
        "priority": card.priority,
        "started_at": card.started_at,
        "assigned": card.assigned,
        "held_out": card.held_out,
        "waiting": card.waiting,
        "done": card.done,
        "stuck": card.stuck,
        "left": card.left,
    }


def _detail(*, detail: PracticeDetail) -> dict[str, object]:
    return {
        **_card(card=detail.card),
        "flow": json.loads(to_text(flow=detail.card.flow)),
        "arms": dict(detail.arms),
        "waiting_at": [
            {"version": number, "node": node, "count": count} for (number, node), count in detail.waiting_at.items()
        ],
        "stuck_people": [
            {"enrolment": one.enrolment_id, "node": one.node, "reason": _reason(one.reason)} for one in detail.stuck
        ],
    }


def _reason(reason: Reason) -> dict[str, object]:
    trace = {"trace": reason.trace} if reason.trace else {}
    return {"code": reason.code, "ja": reason.words.ja, "en": reason.words.en, **trace}


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=1, default=_plain))


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)
