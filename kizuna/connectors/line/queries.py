"""Nouns about LINE: the settings in force, the quota, who follows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from kizuna.act.outreach.queries.doubts import planned_count
from kizuna.connectors.channels.rules import Reply
from kizuna.connectors.line.models import API, LineEvent, LineSettings
from kizuna.customers.people.queries import contacts_of
from kizuna.facts.rows.queries import Part, tally
from kizuna.gates.seal import unseal


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """The official account; without a token nothing is sent."""

    access_token: str = field(default="", repr=False)
    channel_secret: str = field(default="", repr=False)
    api_url: str = API


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """The month's messages. ``limit`` None: no limit, or not known."""

    limit: int | None
    used: int
    planned: int
    read_at: datetime | None

    @property
    def left(self) -> int | None:
        """How many may still be sent this month."""
        return None if self.limit is None else max(self.limit - self.used, 0)

    @property
    def would_exceed(self) -> bool:
        """Whether what is planned does not fit into what is left."""
        return self.left is not None and self.planned > self.left

    @property
    def share(self) -> int:
        """Used share in whole percent, for the meter."""
        return min(100, round(100 * self.used / self.limit)) if self.limit else (100 if self.limit == 0 else 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Friend:
    """Somebody who has added or blocked the account, or written to it, lately."""

    user_id: str
    kind: str
    occurred_at: datetime


def configuration() -> Configuration:
    """The settings in force.

    Raises: SealBroken.
    """
    row = LineSettings.objects.filter(pk=1).first()
    if row is None:
        return Configuration()
    return Configuration(
        access_token=unseal(sealed=row.access_token_sealed),
        channel_secret=unseal(sealed=row.channel_secret_sealed),
        api_url=row.api_url.rstrip("/"),
    )


def quota_left() -> tuple[int | None, datetime | None]:
    """How many may still be sent this month (None: no limit known), and when that was read: asked every second."""
    row = LineSettings.objects.filter(pk=1).values_list("quota_limit", "quota_used", "quota_read_at").first()
    limit, used, read_at = row or (None, 0, None)
    return None if limit is None else max(limit - used, 0), read_at


def quota() -> Quota:
    """The month's quota as last read, plus what was sent since."""
    row = LineSettings.objects.filter(pk=1).first() or LineSettings()
    planned = planned_count(channel="line")
    return Quota(limit=row.quota_limit, used=row.quota_used, planned=planned, read_at=row.quota_read_at)


def replies(*, limit: int) -> list[Reply]:
    """What customers wrote to the account, the latest first."""
    rows = LineEvent.objects.filter(kind="message").exclude(user_id="").order_by("-occurred_at", "-id")
    return [Reply(channel="line", address=row.user_id, text=row.text, at=row.occurred_at) for row in rows[:limit]]


def reply_count() -> int:
    """How many there are."""
    return LineEvent.objects.filter(kind="message").exclude(user_id="").count()


def reply_tally(*, since: datetime) -> Part:
    """How many came since, as a part of a page's «replies»."""
    found = LineEvent.objects.filter(kind="message", occurred_at__gte=since).exclude(user_id="")
    return tally(found=found, kind="replies")


def export_people(*, person_ids: Sequence[int]) -> dict[str, object]:
    """What these customers wrote to the account, added and blocked, labelled in Japanese."""
    lines = {line for one in contacts_of(person_ids=person_ids).values() for line in one.lines}
    rows = LineEvent.objects.filter(user_id__in=lines).order_by("id")
    return {
        "LINEの受信": [
            {"日時": row.occurred_at, "種類": row.kind, "LINEユーザーID": row.user_id, "本文": row.text} for row in rows
        ]
    }


def recent_friends(*, limit: int) -> list[Friend]:
    """The latest people by their user id, so that staff can find their own for a test."""
    rows = LineEvent.objects.exclude(user_id="").filter(kind__in=("follow", "message")).order_by("-id")[: limit * 5]
    seen: dict[str, Friend] = {}
    for row in rows:
        seen.setdefault(row.user_id, Friend(user_id=row.user_id, kind=row.kind, occurred_at=row.occurred_at))
    return list(seen.values())[:limit]
