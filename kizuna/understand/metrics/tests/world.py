"""A small world of facts: published as the rooms publish them, carried into lake, state and roll-ups."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count

from django.db import transaction

from kizuna.clock import JST
from kizuna.facts.catalogue import (
    Fact,
    OrderLineSold,
    OrderPlaced,
    ReviewPosted,
    ShipmentDelivered,
    SurveyAnswered,
)
from kizuna.facts.outbox.operations import publish
from kizuna.understand.metrics.operations import catch_up

NOW = datetime(2026, 3, 15, 3, 0, tzinfo=UTC)
_ids = count(1_000)


def at(text: str) -> datetime:
    """``2026-01-31 23:30`` in Japan."""
    return datetime.fromisoformat(text).replace(tzinfo=JST).astimezone(UTC)


def tell(*facts: Fact, now: datetime = NOW) -> None:
    """Publish the facts and bring everything up to date."""
    with transaction.atomic():
        publish(facts=facts, now=now, wake=False)
    catch_up(now=now)


def answer(score: float, when: str = "2026-01-10", **more: object) -> SurveyAnswered:
    """One answer, NPS unless said otherwise."""
    given: dict[str, object] = {
        "occurred_at": at(when),
        "person_id": None,
        "answer_id": next(_ids),
        "instrument": "nps",
        "touchpoint": "store",
        "channel": "store",
        "score": score,
        **more,
    }
    return SurveyAnswered(**given)  # type: ignore[arg-type]


def answers(scores: Sequence[float], when: str = "2026-01-10", **more: object) -> list[Fact]:
    """One answer per score."""
    return [answer(score, when, **more) for score in scores]


def order(
    person: int | None, when: str, yen: int = 1000, kind: type[OrderPlaced] = OrderPlaced, **more: object
) -> OrderPlaced:
    """One order of ``yen``."""
    given: dict[str, object] = {
        "occurred_at": at(when),
        "person_id": person,
        "order_id": next(_ids),
        "source": "test",
        "channel": "web",
        "total_yen": yen,
        "quantity": 1,
        **more,
    }
    return kind(**given)  # type: ignore[arg-type]


def line(of: OrderPlaced, product: str, yen: int, number: int = 1, category: str = "") -> OrderLineSold:
    """One line of an order, of the order's own revision."""
    return OrderLineSold(
        occurred_at=of.occurred_at,
        person_id=of.person_id,
        channel=of.channel,
        revision=of.revision,
        order_id=of.order_id,
        line_no=number,
        store=of.store,
        product=product,
        category=category,
        quantity=1,
        amount_yen=yen,
    )


def parcel(of: OrderPlaced, promised: str, delivered: str | None, carrier: str = "fast") -> ShipmentDelivered:
    """A parcel of an order with its promise and its arrival."""
    return ShipmentDelivered(
        occurred_at=at(delivered or promised),
        person_id=of.person_id,
        channel=of.channel,
        shipment_id=next(_ids),
        order_id=of.order_id,
        store=of.store,
        carrier=carrier,
        promised_at=at(promised),
        shipped_at=of.occurred_at + timedelta(days=1),
        delivered_at=at(delivered) if delivered else None,
    )


def review(rating: float, when: str = "2026-01-10", **more: object) -> ReviewPosted:
    """One public review."""
    given: dict[str, object] = {
        "occurred_at": at(when),
        "person_id": None,
        "review_id": next(_ids),
        "site": "google",
        "rating": rating,
        **more,
    }
    return ReviewPosted(**given)  # type: ignore[arg-type]
