from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from django.db import transaction

from kizuna.facts.catalogue import OrderPlaced, ShipmentPromised, SurveyAnswered
from kizuna.facts.outbox.models import OutboxEntry
from kizuna.facts.outbox.operations import publish, publish_columns
from kizuna.facts.outbox.rules import ENTRY_FACTS, to_facts

NOW = datetime(2026, 4, 1, 3, 0, 0, 123456, tzinfo=UTC)


@pytest.mark.django_db
def test_facts_of_mixed_types_come_back_equal() -> None:
    order = OrderPlaced(occurred_at=NOW, person_id=7, order_id=1, source="web", total_yen=1200, channel="web")
    parcel = ShipmentPromised(occurred_at=NOW, person_id=None, shipment_id=3, order_id=1, promised_at=NOW)
    answer = SurveyAnswered(occurred_at=NOW, person_id=7, answer_id=2, instrument="nps", score=9.0)
    with transaction.atomic():
        publish(facts=[order, parcel, answer], now=NOW)
    entries = OutboxEntry.objects.order_by("fact_type")
    back = [fact for entry in entries for fact in to_facts(fact_type=entry.fact_type, payload=bytes(entry.payload))]
    assert back == [order, parcel, answer]
    assert all(entry.wakes and entry.recorded_at == NOW for entry in entries)


@pytest.mark.django_db
def test_a_large_column_publication_is_split_and_fills_in_defaults() -> None:
    count = ENTRY_FACTS + 5
    columns = {
        "occurred_at": [NOW] * count,
        "person_id": range(count),
        "answer_id": range(count),
        "instrument": ["nps"] * count,
        "score": [9.0] * count,
    }
    with transaction.atomic():
        publish_columns(fact=SurveyAnswered, columns=columns, now=NOW)
    assert list(OutboxEntry.objects.order_by("id").values_list("fact_count", "wakes")) == [
        (ENTRY_FACTS, False),
        (5, False),
    ]
    last = OutboxEntry.objects.order_by("-id")[0]
    facts = to_facts(fact_type=last.fact_type, payload=bytes(last.payload))
    assert facts[-1] == SurveyAnswered(
        occurred_at=NOW, person_id=count - 1, answer_id=count - 1, instrument="nps", score=9.0
    )


@pytest.mark.django_db
def test_columns_that_do_not_fit_the_fact_are_refused() -> None:
    good: dict[str, Sequence[object]] = {"occurred_at": [NOW], "answer_id": [1], "instrument": ["nps"], "score": [1.0]}
    with transaction.atomic():
        wrong: tuple[dict[str, Sequence[object]], ...] = (
            {"colour": ["red"]},
            {"score": [1.0, 2.0]},
            {"occurred_at": [NOW.replace(tzinfo=None)]},
        )
        for bad in wrong:
            with pytest.raises(ValueError, match=r"columns of|aware"):
                publish_columns(fact=SurveyAnswered, columns={**good, **bad}, now=NOW)
        with pytest.raises(ValueError, match="score is missing"):
            publish_columns(
                fact=SurveyAnswered, columns={name: good[name] for name in good if name != "score"}, now=NOW
            )
    assert not OutboxEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_publishing_outside_a_transaction_is_refused() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        publish(facts=[], now=NOW)
