"""``kizuna effect``, ``kizuna effect-file`` and ``kizuna trial-plan``: did it work, and how sure is that."""

import argparse
import json
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path

from django.utils import translation

from kizuna.cli import Subparsers
from kizuna.cli.metrics import language_of
from kizuna.clock import JST
from kizuna.connectors.tables.rules.tables import open_table
from kizuna.connectors.tables.rules.texts import BadCells
from kizuna.customers.staff.queries import present
from kizuna.prove.trials.operations import plan_trial, start_in_stores, take_looks
from kizuna.prove.trials.queries import (
    GRADES,
    VERDICT_WORDS,
    Report,
    Shown,
    as_json,
    effect,
    missing_words,
    practice_effects,
    store_effect,
)
from kizuna.prove.trials.queries.sentences import days_words
from kizuna.prove.trials.queries.text import amount_text, signed_text
from kizuna.prove.trials.rules.file import BadFile, FileReport, Line, file_effect
from kizuna.prove.trials.rules.told import file_json, store_json
from kizuna.stats.arms import AdjustedEffect, Effect
from kizuna.stats.estimate import Interval, NotEnough
from kizuna.understand.metrics.operations import catch_up
from kizuna.understand.metrics.rules.definition import Better, Kind
from kizuna.words import Words

ACTOR = "cli"


def add(*, subparsers: Subparsers) -> None:
    """Bring ``kizuna effect``, ``kizuna effect-file`` and ``kizuna trial-plan``."""
    one = subparsers.add_parser("effect", help="the effect of a practice on a metric, with its verdict")
    one.add_argument("practice")
    one.add_argument("metric", nargs="?", default="", help="see: kizuna metrics (default: the practice's own)")
    one.add_argument("--segment", default="", choices=["", "new", "repeat"], help="only these customers, no verdict")
    one.add_argument("--store", default="", help="only customers of this store, no verdict")
    _told(one)
    one.set_defaults(run=_effect)
    file = subparsers.add_parser("effect-file", help="the same statistics on a CSV or xlsx, one customer a line")
    file.add_argument("file", type=Path)
    file.add_argument("--arm", required=True, metavar="COL", help="column that names the arm")
    file.add_argument("--outcome", required=True, metavar="COL", help="column with the outcome: 0/1 or a number")
    file.add_argument("--covariate", default="", metavar="COL", help="the same person's value from before")
    file.add_argument("--control", default="", metavar="NAME", help="the arm to compare with")
    file.add_argument("--metric", choices=["auto", "nps"], default="auto", help="nps: outcomes are 0-10 answers")
    file.add_argument("--better", choices=["up", "down"], default="up")
    file.add_argument("--shares", default="", metavar="ARM=N,…", help="how the lot was to split the arms")
    file.add_argument("--observed", action="store_true", help="nobody drew lots: no verdict")
    _told(file)
    file.set_defaults(run=_effect_file)
    plan = subparsers.add_parser("trial-plan", help="decide when a practice's trial ends, before its outcome is known")
    plan.add_argument("practice")
    plan.add_argument("--ends", default="", metavar="DATE", help="last day that counts new customers; none: open end")
    plan.add_argument("--people", type=int, default=0, help="customers whose outcome will be in by then")
    plan.add_argument("--no-lot", action="store_true", help="staff chose who was served (★2, weighted)")
    plan.set_defaults(run=_plan)
    stores = subparsers.add_parser("effect-stores", help="stores that began a way of serving against the others (★2)")
    stores.add_argument("practice")
    stores.add_argument("metric")
    stores.add_argument("--stores", default="", metavar="CODE,…", help="say which stores began …")
    stores.add_argument("--since", default="", metavar="DATE", help="… and on which day")
    _told(stores)
    stores.set_defaults(run=_effect_stores)


