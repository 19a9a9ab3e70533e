"""What rows become: a record, or the problems that say why not; and the customer that a row names."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from kizuna.connectors.tables.rules.plans import Plan, Problem
from kizuna.connectors.tables.rules.texts import BadCells, Numbered
from kizuna.customers.orders.rules import OrderRecord, ShipmentRecord
from kizuna.customers.people.rules import Sighting
from kizuna.listen.reviews.rules import ReviewRecord
from kizuna.listen.surveys.rules import AnswerRecord
from kizuna.words import Words

Record = OrderRecord | Sighting | AnswerRecord | ReviewRecord | tuple[str, str, ShipmentRecord]


@dataclass(slots=True)
class Unit:
    """One record with the rows it came from; without a record, ``problems`` say why."""

    key: str
    rows: list[Numbered]
    record: Record | None = None
    problems: list[Problem] = field(default_factory=list)
    dropped: int = 0
    """Cancelled lines of an order that otherwise stands: skipped, not imported."""


def bad_rows(*, rows: list[Numbered]) -> list[Problem]:
    """The rows whose cells cannot be trusted at all."""
    return [Problem(line, "", cells.code, cells.words) for line, cells in rows if isinstance(cells, BadCells)]


def empty_fields(
    *, plan: Plan, values: dict[str, Any], names: Sequence[str], line: int, known: Sequence[Problem]
) -> list[Problem]:
    """Needed fields that are blank; a cell that could not be read has its own problem already."""
    told = {problem.column for problem in known}
    missing = [name for name in names if name not in values and plan.headers[name] not in told]
    return [Problem(line, plan.headers[name], "empty", EMPTY) for name in missing]


def sighting_of(*, values: dict[str, Any], observed_at: datetime) -> Sighting | None:
    """The customer of a row; None when nothing names one. A mail address in the id column is a mail address."""
    account = values.pop("customer", "")
    if "@" in account:
        values.setdefault("email", account)
        account = ""
    if not account and not any(name in values for name in ("email", "phone", "card_no", "line_id")):
        return None
    return Sighting(observed_at=observed_at, account_id=account, display_name=values.pop("name", ""), **values)


EMPTY = Words(ja="必要な値が空です。", en="A required value is empty.")
