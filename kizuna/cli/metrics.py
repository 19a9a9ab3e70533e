"""``kizuna metric``, ``kizuna metrics`` and ``kizuna docs``: numbers with their uncertainty, and what they mean."""

import argparse
import json
import os
import unicodedata
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from django.utils import translation

from kizuna.cli import Subparsers
from kizuna.customers.staff.queries import present
from kizuna.errors import Invalid
from kizuna.stats.estimate import Estimate, NotEnough
from kizuna.understand.metrics.operations import catch_up, write_docs
from kizuna.understand.metrics.queries import Ask, Measured, MetricCard, as_json, card, check, measure_many, metrics
from kizuna.understand.metrics.queries.text import number_text, reason_words
from kizuna.understand.metrics.rules.dims import DIMS, PeriodBackwards, value_words
from kizuna.words import Words


class BadArgument(Invalid):
    """An option of ``kizuna metric`` that cannot be read."""

    code = "bad_argument"


def add(*, subparsers: Subparsers) -> None:
    """Bring ``kizuna metric``, ``kizuna metrics`` and ``kizuna docs``."""
    one = subparsers.add_parser("metric", help="a metric with its interval, in all or by group")
    one.add_argument("name", help="see: kizuna metrics")
    one.add_argument("--by", default="", metavar="DIM[,DIM]", help="split by, for example touchpoint,month")
    one.add_argument("--from", dest="date_from", default="", metavar="DATE", help="first day, 2026-01-01")
    one.add_argument("--to", dest="date_to", default="", metavar="DATE", help="last day, counted too")
    one.add_argument("--where", action="append", default=[], metavar="DIM=VALUE", help="only this; may be repeated")
    one.add_argument("--json", action="store_true", help="a JSON list")
    one.add_argument("--lang", choices=["ja", "en"], help="language of the table (from LANG)")
    one.set_defaults(run=_metric)
    every = subparsers.add_parser("metrics", help="all metrics: names, units, definitions")
    every.add_argument("--json", action="store_true", help="a JSON list")
    every.add_argument("--lang", choices=["ja", "en"], help="language of the list (from LANG)")
    every.set_defaults(run=_metrics)
    docs = subparsers.add_parser("docs", help="write docs/metrics/, one page per metric, from the definitions")
    docs.add_argument("folder", nargs="?", default="docs/metrics", help="where to (docs/metrics)")
    docs.set_defaults(run=_docs)


def _metric(arguments: argparse.Namespace) -> int:
    # Everything is read before any work is done, so that a slip is told at once.
    by = tuple(dim.strip() for dim in arguments.by.split(",") if dim.strip())
    where = _where(arguments.where)
    date_from, date_to = _day("--from", arguments.date_from), _day("--to", arguments.date_to)
    if date_from and date_to and date_to < date_from:
        raise PeriodBackwards(first=date_from, last=date_to)
    now = present()
    ask = Ask(
        metric=arguments.name,
        by=by,
        date_from=date_from,
        # The last day a calendar knows has no day after it; nothing lies beyond, so it needs no end.
        date_to=date_to + timedelta(days=1) if date_to and date_to < date.max else None,
        where=where,
    )
    check(asks=[ask], now=now)
    catch_up(now=now)
    measured = measure_many(asks=[ask], now=now)[0]
    if arguments.json:
        print(json.dumps([as_json(measured=row) for row in measured], ensure_ascii=False, indent=1))
        return 0
    with translation.override(language_of(chosen=arguments.lang)):
        described = card(name=arguments.name)
        print(f"{described.title} — {described.unit_words}")
        _print_table(_table(by=by, measured=measured, decimals=described.decimals))
    return 0


def _metrics(arguments: argparse.Namespace) -> int:
    cards = metrics()
    if arguments.json:
        print(json.dumps([_plain(described) for described in cards], ensure_ascii=False, indent=1))
        return 0
    with translation.override(language_of(chosen=arguments.lang)):
        for described in cards:
            print(f"{described.name}  —  {described.title} ({described.unit_words})")
            print(f"    {described.definition}")
            print(f"    --by {','.join(described.dims)}")
    return 0


def _docs(arguments: argparse.Namespace) -> int:
    count = write_docs(folder=Path(arguments.folder))
    print(f"{count} → {arguments.folder}")
    return 0


def _plain(described: MetricCard) -> dict[str, object]:
    def both(words: Words) -> dict[str, str]:
        return {"ja": words.ja, "en": words.en}

    return {
        "name": described.name,
        "title": both(described.title),
        "unit": described.unit,
        "better": described.better.value,
        "range": [described.low, described.high],
        "counted": described.counted,
        "mature_days": described.mature_days,
        "definition": both(described.definition),
        "formula": both(described.formula),
        "source": described.source,
        "dims": list(described.dims),
    }


def _where(pairs: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in pairs:
        dim, equals, value = pair.partition("=")
        if not equals or not dim.strip():
            raise BadArgument(
                Words(
                    ja=f"「--where {pair}」は読めません。「--where store=渋谷店」の形で書いてください。",
                    en=f"«--where {pair}» cannot be read. Write it like --where store=shibuya.",
                )
            )
        found[dim.strip()] = value
    return found


def _day(option: str, text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadArgument(
            Words(
                ja=f"「{option} {text}」は日付として読めません。「2026-01-31」の形で書いてください。",
                en=f"«{option} {text}» is not a date. Write it like 2026-01-31.",
            )
        ) from None


def language_of(*, chosen: str | None) -> str:
    """The language of a command's text: the one asked for, else that of the environment."""
    spoken = chosen or os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or "ja"
    return "en" if spoken.startswith("en") else "ja"


def _table(*, by: Sequence[str], measured: Sequence[Measured], decimals: int) -> list[list[str]]:
    interval = Words(ja="95％区間", en="95 % interval")
    head = [str(DIMS[dim]) for dim in by]
    rows = [[*head, str(Words(ja="値", en="value")), str(interval), "n", str(Words(ja="方法", en="method"))]]
    for row in measured:
        group = [str(value_words(dim=dim, value=row.group[dim])) for dim in by]
        rows.append([*group, *_cells(row.result, decimals=decimals)])
    return rows


def _cells(result: Estimate | NotEnough, *, decimals: int) -> list[str]:
    if isinstance(result, NotEnough):
        return ["—", str(reason_words(result=result)), str(result.have), ""]
    value, low, high = (
        number_text(value=number, unit=result.unit, decimals=decimals)
        for number in (result.value, result.low, result.high)
    )
    return [value, f"{low} … {high}", f"{result.n:,}", result.method]


def _print_table(rows: Sequence[Sequence[str]]) -> None:
    widths = [max(_width(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        padded = (cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True))
        print("  ".join(padded).rstrip())


def _width(text: str) -> int:
    """Columns on a terminal: a Japanese character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
