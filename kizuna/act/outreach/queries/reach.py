"""How one customer can be reached, and why not."""

from dataclasses import dataclass
from datetime import datetime

from kizuna.act.outreach.queries.world import load_people
from kizuna.act.outreach.rules import CHANNELS, PURPOSES, reason_words
from kizuna.customers.consent.rules import PURPOSES as AGREED
from kizuna.customers.people.queries import Contact
from kizuna.words import Words

WAYS: dict[str, Words] = {"service": PURPOSES["service"], "follow_up": AGREED["follow_up"], **PURPOSES}
"""What messages are for, as customers agree to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One channel and purpose: the address when it is open, else the reason why not."""

    channel: str
    purpose: str
    address: str
    reason: Words | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StopCard:
    """An address that is not written to."""

    suppression_id: int
    channel: str
    kind: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """A customer's ways, stops and wishes."""

    contact: Contact
    ways: tuple[tuple[str, tuple[Way, ...]], ...]
    stops: tuple[StopCard, ...]
    channel: str
    language: str


def reach_of(*, person_id: int, now: datetime) -> Reach | None:
    """How the customer of this record can be reached; None when there is no such record."""
    world = load_people(person_ids={person_id}, now=now)
    contact = world.contacts.get(person_id)
    if contact is None:
        return None
    ways = []
    for channel in CHANNELS:
        row = []
        for purpose in WAYS:
            address, why = world.reach(contact=contact, channel=channel, purpose=purpose)
            row.append(
                Way(channel=channel, purpose=purpose, address=address, reason=reason_words(slug=why) if why else None)
            )
        ways.append((channel, tuple(row)))
    channel, language = world.likings.get(contact.root_id, ("", ""))
    return Reach(
        contact=contact,
        ways=tuple(ways),
        stops=tuple(
            StopCard(suppression_id=row.pk, channel=row.channel, kind=row.kind, since=row.since) for row in world.stops
        ),
        channel=channel,
        language=language,
    )
