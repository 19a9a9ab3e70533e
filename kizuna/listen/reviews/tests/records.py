"""Reviews as an import brings them, and what the outbox holds after."""

from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from kizuna.customers.people.rules import Sighting
from kizuna.facts.outbox.models import OutboxEntry
from kizuna.facts.outbox.rules import to_facts
from kizuna.facts.rows.rules import Outcome
from kizuna.listen.reviews.operations import record_reviews
from kizuna.listen.reviews.rules import ReviewRecord

NOW = datetime(2026, 6, 1, 3, 0, tzinfo=UTC)


def review(external_id: str = "r1", *, customer: str = "", **given: Any) -> ReviewRecord:
    fields: dict[str, Any] = {
        "site": "google",
        "external_id": external_id,
        "customer": Sighting(source="shop", observed_at=NOW, account_id=customer) if customer else None,
        "rating": 4,
        "posted_at": datetime(2026, 5, 20, 1, 0, tzinfo=UTC),
        "comment": "店員さんが親切でした",
        "store": "銀座店",
    }
    return ReviewRecord(**(fields | given))


def record(*reviews: ReviewRecord, import_id: int | None = 1) -> list[Outcome]:
    with transaction.atomic():
        return record_reviews(reviews=reviews, import_id=import_id, now=NOW, wake=False)


def published(*names: str) -> list[Any]:
    """Every published fact of these types, in the order of publication."""
    facts: list[Any] = []
    for entry in OutboxEntry.objects.filter(fact_type__in=names).order_by("id"):
        facts += to_facts(fact_type=entry.fact_type, payload=bytes(entry.payload))
    return facts
