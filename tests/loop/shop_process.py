"""What the processes of the kill tests do: ``publish FIRST COUNT``, ``batches COUNT``, ``work``, ``report``."""

import argparse
import json
import sys
from datetime import UTC, datetime, timedelta

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402

from kizuna.cli import worker  # noqa: E402
from kizuna.facts.catalogue import OrderLineSold, OrderPlaced, SurveyAnswered  # noqa: E402
from kizuna.facts.lake.queries import connect  # noqa: E402
from kizuna.facts.outbox.operations import publish  # noqa: E402
from kizuna.facts.state.operations import catch_up, verify  # noqa: E402
from kizuna.facts.state.queries import source  # noqa: E402


def main() -> None:
    verb, *numbers = sys.argv[1:]
    if verb == "migrate":
        call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
    elif verb == "publish":
        first, count = (int(number) for number in numbers)
        for number in range(first, first + count):
            _publish(number)
            _say(str(number))  # the shop is told only after the commit
    elif verb == "batches":  # as many batches as facts, so that their files fall due for merging
        for number in range(1, int(numbers[0]) + 1):
            _publish(number)
            catch_up(now=datetime.now(UTC))
    elif verb == "work":
        worker.run(argparse.Namespace(once=True))
    else:
        _report()


def _publish(number: int) -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=number)
    person = number % 7 or None
    order = OrderPlaced(occurred_at=at, person_id=person, order_id=number, source="shop", total_yen=1000)
    line = OrderLineSold(
        occurred_at=at, person_id=person, order_id=number, line_no=1, product="p", quantity=1, amount_yen=1000
    )
    answer = SurveyAnswered(occurred_at=at, person_id=person, answer_id=number, instrument="nps", score=9.0)
    with transaction.atomic():
        publish(facts=[order, line, answer], now=at, wake=number % 2 == 0)


def _report() -> None:
    now = datetime.now(UTC)
    catch_up(now=now)
    report = verify(now=now)
    rows = connect().sql(f"SELECT answer_id FROM ({source(table='answers')})").fetchall()
    _say(json.dumps({"ok": report.ok, "report": str(report), "answers": [row[0] for row in rows]}))


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


main()
