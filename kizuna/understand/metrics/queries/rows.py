"""Measured groups as rows: for the API and ``--json``, and for files."""

from collections.abc import Sequence

from kizuna.stats.estimate import NotEnough
from kizuna.understand.metrics.queries.measure import Measured

COLUMNS = ("value", "low", "high", "level", "n", "unit", "method", "as_of", "not_enough", "have", "need")


def as_json(*, measured: Measured) -> dict[str, object]:
    """``{"group", "value", "low", …}``, or ``{"group", "not_enough": {"reason", "have", "need"}}``."""
    result = measured.result
    if isinstance(result, NotEnough):
        missing = {"reason": result.reason, "have": result.have, "need": result.need}
        return {"group": measured.group, "not_enough": missing}
    return {
        "group": measured.group,
        "value": result.value,
        "low": result.low,
        "high": result.high,
        "level": result.level,
        "n": result.n,
        "unit": result.unit,
        "method": result.method,
        "as_of": result.as_of.isoformat(),
    }


def export_rows(*, by: Sequence[str], measured: Sequence[Measured]) -> list[list[object]]:
    """A header and one row per group, ready for ``gates.write_csv``; what is not enough is empty, never 0."""
    rows: list[list[object]] = [[*by, *COLUMNS]]
    for one in measured:
        group = [one.group[dim] for dim in by]
        result = one.result
        if isinstance(result, NotEnough):
            rows.append([*group, *[None] * 8, result.reason, result.have, result.need])
        else:
            shown = [result.value, result.low, result.high, result.level, result.n, result.unit, result.method]
            rows.append([*group, *shown, result.as_of.isoformat(), None, None, None])
    return rows
