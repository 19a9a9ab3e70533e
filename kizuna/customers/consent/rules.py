"""Pure decisions about consent: channels, purposes, proof, and what may be done without a statement."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from kizuna.errors import Invalid
from kizuna.words import Words

CHANNELS: dict[str, Words] = {
    "mail": Words(ja="メール", en="Mail"),
    "sms": Words(ja="SMS", en="SMS"),
    "line": Words(ja="LINE", en="LINE"),
    "post": Words(ja="郵便", en="Post"),
    "phone": Words(ja="電話", en="Phone"),
}
PURPOSES: dict[str, Words] = {
    "marketing": Words(ja="広告・宣伝", en="Marketing"),
    "service": Words(ja="ご注文・お問い合わせに関する連絡", en="Service messages"),
    "follow_up": Words(ja="お買い上げ後のご案内", en="Follow-ups after a purchase"),
    "survey": Words(ja="アンケート", en="Surveys"),
    "research": Words(ja="座談会・調査", en="Research"),
}
UNASKED: Final = ("marketing", "survey", "follow_up")
"""What a shop writes of its own accord: whoever wants no more of it wants none of these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Where a consent comes from: the words agreed to, the file and line, or the address it was given from."""

    text: str = ""
    file: str = ""
    line: int | None = None
    ip: str | None = None
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentStatement:
    """One person's yes or no for a channel and purpose, with its proof."""

    person_id: int
    channel: str
    purpose: str
    granted: bool
    stated_at: datetime
    proof: Proof


class UnknownConsent(Invalid):
    """There is no such channel or purpose."""

    code = "unknown_consent"

    def __init__(self, *, channel: str, purpose: str) -> None:
        super().__init__(
            Words(
                ja="同意の経路「{channel}」または目的「{purpose}」は使えません。",
                en="The channel “{channel}” or the purpose “{purpose}” is not one that consent is kept for.",
            ).fill(channel=channel, purpose=purpose)
        )
        self.channel = channel
        self.purpose = purpose


def refusal_of(*, channel: str, purpose: str) -> UnknownConsent | None:
    """Why a statement cannot be recorded; None when it can."""
    known = channel in CHANNELS and purpose in PURPOSES
    return None if known else UnknownConsent(channel=channel, purpose=purpose)


def allowed_without_statement(*, purpose: str, known: bool) -> bool:
    """Only what is no advertising may be sent to somebody who has said nothing: what the customer's own order or
    question needs, thanks and advice after a purchase, and questions about what they have had from the shop.

    ``known``: they have ordered, registered or answered before. Nobody else is asked anything (decision 0009).
    """
    return purpose in {"service", "follow_up"} or (purpose == "survey" and known)
