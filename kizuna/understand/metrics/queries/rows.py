"""Measured groups as JSON, for the API and ``--json``, and the columns of their files."""

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
