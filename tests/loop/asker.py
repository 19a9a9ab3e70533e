"""Answers questions about one home's metrics, one JSON line each: the process that the truth tests talk to.

A process of its own, because Django is bound to one home for its life and the tests' own home is another.
"""

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.test import Client

import kizuna.cli  # noqa: F401 sets Django up before models are imported
from kizuna.cli.demo.company import LOGIN
from kizuna.customers.staff.models import User
from kizuna.facts.lake.queries import connect
from kizuna.facts.state.queries import units
from kizuna.prove.evidence.queries import league_table
from kizuna.prove.evidence.rules.league import Column
from kizuna.understand.metrics.queries import Period, changes, measure

_DATES = ("date_from", "date_to", "period_from", "period_to")


def _measure(**asked: Any) -> list[Any]:
    return [asdict(one) for one in measure(**asked)]


def _changes(**asked: Any) -> list[Any]:
    period = Period(start=asked.pop("period_from"), end=asked.pop("period_to"))
    return [asdict(one) for one in changes(**asked, period=period)]


def _league(*, by: str, now: datetime) -> list[Any]:
    """The league table in its order: each practice with its word and, by column, the word and figures of its effect."""
    table = league_table(by=Column(by), now=now)
    return [
        {
            "practice": row.practice,
            "verdict": row.verdict,
            "cells": {
                column: {
                    "verdict": cell.verdict,
                    **asdict(cell.effect),
                    "differs": [part.by for part in cell.report.parts if part.differs],
                }
                for column, cell in row.cells.items()
            },
        }
        for row in table.rows
    ]


def _select(*, sql: str, now: datetime) -> list[Any]:
    """Plain SQL over the unit tables; ``{orders}`` stands for that table's files."""
    tables = {name: f"read_parquet({[str(path) for path in units(table=name)]})" for name in _TABLES}
    return connect().execute(sql.format(**tables)).fetchall()


def _page(*, path: str, now: datetime) -> list[Any]:
    """A page as the demo's owner sees it: its status and HTML."""
    del now  # pages ask the clock themselves
    browser = Client(SERVER_NAME="127.0.0.1", headers={"accept-language": "ja"})
    browser.force_login(User.objects.get(email=LOGIN), backend=settings.AUTHENTICATION_BACKENDS[-1])
    answer = browser.get(path)
    return [answer.status_code, answer.content.decode()]


_TABLES = ("customers", "orders", "shipments", "answers")
FUNCTIONS: dict[str, Callable[..., list[Any]]] = {
    "measure": _measure,
    "changes": _changes,
    "league": _league,
    "select": _select,
    "page": _page,
}


def main() -> None:
    """Read questions until the end of the input."""
    for line in sys.stdin:
        asked = json.loads(line)
        asked |= {name: date.fromisoformat(asked[name]) for name in _DATES if asked.get(name)}
        asked["now"] = datetime.fromisoformat(asked["now"])
        try:
            answer: Any = FUNCTIONS[asked.pop("function")](**asked)
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        sys.stdout.write(json.dumps(answer, default=str) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
