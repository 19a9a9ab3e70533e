"""``kizuna clock advance``: let the invented company's days pass, to watch steps fall due.

The demo's marker holds by how much its clock is ahead; a shop's own home has no marker, so its clock is the real one
and cannot be moved. The worker goes by it, and so do the pages and whatever people do on them; only what guards the
house (sessions, exports on record, signs of life) keeps the real time.
"""

import argparse
import re
from dataclasses import replace
from datetime import datetime, timedelta

from kizuna.cli import Subparsers
from kizuna.cli.demo.advance import tally, walk
from kizuna.cli.demo.command import say
from kizuna.cli.demo.home import find_marker, write_marker
from kizuna.clock import JST
from kizuna.customers.staff.queries import present
from kizuna.errors import Conflict, Invalid
from kizuna.facts.audit.operations import record
from kizuna.words import Words

_DURATION = re.compile(r"(?:(\d{1,4})d)?(?:(\d{1,4})h)?(?:(\d{1,4})m)?")
_LONGEST = timedelta(days=400)


class NotADemo(Conflict):
    """Only an invented company's time can be moved."""

    code = "clock_not_a_demo"

    def __init__(self) -> None:
        super().__init__(
            Words(
                ja="時計を進められるのは kizuna demo で作ったフォルダだけです。",
                en="Only the clock of a home made by “kizuna demo” can be moved.",
            )
        )


class NoDuration(Invalid):
    """The text is no length of time."""

    code = "clock_no_duration"

    def __init__(self, *, text: str) -> None:
        words = Words(
            ja="「{text}」は長さとして読めません。3d、12h、1d6h のように、400日以内で指定してください。",
            en="“{text}” is no length of time. Write 3d, 12h or 1d6h, at most 400 days.",
        )
        super().__init__(words.fill(text=text))
        self.text = text


def add(*, subparsers: Subparsers) -> None:
    """Bring ``kizuna clock``."""
    parser = subparsers.add_parser("clock", help="the demo's clock (only homes made by kizuna demo)")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    advance = verbs.add_parser(
        "advance", help="let time pass, do what falls due, and tell what happened: 3d, 12h, 1d6h"
    )
    advance.add_argument("duration", metavar="DURATION")
    advance.set_defaults(run=_advance)


def _advance(arguments: argparse.Namespace) -> int:
    moved = parse_duration(text=arguments.duration)
    marker = find_marker()
    if marker is None or not marker.complete:
        raise NotADemo
    began = present()
    ahead = marker.clock_seconds

    def move_to(at: datetime) -> None:
        write_marker(marker=replace(marker, clock_seconds=ahead + round((at - began).total_seconds())))

    detail = {"seconds": ahead + int(moved.total_seconds())}
    record(actor="system", action="demo.clock_advanced", target="clock", detail=detail, now=began)
    say(Words(ja="時計を進めています…", en="The days pass…"))
    walk(begin=began, end=began + moved, move_to=move_to)
    now = f"{present().astimezone(JST):%Y-%m-%d %H:%M}"
    say(Words(ja="デモの時計: {now}（日本時間）", en="The demo's clock: {now} in Japan").fill(now=now))
    for line in tally(since=began).told():
        say(line)
    return 0


def parse_duration(*, text: str) -> timedelta:
    """The length that ``3d``, ``12h`` or ``1d6h30m`` says. Raises: NoDuration."""
    found = _DURATION.fullmatch(text.strip().lower())
    days, hours, minutes = (int(part or 0) for part in found.groups()) if found else (0, 0, 0)
    moved = timedelta(days=days, hours=hours, minutes=minutes)
    if not timedelta(0) < moved <= _LONGEST:
        raise NoDuration(text=text)
    return moved