def _told(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.add_argument("--lang", choices=["ja", "en"], help="language of the text (from LANG)")


def _effect(arguments: argparse.Namespace) -> int:
    now = present()
    catch_up(now=now)
    where = {name: value for name in ("segment", "store") if (value := getattr(arguments, name))}
    if where:
        metric = arguments.metric or practice_effects(practice=arguments.practice, now=now)[0].metric
        reports = [effect(practice=arguments.practice, metric=metric, where=where, now=now)]
    else:
        reports = take_looks(practice=arguments.practice, metric=arguments.metric, now=now)
        if arguments.metric:
            reports = [report for report in reports if report.metric == arguments.metric]
    if arguments.json:
        found = [as_json(report=report) for report in reports]
        print(json.dumps(found[0] if arguments.metric else found, ensure_ascii=False, indent=1))
        return 0
    with translation.override(language_of(chosen=arguments.lang)):
        for report in reports:
            _print_report(report)
    return 0


def _effect_file(arguments: argparse.Namespace) -> int:
    lines = _lines(path=arguments.file, arm=arguments.arm, outcome=arguments.outcome, covariate=arguments.covariate)
    report = file_effect(
        lines=lines,
        control=arguments.control,
        as_nps=arguments.metric == "nps",
        better=Better(arguments.better),
        shares=_shares(arguments.shares),
        by_lot=not arguments.observed,
    )
    if arguments.json:
        print(json.dumps(file_json(report=report), ensure_ascii=False, indent=1))
        return 0
    with translation.override(language_of(chosen=arguments.lang)):
        _print_file(report)
    return 0


def _plan(arguments: argparse.Namespace) -> int:
    now = present()
    ends_at = None
    if arguments.ends:
        ends_at = datetime.combine(_day(arguments.ends), time(), tzinfo=JST) + timedelta(days=1)
    plan_trial(
        practice=arguments.practice,
        ends_at=ends_at,
        people_planned=arguments.people or None,
        by_lot=not arguments.no_lot,
        actor=ACTOR,
        now=now,
    )
    return 0


def _effect_stores(arguments: argparse.Namespace) -> int:
    now = present()
    catch_up(now=now)
    if arguments.stores:
        codes = [code.strip() for code in arguments.stores.split(",") if code.strip()]
        since = _day(arguments.since)
        start_in_stores(practice=arguments.practice, stores=codes, since=since, actor=ACTOR, now=now)
    report = store_effect(practice=arguments.practice, metric=arguments.metric, now=now)
    if arguments.json:
        print(json.dumps(store_json(report=report), ensure_ascii=False, indent=1))
        return 0
    with translation.override(language_of(chosen=arguments.lang)):
        judged = report.judgement
        print(f"{VERDICT_WORDS[judged.verdict]}  {GRADES[report.grade]}\n  {judged.because}")
        for label, found in ((_CHANGE, report.effect), (_DRIFT, report.drift)):
            print(f"  {label} {missing_words(missing=found) if isinstance(found, NotEnough) else _plainly(found)}")
        print(f"  {_STORES.fill(treated=', '.join(report.treated), control=', '.join(report.control))}")
    return 0


def _plainly(found: Effect) -> str:
    return f"{found.value:+,.4g} [{found.low:+,.4g} … {found.high:+,.4g}]  p = {found.p:.4f}  {found.method}"


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadFile(_BAD_DAY.fill(value=text)) from None


def _lines(*, path: Path, arm: str, outcome: str, covariate: str) -> list[Line]:
    table = open_table(path=path)
    places = {name: _place(header=table.header, name=name) for name in (arm, outcome, covariate) if name}
    lines = []
    for number, cells in table.rows():
        if isinstance(cells, BadCells):
            raise BadFile(_BAD_LINE.fill(line=number))
        texts = {name: cells[place].strip() if place < len(cells) else "" for name, place in places.items()}
        if not any(texts.values()):
            continue
        if not texts[arm]:
            raise BadFile(_NO_ARM.fill(line=number, column=arm))
        lines.append(
            Line(
                arm=texts[arm],
                outcome=_number(text=texts[outcome], line=number, column=outcome),
                covariate=_number(text=texts[covariate], line=number, column=covariate) if covariate else None,
            )
        )
    return lines


def _place(*, header: Sequence[str], name: str) -> int:
    names = [column.strip() for column in header]
    if name not in names:
        raise BadFile(_NO_COLUMN.fill(name=name, names=", ".join(names[:30])))
    return names.index(name)


def _number(*, text: str, line: int, column: str) -> float | None:
    """An empty cell is no answer. Full-width digits and thousands separators are read, words are refused."""
    if not text:
        return None
    plain = unicodedata.normalize("NFKC", text).replace(",", "").replace("¥", "").removesuffix("円")
    yes = {"true": 1.0, "false": 0.0, "はい": 1.0, "いいえ": 0.0}.get(plain.lower())
    if yes is not None:
        return yes
    try:
        value = float(plain)
    except ValueError:
        value = float("nan")
    if not abs(value) < 1e15 or "_" in plain:
        raise BadFile(_NOT_A_NUMBER.fill(line=line, column=column, value=text[:40]))
    return value


def _shares(text: str) -> dict[str, float] | None:
    if not text:
        return None
    found = {}
    for pair in text.split(","):
        name, equals, share = pair.rpartition("=")
        try:
            found[name.strip()] = float(share)
        except ValueError:
            equals = ""
        if not equals:
            raise BadFile(_BAD_SHARES.fill(pair=pair))
    return found


def _print_report(report: Report) -> None:
    print(f"{report.title} — {report.reading.title} ({Words(ja='{n}日間', en='{n} days').fill(n=report.window_days)})")
    print(f"  {VERDICT_WORDS[report.verdict]}  {GRADES[report.grade]}")
    print(f"  {report.because}")
    if isinstance(report.effect, Shown):
        shown = report.effect
        value, low, high = (signed_text(report=report, value=number) for number in (shown.value, shown.low, shown.high))
        print(f"  {_DIFFERENCE} {value}  [{low} … {high}]  p = {shown.p:.4f}  {shown.method}")
    for arm in report.arms:
        told = missing_words(missing=arm.value) if isinstance(arm.value, NotEnough) else _interval(report, arm.value)
        print(f"  {arm.title}: n = {arm.counted:,}  {told}")
    more = days_words(report=report)
    if more is not None:
        print(f"  {more}")


def _interval(report: Report, value: Interval) -> str:
    texts = (amount_text(report=report, value=number) for number in (value.value, value.low, value.high))
    return "{} [{} … {}]".format(*texts)


def _print_file(report: FileReport) -> None:
    for arm in report.arms:
        told = (
            missing_words(missing=arm.value)
            if isinstance(arm.value, NotEnough)
            else f"{arm.value.value:,.4g} [{arm.value.low:,.4g} … {arm.value.high:,.4g}]"
        )
        control = f" ({_CONTROL})" if arm.name == report.control else ""
        print(f"{arm.name}{control}: n = {arm.counted:,}  {told}")
    for one in report.compared:
        if isinstance(one.effect, AdjustedEffect):
            print(f"{one.name} − {report.control}: {_plainly(one.effect.effect)}")
        print(f"  {VERDICT_WORDS[one.judgement.verdict]}: {one.judgement.because}")
    if report.kind is Kind.SHARE:
        print(_AS_SHARE)


_CHANGE = Words(ja="始めた店舗の変化 − ほかの店舗の変化", en="change where it began - change elsewhere")
_DRIFT = Words(ja="始める前のずれ（1期間あたり）", en="drift before it began, per period")
_STORES = Words(ja="始めた店舗: {treated} / ほかの店舗: {control}", en="began: {treated} / others: {control}")
_DIFFERENCE = Words(ja="差（届けた人 − 対照群）", en="difference (served - control)")
_CONTROL = Words(ja="対照群", en="control")
_AS_SHARE = Words(
    ja="結果が0と1だけのため、割合として比べました。", en="Outcomes are all 0 or 1, so shares were compared."
)
_BAD_DAY = Words(
    ja="「{value}」は日付として読めません。「2026-01-31」の形で書いてください。",
    en="«{value}» is not a date. Write it like 2026-01-31.",
)
_BAD_LINE = Words(ja="{line}行目を読み取れません。", en="Line {line} cannot be read.")
_NO_ARM = Words(ja="{line}行目の「{column}」が空です。", en="«{column}» is empty in line {line}.")
_NO_COLUMN = Words(
    ja="「{name}」という列はありません。列名: {names}", en="There is no column «{name}». Columns: {names}"
)
_NOT_A_NUMBER = Words(
    ja="{line}行目の「{column}」は数として読めません: {value}", en="«{column}» in line {line} is not a number: {value}"
)
_BAD_SHARES = Words(
    ja="「--shares {pair}」は読めません。「--shares a=0.9,control=0.1」の形で書いてください。",
    en="«--shares {pair}» cannot be read. Write it like --shares a=0.9,control=0.1.",
)
