"""What a practice hands over to be sent or done, and what a channel gets to send."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Literal

import msgspec

from kizuna.words import Words

Channel = Literal["auto", "mail", "line", "sms"]
Late = Literal["send", "skip", "shift"]
Premise = Literal["", "overdue"]
Purpose = Literal["service", "marketing", "survey"]

CHANNELS: dict[str, Words] = {
    "mail": Words(ja="メール", en="Mail"),
    "line": Words(ja="LINE", en="LINE"),
    "sms": Words(ja="SMS", en="SMS"),
}
"""In the order in which they are tried when nobody has said which."""

PURPOSES: dict[str, Words] = {
    "service": Words(ja="ご注文・お問い合わせに関する連絡", en="Service"),
    "marketing": Words(ja="広告・宣伝", en="Marketing"),
    "survey": Words(ja="アンケート", en="Survey"),
}
LATE: tuple[Late, ...] = ("send", "skip", "shift")
DAY_SECONDS = 86_400


def message_key(*, practice: str, version: int, enrolment_id: int, node: str, occurrence: int) -> str:
    """The name of one message for ever: the same step of the same enrolment can never make two."""
    said = "\x1f".join((practice, str(version), str(enrolment_id), node, str(occurrence)))
    return blake2b(said.encode(), digest_size=16).hexdigest()


def agreed_as(*, purpose: str, practice: str) -> str:
    """The purpose under which customers agree to, or refuse, such a message.

    A practice is begun by the shop and leaves some customers out by lot, so what it sends is never what an order or a
    question needs: its service messages are follow-ups.
    """
    return "follow_up" if purpose == "service" and practice else purpose


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """One message to be sent when it is due.

    ``values`` fill the merge fields the step knows (coupon, survey link); names, order and company are filled in at
    send time. Give ``order_id`` when the message is pointless without the order: if that is cancelled or fully
    refunded by then, the message is not sent. ``premise`` «overdue»: the message is true only while a promised parcel
    of that order has not arrived, and is not sent otherwise. ``salt`` and ``holdout_share`` let the gate draw again.
    """

    key: str
    person_id: int
    channel: Channel = "auto"
    template: str
    values: Mapping[str, str] = msgspec.field(default_factory=dict)
    practice: str = ""
    practice_version: int = 0
    arm: str = ""
    salt: str = ""
    holdout_share: float = 0.0
    due_at: datetime
    late: Late = "skip"
    stale_after_seconds: int = 3 * DAY_SECONDS
    priority: int = 0
    order_id: int | None = None
    premise: Premise = ""
    invitation_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskDraft:
    """Something staff are to do for a customer. Title and body may hold merge fields."""

    key: str
    person_id: int
    kind: str
    title: str
    body: str = ""
    store: str = ""
    due_at: datetime
    practice: str = ""
    practice_version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sendable:
    """A message the gate has let through and whose attempt is already on record: hand it to the provider now.

    ``key`` goes with it wherever the provider takes one. ``attempt`` above 1 is the same message again, word for word.
    ``unsubscribe_url`` is empty when the message needs none.
    """

    message_id: int
    key: str
    channel: str
    address: str
    subject: str
    text: str
    html: str
    language: str
    unsubscribe_url: str
    purpose: str
    sender_name: str = ""
    attempt: int = 1
