"""Nouns about channels: how they are doing, which message a provider speaks of."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Min

from kizuna.connectors.channels.models import Attempt, ChannelState
from kizuna.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How a channel is doing. ``failure`` is None while nothing is wrong."""

    channel: str
    sent_at: datetime | None = None
    failed_at: datetime | None = None
    failure: Words | None = None
    rests_until: datetime | None = None
    proven: bool = False
    """Something was sent with the settings as they are now."""


def health(*, channel: str) -> Health:
    """What is known of a channel; nothing before it was first used."""
    row = ChannelState.objects.filter(channel=channel).first()
    if row is None:
        return Health(channel=channel)
    return Health(
        channel=channel,
        sent_at=row.sent_at,
        failed_at=row.failed_at,
        failure=Words(ja=row.failure_ja, en=row.failure_en) if row.failure_ja else None,
        rests_until=row.rests_until,
        proven=row.proven,
    )


def is_resting(*, channel: str, now: datetime) -> bool:
    """Whether the channel is held back after a failure."""
    return ChannelState.objects.filter(channel=channel, rests_until__gt=now).exists()


def message_of(*, channel: str, references: Collection[str]) -> int | None:
    """The message a provider speaks of by one of these names, the first that is known."""
    rows = Attempt.objects.filter(channel=channel, reference__in=list(references))
    found = dict(rows.values_list("reference", "message_id"))
    return next((found[name] for name in references if name in found), None)


def in_doubt_since(*, message_id: int) -> datetime | None:
    """When the provider was first given the message without ever answering no; None when it has said no each time."""
    handed = Attempt.objects.filter(message_id=message_id, outcome="handed_over")
    found: datetime | None = handed.aggregate(first=Min("made_at"))["first"]
    return found
