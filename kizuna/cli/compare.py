"""``kizuna effect-weighted``: customers who got something against customers alike who did not, without any lot (★1)."""

import argparse
import json
from datetime import date, timedelta

from django.utils import translation

from kizuna.cli import Subparsers
from kizuna.cli.metrics import language_of
from kizuna.customers.staff.queries import present
from kizuna.prove.trials.queries.compared import DEFAULT_WINDOW_DAYS, compare_people, outcomes
from kizuna.prove.trials.queries.groups import groups
from kizuna.prove.trials.queries.text import signed_span_text, signed_text
from kizuna.prove.trials.rules.compared import ComparedReport
from kizuna.prove.trials.rules.file import BadFile
from kizuna.prove.trials.rules.told import compared_json
from kizuna.prove.trials.rules.verdict import GRADES, missing_words
from kizuna.stats.balance import Balance
from kizuna.stats.estimate import NotEnough
from kizuna.understand.metrics.operations import catch_up
from kizuna.words import Words


def add(*, subparsers: Subparsers) -> None:
    """Bring ``kizuna effect-weighted``."""
    parser = subparsers.add_parser(
        "effect-weighted", help="customers who got something against customers alike who did not (★1, no verdict)"
    )
    parser.add_argument(
        "group", nargs="?", default="", help="late, discount, survey:NAME, offer:NAME (none: list them)"
    )
    parser.add_argument("metric", nargs="?", default="repeat_rate")
    parser.add_argument("--days", type=int, default=DEFAULT_WINDOW_DAYS, help="in which the outcome is read")
    parser.add_argument("--from", dest="date_from", default="", metavar="DATE", help="first day of the orders")
    parser.add_argument("--to", dest="date_to", default="", metavar="DATE", help="last day of the orders")
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.add_argument("--lang", choices=["ja", "en"], help="language of the text (from LANG)")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    now = present()
    catch_up(now=now)
    with translation.override(language_of(chosen=arguments.lang)):
        if not arguments.group:
            _list(as_json=arguments.json)
            return 0
        last = _day(arguments.date_to)
        report = compare_people(
            group_slug=arguments.group,
            metric=arguments.metric,
            window_days=arguments.days,
            date_from=_day(arguments.date_from),
            date_to=None if last is None else last + timedelta(days=1),
            now=now,
        )
        if arguments.json:
            print(json.dumps(compared_json(report=report), ensure_ascii=False, indent=1))
        else:
            _print(report)
    return 0


def _list(*, as_json: bool) -> None:
    known, metrics = groups(), [one.metric.name for one in outcomes()]
    if as_json:
        found = [{"group": one.slug, "ja": one.title.ja, "en": one.title.en} for one in known]
        print(json.dumps({"groups": found, "metrics": metrics}, ensure_ascii=False, indent=1))
        return
    for one in known:
        print(f"{one.slug:<20} {one.title}")
    print(_METRICS.fill(names=", ".join(metrics)))


def _print(report: ComparedReport) -> None:
    title = Words(ja="{n}日間", en="{n} days").fill(n=report.window_days)
    print(
        f"{report.group.title} — {report.reading.title} ({title})\n  {GRADES[report.grade]}  {report.judgement.because}"
    )
    for label, found in ((_PLAIN, report.plain), (_ALIKE, report.weighted)):
        if isinstance(found, NotEnough):
            print(f"  {label}: {missing_words(missing=found)}")
        else:
            value = signed_text(report=report, value=found.value)
            span = signed_span_text(report=report, low=found.low, high=found.high)
            print(f"  {label}: {value} [{span}]  p = {found.p:.4f}")
    worth = round(report.effective)
    print(f"  {_PEOPLE.fill(got=report.got, compared=report.compared, rest=report.without, worth=worth)}")
    for row in report.balance:
        if isinstance(row.balance, Balance):
            print(f"  {row.known.title}: {row.balance.before:+.2f} → {row.balance.after:+.2f}")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BadFile(_BAD_DAY.fill(value=text)) from None


_PLAIN = Words(ja="そのまま比べた差", en="as it stands")
_ALIKE = Words(ja="似たお客様どうしの差", en="between customers alike")
_PEOPLE = Words(
    ja="{got}人のうち{compared}人に似た相手がいました。相手{rest}人は{worth}人ぶんの確かさです。",
    en="{compared} of {got} had somebody alike; the {rest} others are worth {worth}.",
)
_METRICS = Words(ja="指標: {names}", en="metrics: {names}")
_BAD_DAY = Words(
    ja="「{value}」は日付として読めません。「2026-01-31」の形で書いてください。",
    en="«{value}» is not a date. Write it like 2026-01-31.",
)
