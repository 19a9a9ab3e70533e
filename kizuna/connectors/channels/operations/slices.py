"""Sending one slice of what is due: claim, hand over, tell what the provider said."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime

from kizuna.act.outreach.operations import accepted, bounced, claim, refused, still_wanted, uncertain
from kizuna.act.outreach.operations.give_back import give_back
from kizuna.act.outreach.queries.doubts import is_due
from kizuna.act.outreach.rules import Sendable
from kizuna.connectors.channels.operations.attempts import note_declined
from kizuna.connectors.channels.operations.health import note_failure, note_success
from kizuna.connectors.channels.queries import is_resting
from kizuna.connectors.channels.rules import Accepted, Dead, Down, Refused, TakenBack, Unknown, Verdict
from kizuna.errors import Conflict
from kizuna.facts.rows.operations import reach

Deliver = Callable[[Sendable], Verdict]
LEASE_SECONDS = 300
SLICE_SECONDS = 15.0
"""A slow provider must not keep what was claimed: consent is as old as the claim, so the rest goes back."""


def send_slice(
    *,
    channel: str,
    open_provider: Callable[[], AbstractContextManager[Deliver]],
    limit: int,
    now: datetime,
    lease_seconds: int = LEASE_SECONDS,
) -> int:
    """Send what is due on a channel, a bounded slice of it; answers how many messages were dealt with."""
    if is_resting(channel=channel, now=now) or not is_due(channel=channel, now=now):
        return 0
    messages = claim(channel=channel, limit=limit, lease_seconds=lease_seconds, now=now)
    if not messages:
        return 0
    reach(label=f"{channel}.claimed")
    sent = 0
    started = time.monotonic()
    with open_provider() as deliver:
        for at, message in enumerate(messages):
            if time.monotonic() - started > SLICE_SECONDS:
                _give_back(messages=messages[at:], until=now, now=now)
                break
            wanted = still_wanted(message_id=message.message_id, now=now)
            verdict = deliver(message) if wanted else TakenBack()
            _tell(message=message, verdict=verdict, now=now)
            sent += isinstance(verdict, Accepted)
            trouble = _trouble(verdict)
            if trouble is not None:
                if sent:
                    note_success(channel=channel, now=now)
                until = note_failure(channel=channel, words=trouble.words, wait=trouble.wait, now=now)
                # A message that may have arrived keeps its lease; one the provider never took goes back too.
                _give_back(messages=messages[at + isinstance(verdict, Unknown) :], until=until, now=now)
                return len(messages)
    if sent:
        note_success(channel=channel, now=now)
    return len(messages)


def _trouble(verdict: Verdict) -> Down | None:
    """What ails the channel as a whole, when something does."""
    if isinstance(verdict, Unknown) and verdict.words is not None:
        return Down(words=verdict.words)
    return verdict if isinstance(verdict, Down) else None


def _tell(*, message: Sendable, verdict: Verdict, now: datetime) -> None:
    if isinstance(verdict, Refused | Dead | Down):
        note_declined(message_id=message.message_id, attempt=message.attempt)
    try:
        if isinstance(verdict, Accepted):
            reach(label=f"{message.channel}.accepted")
            accepted(message_id=message.message_id, provider_id=verdict.provider_id, now=now)
        elif isinstance(verdict, Refused):
            retry_at = None if verdict.wait is None else now + verdict.wait
            refused(
                message_id=message.message_id,
                reason=verdict.why,
                permanent=verdict.permanent,
                retry_at=retry_at,
                now=now,
            )
        elif isinstance(verdict, Dead):
            bounced(message_id=message.message_id, permanent=True, why=verdict.why, now=now)
        elif isinstance(verdict, Unknown) and not verdict.retries_itself:
            uncertain(message_id=message.message_id, why=verdict.why, now=now)
        # What retries itself keeps its lease; when that runs out the same message goes again under the same key.
    except Conflict:  # a bounce, a webhook or a person has said more about it meanwhile
        return


def _give_back(*, messages: list[Sendable], until: datetime, now: datetime) -> None:
    """Nobody has tried these: they are due again once the channel works."""
    for message in messages:
        give_back(message_id=message.message_id, until=until, now=now)
