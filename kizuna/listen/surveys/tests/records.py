"""Answers as an import brings them, and what the outbox holds after."""

from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from kizuna.customers.people.rules import Sighting
from kizuna.facts.outbox.models import OutboxEntry
from kizuna.facts.outbox.rules import to_facts
from kizuna.facts.rows.rules import Outcome
from kizuna.listen.surveys.operations import record_answers
from kizuna.listen.surveys.rules import AnswerRecord

NOW = datetime(2026, 6, 1, 3, 0, tzinfo=UTC)


def answer(external_id: str = "a1", *, customer: str = "taro", **given: Any) -> AnswerRecord:
    fields: dict[str, Any] = {
        "source": "answers",
        "external_id": external_id,
        "customer": Sighting(source="shop", observed_at=NOW, account_id=customer) if customer else None,
        "instrument": "nps",
        "score": 9,
        "answered_at": datetime(2026, 5, 20, 1, 0, tzinfo=UTC),
        "touchpoint": "配送",
        "channel": "web",
        "store": "銀座店",
        "comment": "とても早く届きました",
    }
    return AnswerRecord(**(fields | given))


def record(*answers: AnswerRecord, import_id: int | None = 1, now: datetime = NOW) -> list[Outcome]:
    with transaction.atomic():
        return record_answers(answers=answers, import_id=import_id, now=now, wake=False)


def published(*names: str) -> list[Any]:
    """Every published fact of these types, in the order of publication."""
    facts: list[Any] = []
    for entry in OutboxEntry.objects.filter(fact_type__in=names).order_by("id"):
        facts += to_facts(fact_type=entry.fact_type, payload=bytes(entry.payload))
    return facts
