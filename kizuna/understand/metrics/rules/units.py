"""The unit tables of ``facts.state`` as ibis sees them."""

from kizuna.facts.state.rules import UNITS as STATE

_TYPES = {
    "VARCHAR": "string",
    "BIGINT": "int64",
    "DOUBLE": "float64",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMPTZ": "timestamp('UTC')",
}

UNITS: dict[str, dict[str, str]] = {
    table: {column: _TYPES[kind] for column, kind in unit.columns.items()} for table, unit in STATE.items()
}
