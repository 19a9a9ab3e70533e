"""Push messages under a retry key, within the month's quota."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial

from django.db.models import F

from kizuna.act.outreach.rules import Sendable
from kizuna.connectors.channels.operations import Deliver, hand_over, in_force, send_slice, settle_forgotten
from kizuna.connectors.channels.queries import in_doubt_since, is_resting
from kizuna.connectors.channels.rules import Accepted, Down, Refused, TakenBack, Unknown, Verdict, silence
from kizuna.connectors.line.models import LineSettings
from kizuna.connectors.line.queries import Configuration, configuration, quota_left
from kizuna.connectors.line.rules import KEY_HOURS, is_user_id, objects_of, retry_key, verdict_of
from kizuna.facts.rows.operations import reach
from kizuna.gates.egress import Answer, EgressDenied, Unreachable, fetch
from kizuna.words import Words

LIMIT = 20
LEASE_SECONDS = 90
"""Short: an attempt without an answer is simply made again under the same key."""
QUOTA_EVERY = timedelta(minutes=10)
_UNREACHABLE = Words(
    ja="LINE に接続できません（{why}）。インターネット接続と「APIのアドレス」を確認してください。",
    en="LINE cannot be reached ({why}). Check the internet connection and the address of the interface.",
)


def send_due(*, now: datetime) -> int:
    """Send one slice of what is due by LINE; answers how many messages were dealt with."""
    settled = settle_forgotten(channel="line", find=lambda _: None, now=now)
    found = in_force(channel="line", configuration=configuration, now=now)
    if found is None or not found.access_token or is_resting(channel="line", now=now):
        return settled
    _refresh_quota(found=found, now=now)
    left, _ = quota_left()
    if left == 0:
        return settled  # the page says so; nothing is claimed, so nothing is lost
    limit = LIMIT if left is None else min(LIMIT, left)
    provider = partial(_open, found=found, now=now)
    return settled + send_slice(
        channel="line", open_provider=provider, limit=limit, now=now, lease_seconds=LEASE_SECONDS
    )


@contextmanager
def _open(*, found: Configuration, now: datetime) -> Iterator[Deliver]:
    yield partial(_deliver, found=found, now=now)


def _deliver(message: Sendable, *, found: Configuration, now: datetime) -> Verdict:
    objects = objects_of(text=message.text)
    if not is_user_id(text=message.address):
        return Refused(why="bad_address", permanent=True)
    if objects is None:
        return Refused(why="too_long", permanent=True)
    doubted = in_doubt_since(message_id=message.message_id)
    if doubted is not None and doubted < now - KEY_HOURS:
        return Unknown(why="key_too_old")
    key = retry_key(key=message.key)
    if not hand_over(channel="line", message_id=message.message_id, attempt=message.attempt, reference=key, now=now):
        return TakenBack()
    verdict = push(found=found, to=message.address, objects=objects, key=key)
    reach(label="line.answered")
    if isinstance(verdict, Accepted):
        LineSettings.objects.filter(pk=1).update(quota_used=F("quota_used") + 1)
    elif isinstance(verdict, Down) and "monthly limit" in verdict.words.en:
        LineSettings.objects.filter(pk=1).update(quota_read_at=None)
    return verdict


def push(*, found: Configuration, to: str, objects: list[dict[str, str]], key: str) -> Verdict:
    """Hand one message to LINE and say what its answer means."""
    body = json.dumps({"to": to, "messages": objects}, ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json", "X-Line-Retry-Key": key}
    try:
        answer = _call(found=found, method="POST", path="/v2/bot/message/push", headers=headers, body=body)
    except EgressDenied as denied:
        return Down(words=denied.words)
    except Unreachable as lost:
        return silence(lost=lost, words=_UNREACHABLE, retries_itself=True)
    return verdict_of(answer=answer)


def read_quota(*, found: Configuration, now: datetime) -> bool:
    """Ask LINE for the month's limit and use; False when it did not say."""
    try:
        limit = _number(_call(found=found, method="GET", path="/v2/bot/message/quota"), "value")
        used = _number(_call(found=found, method="GET", path="/v2/bot/message/quota/consumption"), "totalUsage")
    except (EgressDenied, Unreachable, ValueError):
        return False
    LineSettings.objects.filter(pk=1).update(quota_limit=limit, quota_used=used or 0, quota_read_at=now)
    return True


def _refresh_quota(*, found: Configuration, now: datetime) -> None:
    _, read_at = quota_left()
    if (read_at is None or read_at < now - QUOTA_EVERY) and not read_quota(found=found, now=now):
        # Asked again in ten minutes; until then what is known counts, and LINE itself stops at the limit.
        LineSettings.objects.filter(pk=1).update(quota_read_at=now)


def _number(answer: Answer, name: str) -> int | None:
    """The number LINE answered with; None for a plan without a limit. Raises: ValueError."""
    if answer.status != 200:
        raise ValueError(answer.status)
    said = json.loads(answer.body)
    if not isinstance(said, dict) or (said.get("type") != "none" and not isinstance(said.get(name), int)):
        raise ValueError("not a quota")
    return None if said.get("type") == "none" else int(said[name])


def _call(
    *, found: Configuration, method: str, path: str, headers: dict[str, str] | None = None, body: bytes = b""
) -> Answer:
    credentials = {"Authorization": f"Bearer {found.access_token}"}
    return fetch(method=method, url=found.api_url + path, headers={**credentials, **(headers or {})}, body=body)
