"""Benches of the way in: a file of order lines, a file of answers, each beside the bare database."""

import csv
import random
import resource
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from kizuna.connectors.tables import operations as tables
from kizuna.facts.lake import operations as lake
from kizuna.facts.state import operations as state
from kizuna.understand.metrics import operations as metrics

NOW = datetime(2026, 4, 1, tzinfo=UTC)
STORES = ("online", "ginza", "umeda", "sakae")
TOUCHPOINTS = ("site", "store", "purchase", "delivery", "product", "support")

ORDER_COLUMNS = [
    *("order_id", "ordered_at", "customer", "email", "store", "sku", "product", "category", "quantity"),
    *("unit_price_yen", "discount_yen", "promised_at", "delivered_at", "cancelled"),
]
ANSWER_COLUMNS = [
    *("answer_id", "customer", "instrument", "score", "answered_at", "touchpoint", "channel", "store", "comment")
]


def order_rows(*, lines: int, seed: int) -> Iterator[list[str]]:
    """Generic order lines, two and a half an order on average, four orders a customer, in order of time."""
    generator = random.Random(seed)  # noqa: S311  made-up data, no secret
    written = order = 0
    while written < lines:
        order += 1
        at = NOW - timedelta(days=730) + timedelta(seconds=int(730 * 86400 * written / lines))
        customer = generator.randrange(max(1, lines // 10))
        store = generator.choice(STORES)
        promised, delivered = at + timedelta(days=3), at + timedelta(days=generator.choice((2, 2, 3, 4)))
        for _ in range(min(generator.choice((1, 2, 2, 3, 4)), lines - written)):
            item = generator.randrange(400)
            yield [
                f"B{order:08}", f"{at:%Y-%m-%d %H:%M:%S}", f"C{customer:07}", f"customer{customer}@example.jp", store,
                f"SKU-{item:04}", f"商品 {item}", f"分類 {item % 12}", "1", str(500 + item * 10), "0",
                f"{promised:%Y-%m-%d %H:%M:%S}", f"{delivered:%Y-%m-%d %H:%M:%S}", "0",
            ]  # fmt: skip
            written += 1


def answer_rows(*, answers: int, seed: int) -> Iterator[list[str]]:
    """Generic answers of five a customer, half of them with a comment."""
    generator = random.Random(seed)  # noqa: S311  made-up data, no secret
    for number in range(answers):
        at = NOW - timedelta(days=730) + timedelta(seconds=int(730 * 86400 * number / answers))
        customer = generator.randrange(max(1, answers // 5))
        comment = "配送が早くて助かりました。" if generator.random() < 0.5 else ""
        yield [
            f"A{number:08}", f"C{customer:07}", "nps", str(min(10, int(generator.gauss(7, 2)) % 11)),
            f"{at:%Y-%m-%d %H:%M:%S}", generator.choice(TOUCHPOINTS), "web", generator.choice(STORES), comment,
        ]  # fmt: skip


def order_lines(*, seed: int, size: int = 300_000) -> dict[str, Any]:
    """Import ``size`` order lines; the baseline writes the same cells into one bare table."""
    return _measure(layout="generic_orders", columns=ORDER_COLUMNS, rows=lambda: order_rows(lines=size, seed=seed))


def answers(*, seed: int, size: int = 1_000_000) -> dict[str, Any]:
    """Import ``size`` answers; the baseline writes the same cells into one bare table."""
    return _measure(layout="survey_answers", columns=ANSWER_COLUMNS, rows=lambda: answer_rows(answers=size, seed=seed))


def _measure(*, layout: str, columns: list[str], rows: Callable[[], Iterator[list[str]]]) -> dict[str, Any]:
    path = Path(settings.HOME) / "bench.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(rows())
    baseline = _timed(lambda: _bare_insert(path=path, columns=columns))
    began, began_cpu = time.perf_counter(), time.process_time()
    result = tables.import_file(path=path, layout=layout, mapping=None, actor="bench", now=NOW, progress=None)
    imported, imported_cpu = time.perf_counter() - began, time.process_time() - began_cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    drained = _timed(_drain)
    again = _timed(
        lambda: tables.import_file(path=path, layout=layout, mapping=None, actor="bench", now=NOW, progress=None)
    )
    return {
        "rows in": result.rows_in,
        "imported": result.imported,
        "errored": result.errored,
        "import, s": round(imported, 1),
        "import, CPU s of this process": round(imported_cpu, 1),
        "peak memory up to here, MB": peak,
        "rows a second": round(result.rows_in / imported),
        "into lake, state and roll-ups, s": round(drained, 1),
        "same file again, s": round(again, 1),
        "baseline: bare insert of the same rows, s": round(baseline, 1),
        "import over baseline": round(imported / baseline, 1),
    }


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _drain() -> None:
    while lake.write_due(now=NOW, limit=200):
        pass
    metrics.refresh(touched=state.advance(now=NOW), now=NOW)


def _bare_insert(*, path: Path, columns: list[str]) -> None:
    """What the database alone needs: executemany on SQLite, COPY on PostgreSQL, one transaction."""
    declared = ", ".join(f"c{number} text" for number in range(len(columns)))
    with transaction.atomic(), connection.cursor() as cursor, path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        next(reader)
        cursor.execute(f"CREATE TABLE bench_bare ({declared})")
        if connection.vendor == "postgresql":
            with cursor.copy("COPY bench_bare FROM STDIN") as copy:
                for row in reader:
                    copy.write_row(row)
        else:
            places = ", ".join("?" * len(columns))
            cursor.connection.executemany(f"INSERT INTO bench_bare VALUES ({places})", reader)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE bench_bare")
