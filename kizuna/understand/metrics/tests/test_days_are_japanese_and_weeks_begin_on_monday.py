"""An answer one minute before midnight in Japan belongs to that day, month and ISO week."""

from datetime import date

import pytest

from kizuna.understand.metrics.queries import measure
from kizuna.understand.metrics.rules.dims import BadPeriod
from kizuna.understand.metrics.tests.world import NOW, answer, tell

pytestmark = pytest.mark.django_db(transaction=True)


def _groups(**more: object) -> list[tuple[str, int]]:
    rows = measure(metric="nps", now=NOW, **more)  # type: ignore[arg-type]
    return [(" ".join(row.group.values()), getattr(row.result, "n", 0)) for row in rows]


def test_every_calendar() -> None:
    tell(answer(9, "2025-12-31 23:59"), answer(9, "2026-01-01 00:00"), answer(9, "2026-01-05 00:00"))
    assert _groups(by=["month"]) == [("2025-12", 1), ("2026-01", 2)]
    assert _groups(by=["week"]) == [("2026-W01", 2), ("2026-W02", 1)]
    assert _groups(by=["day"]) == [("2025-12-31", 1), ("2026-01-01", 1), ("2026-01-05", 1)]
    assert _groups(date_to=date(2026, 1, 1)) == [("", 1)]
    assert _groups(where={"month": "2026-01"}) == [("", 2)]
    assert _groups(where={"day": "2026-01-05"}) == [("", 1)]
    assert _groups(where={"week": "2026-W02"}) == [("", 1)]


@pytest.mark.parametrize(("dim", "value"), [("month", "2026-13"), ("week", "2026-03"), ("day", "yesterday")])
def test_a_period_that_cannot_be_read_is_refused_with_an_example(dim: str, value: str) -> None:
    with pytest.raises(BadPeriod, match="Write it like 2026-"):
        measure(metric="nps", where={dim: value}, now=NOW)
