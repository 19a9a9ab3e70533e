"""Answers questions about one home's metrics, one JSON line each: the process that the truth tests talk to.

A process of its own, because Django is bound to one home for its life and the tests' own home is another.
"""

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

import kizuna.cli  # noqa: F401 sets Django up before models are imported
from kizuna.understand.metrics.queries import Period, changes, measure

_DATES = ("date_from", "date_to", "period_from", "period_to")


def _measure(**asked: Any) -> list[Any]:
    return [asdict(one) for one in measure(**asked, now=datetime.now(UTC))]


def _changes(**asked: Any) -> list[Any]:
    period = Period(start=asked.pop("period_from"), end=asked.pop("period_to"))
    return [asdict(one) for one in changes(**asked, period=period, now=datetime.now(UTC))]


FUNCTIONS: dict[str, Callable[..., list[Any]]] = {"measure": _measure, "changes": _changes}


def main() -> None:
    """Read questions until the end of the input."""
    for line in sys.stdin:
        asked = json.loads(line)
        for name in _DATES:
            if asked.get(name):
                asked[name] = date.fromisoformat(asked[name])
        try:
            answer: Any = FUNCTIONS[asked.pop("function")](**asked)
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        sys.stdout.write(json.dumps(answer, default=str) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
