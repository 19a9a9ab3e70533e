"""The point of no return of an attempt, and what to do about attempts whose process died."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from kizuna.act.outreach.operations import accepted, settle
from kizuna.act.outreach.queries.doubts import Doubt, doubts
from kizuna.connectors.channels.models import Attempt
from kizuna.errors import Refusal
from kizuna.facts.rows.operations import reach

LOOKED_THROUGH = 500
LOOK_EVERY, LOOK_FOR = timedelta(minutes=1), timedelta(hours=1)
FORGOTTEN = "system"
"""Who has settled a message that was claimed and never handed over."""


def hand_over(*, channel: str, message_id: int, attempt: int, reference: str, now: datetime) -> bool:
    """Commit that the provider may have the message from now on; False when the attempt was taken back meanwhile."""
    defaults = {"channel": channel, "outcome": "handed_over", "reference": reference, "made_at": now}
    with transaction.atomic():
        row, ours = Attempt.objects.get_or_create(message_id=message_id, attempt=attempt, defaults=defaults)
        if not ours:  # given back after a clear no and now tried anew, unless somebody took it back this moment
            known = Attempt.objects.filter(pk=row.pk).exclude(outcome="taken_back")
            ours = bool(known.update(outcome="handed_over", made_at=now))
    reach(label=f"{channel}.handing_over")
    return ours


def note_declined(*, message_id: int, attempt: int) -> None:
    """The provider has clearly said no to what was handed over: it does not have the message."""
    Attempt.objects.filter(message_id=message_id, attempt=attempt, outcome="handed_over").update(outcome="declined")


def settle_forgotten(*, channel: str, find: Callable[[Doubt], str | None], now: datetime) -> int:
    """Look at messages whose outcome is in doubt: those never handed over go again, those ``find`` knows of are sent.

    ``find`` asks the provider (or our own records) for one message and answers the provider's id, or None. What
    remains stays parked for a person. Answers how many were settled.
    """
    settled = 0
    for doubt in doubts(channel=channel, limit=LOOKED_THROUGH):
        try:
            settled += _settle(channel=channel, doubt=doubt, find=find, now=now)
        except Refusal:  # a person was quicker
            continue
    return settled


def _settle(*, channel: str, doubt: Doubt, find: Callable[[Doubt], str | None], now: datetime) -> int:
    row = Attempt.objects.filter(message_id=doubt.message_id, attempt=doubt.attempt).first()
    if row is None or row.outcome in {"taken_back", "declined"}:
        return _send_again(channel=channel, doubt=doubt, now=now)
    if not _is_worth_a_look(row, now=now):
        return 0
    provider_id = find(doubt)
    Attempt.objects.filter(pk=row.pk).update(looked_at=now)
    if provider_id is None:
        return 0
    accepted(message_id=doubt.message_id, provider_id=provider_id, now=now)
    return 1


@transaction.atomic
def _send_again(*, channel: str, doubt: Doubt, now: datetime) -> int:
    defaults = {"channel": channel, "outcome": "taken_back", "made_at": now}
    row, _ = Attempt.objects.get_or_create(message_id=doubt.message_id, attempt=doubt.attempt, defaults=defaults)
    known = Attempt.objects.filter(pk=row.pk).exclude(outcome="handed_over")
    if not known.update(outcome="taken_back", made_at=now):  # it was handed over this very moment
        return 0
    settle(message_id=doubt.message_id, outcome="again", actor=FORGOTTEN, now=now)
    return 1


def _is_worth_a_look(row: Attempt, *, now: datetime) -> bool:
    """Once at least, then every minute for an hour: a provider may be slow to list what it has."""
    if row.looked_at is None:
        return True
    return row.looked_at <= now - LOOK_EVERY and row.looked_at - row.made_at < LOOK_FOR
