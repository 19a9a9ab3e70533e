"""Messages whose outcome nobody knows, and which messages belong to a customer: for the channels."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from kizuna.act.outreach.models import Message, SentCopy
from kizuna.customers.stores.queries import among
from kizuna.facts.rows.queries import Part, tally


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A message that was attempted and never answered for. ``attempt`` is the one in question."""

    message_id: int
    key: str
    channel: str
    person_id: int
    attempt: int
    address: str
    subject: str
    text: str
    template: str
    practice: str
    note: str
    attempted_at: datetime | None


def doubts(*, channel: str = "", limit: int) -> list[Doubt]:
    """The oldest first; of one channel, or of all."""
    found = Message.objects.filter(state="uncertain").order_by("attempted_at", "id")
    if channel:
        found = found.filter(route=channel)
    rows = list(found[:limit])
    copies = {copy.message_id: copy for copy in SentCopy.objects.filter(message_id__in=[row.pk for row in rows])}
    return [_doubt(row, copies.get(row.pk)) for row in rows]


def is_due(*, channel: str, now: datetime) -> bool:
    """Whether a channel has anything to look at: asked every second, and unlike claiming it takes no lock."""
    return Message.objects.filter(state="planned", next_at__lte=now, route__in=("", channel)).exists()


def doubt_tally() -> Part:
    """How many wait for a person, as a page's count of «doubts»."""
    return tally(found=Message.objects.filter(state="uncertain"), kind="doubts")


def planned_count(*, channel: str) -> int:
    """How many messages are known to take this channel and have not been sent yet."""
    return Message.objects.filter(state="planned", route=channel).count()


def person_of(*, message_ids: Collection[int]) -> dict[int, int]:
    """To whom each of these messages went; one that is not there is left out."""
    rows = Message.objects.filter(among(column="id", values=message_ids)) if message_ids else Message.objects.none()
    return dict(rows.values_list("id", "person_id"))


def message_ids_of(*, person_ids: Collection[int]) -> list[int]:
    """The numbers of every message to these person records."""
    return list(Message.objects.filter(among(column="person_id", values=person_ids)).values_list("pk", flat=True))


def _doubt(row: Message, copy: SentCopy | None) -> Doubt:
    return Doubt(
        message_id=row.pk,
        key=row.key,
        channel=row.route,
        person_id=row.person_id,
        attempt=row.attempts,
        address=copy.address if copy else "",
        subject=copy.subject if copy else "",
        text=copy.text if copy else "",
        template=row.template,
        practice=row.practice,
        note=row.note,
        attempted_at=row.attempted_at,
    )
