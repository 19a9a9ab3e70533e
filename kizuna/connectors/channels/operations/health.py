"""How a channel is doing: a success clears what was wrong, a failure lets it rest."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import transaction

from kizuna.connectors.channels.models import ChannelState
from kizuna.connectors.channels.queries import is_resting
from kizuna.connectors.channels.rules import rest_after
from kizuna.gates.seal import SealBroken
from kizuna.words import Words

Configuration = TypeVar("Configuration")


_WELL = {"failures": 0, "rests_until": None, "failure_ja": "", "failure_en": ""}


@transaction.atomic
def note_success(*, channel: str, now: datetime) -> None:
    """Something was sent."""
    ChannelState.objects.update_or_create(channel=channel, defaults={**_WELL, "proven": True, "sent_at": now})


@transaction.atomic
def note_proven(*, channel: str) -> None:
    """A test message was taken."""
    ChannelState.objects.update_or_create(channel=channel, defaults={**_WELL, "proven": True})


@transaction.atomic
def note_failure(*, channel: str, words: Words, wait: timedelta | None = None, now: datetime) -> datetime:
    """The channel does not work; answers until when it rests."""
    ChannelState.objects.get_or_create(channel=channel)
    state = ChannelState.objects.select_for_update().get(channel=channel)
    state.failures += 1
    state.failed_at, state.failure_ja, state.failure_en = now, words.ja[:500], words.en[:500]
    until = now + (wait or rest_after(failures=state.failures))
    state.rests_until = until
    state.save()
    return until


def wake(*, channel: str, changed: bool) -> None:
    """The settings were saved: what held the channel back may be gone; changed ones have yet to prove themselves."""
    ChannelState.objects.filter(channel=channel).update(**_WELL, **({"proven": False} if changed else {}))


def in_force(*, channel: str, configuration: Callable[[], Configuration], now: datetime) -> Configuration | None:
    """The channel's settings; None when its secrets can no longer be opened, which is noted as its failure."""
    try:
        return configuration()
    except SealBroken as broken:
        if not is_resting(channel=channel, now=now):
            note_failure(channel=channel, words=broken.words, now=now)
        return None
