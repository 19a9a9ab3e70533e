"""Nouns about SMS: the settings in force, what came back."""

from dataclasses import dataclass, field
from datetime import datetime

from kizuna.connectors.sms.models import API, SmsReceived, SmsSettings
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


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedCard:
    """A text that came back."""

    phone: str
    text: str
    stops: bool
    received_at: datetime


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


def received(*, limit: int) -> list[ReceivedCard]:
    """The latest first."""
    return [
        ReceivedCard(phone=row.phone, text=row.text, stops=row.stops, received_at=row.received_at)
        for row in SmsReceived.objects.order_by("-id")[:limit]
    ]
