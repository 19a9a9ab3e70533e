"""Nouns about SMS: the settings in force, what came back."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from kizuna.connectors.channels.rules import Reply
from kizuna.connectors.sms.models import API, SmsReceived, SmsSettings
from kizuna.customers.people.queries import contacts_of
from kizuna.facts.rows.queries import Part, tally
from kizuna.gates.seal import unseal


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """The provider's account; without it nothing is sent."""

    account_sid: str = ""
    auth_token: str = field(default="", repr=False)
    sender: str = ""
    api_url: str = API

    @property
    def complete(self) -> bool:
        """Whether everything needed is there."""
        return bool(self.account_sid and self.auth_token and self.sender)


def configuration() -> Configuration:
    """The settings in force.

    Raises: SealBroken.
    """
    row = SmsSettings.objects.filter(pk=1).first()
    if row is None:
        return Configuration()
    return Configuration(
        account_sid=row.account_sid,
        auth_token=unseal(sealed=row.auth_token_sealed),
        sender=row.sender,
        api_url=row.api_url.rstrip("/"),
    )


def replies(*, limit: int) -> list[Reply]:
    """What customers texted back, the latest first."""
    rows = SmsReceived.objects.order_by("-received_at", "-id")
    return [
        Reply(channel="sms", address=row.phone, text=row.text, at=row.received_at, stops=row.stops)
        for row in rows[:limit]
    ]


def reply_count() -> int:
    """How many there are."""
    return SmsReceived.objects.count()


def reply_tally(*, since: datetime) -> Part:
    """How many came since, as a part of a page's «replies»."""
    return tally(found=SmsReceived.objects.filter(received_at__gte=since), kind="replies")


def export_people(*, person_ids: Sequence[int]) -> dict[str, object]:
    """What came from the telephones of these customers, labelled in Japanese."""
    phones = {phone for one in contacts_of(person_ids=person_ids).values() for phone in one.mobiles}
    rows = SmsReceived.objects.filter(phone__in=phones).order_by("id")
    return {"SMSの受信": [{"日時": row.received_at, "電話番号": row.phone, "本文": row.text} for row in rows]}
