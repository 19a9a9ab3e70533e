"""Everything the gate has to know about a batch of messages, read at once."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Q

from kizuna.act.outreach.models import (
    HeldPractice,
    LeftOut,
    Liking,
    Message,
    SentCopy,
    Suppression,
    Template,
    TemplateVersion,
)
from kizuna.act.outreach.queries.sender import Settings, settings_in_force
from kizuna.act.outreach.rules import CHANNELS, TRIED
from kizuna.act.outreach.rules.digest import address_digest
from kizuna.act.outreach.rules.gate import PRACTICE_WINDOW
from kizuna.act.outreach.rules.wording import Body, decode_bodies
from kizuna.customers.consent.queries import statements_of
from kizuna.customers.consent.rules import allowed_without_statement
from kizuna.customers.orders.queries import Arrival, OrderStanding, arrivals, order_standings
from kizuna.customers.orders.queries.buyers import buyers_among
from kizuna.customers.people.queries import Contact, contacts_of
from kizuna.customers.stores.queries import among
from kizuna.listen.surveys.queries.answered import answered_among

PATIENCE = timedelta(days=1)
"""So long a message of higher priority that nobody collects may hold back others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wordings:
    """A template as it is published."""

    version: int
    purpose: str
    bodies: tuple[Body, ...]


@dataclass(slots=True)
class Tally:
    """What a cap goes by, by root and message."""

    recent: dict[int, dict[int, datetime]] = field(default_factory=lambda: defaultdict(dict))
    """When the customer was sent such a message, or may have been."""
    waiting: dict[int, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))
    """Priorities of such messages that are due."""


@dataclass(slots=True, kw_only=True)
class World:
    """What is known at one moment about the customers, orders and templates of a batch."""

    now: datetime
    contacts: dict[int, Contact]
    statements: dict[int, dict[tuple[str, str], tuple[datetime, int, bool]]]
    stops: list[Suppression]
    likings: dict[int, tuple[str, str]]
    settings: Settings = field(default_factory=Settings)
    orders: dict[int, OrderStanding] = field(default_factory=dict)
    arrivals: dict[int, Arrival] = field(default_factory=dict)
    """Of those orders whose messages are true only while a parcel is awaited."""
    templates: dict[str, Wordings] = field(default_factory=dict)
    copies: dict[int, SentCopy] = field(default_factory=dict)
    held: frozenset[str] = frozenset()
    """The practices that are paused."""
    left_out: frozenset[tuple[str, int]] = frozenset()
    """(practice, root): by the lot of any of the customer's records."""
    advertising: Tally = field(default_factory=Tally)
    practices: Tally = field(default_factory=Tally)
    """What practices send, advertising or not."""
    known: frozenset[int] = frozenset()
    """The roots of those who have ordered, registered or answered: they may be asked about it."""
    _stopped: dict[tuple[str, str], str] = field(init=False)

    def __post_init__(self) -> None:
        self._stopped = {(stop.channel, stop.digest): stop.kind for stop in self.stops}

    def leaves_out(self, *, message: Message) -> bool:
        """Whether a lot of the message's practice leaves its customer untouched."""
        contact = self.contacts.get(message.person_id)
        return contact is not None and (message.practice, contact.root_id) in self.left_out

    def tallies(self, *, purpose: str, practice: str) -> list[Tally]:
        """The caps that such a message counts towards."""
        return [
            *([self.advertising] if purpose == "marketing" else []),
            *([self.practices] if practice else []),
        ]

    def addresses(self, *, contact: Contact, channel: str) -> tuple[str, ...]:
        """The customer's addresses on a channel, the best first."""
        return {"mail": contact.mails, "line": contact.lines, "sms": contact.mobiles}[channel]

    def reach(self, *, contact: Contact, channel: str, purpose: str) -> tuple[str, str]:
        """(address, "") when the customer may be reached on this channel for this purpose, else ("", why not).

        ``purpose`` is the one that customers agree to (``agreed_as``).
        """
        known = self.addresses(contact=contact, channel=channel)
        if not known:
            return "", "no_address"
        refusal = self._consent(contact=contact, channel=channel, purpose=purpose)
        if refusal:
            return "", refusal
        own = known if purpose in {"service", "follow_up"} else [one for one in known if one not in contact.relays]
        if not own:
            return "", "relay"
        kinds = [self._stopped.get((channel, address_digest(channel=channel, address=one)), "") for one in own]
        if "complaint" in kinds:
            return "", "suppressed_complaint"
        free = next((one for one, kind in zip(own, kinds, strict=True) if not kind), "")
        return (free, "") if free else ("", f"suppressed_{kinds[0]}")

    def _consent(self, *, contact: Contact, channel: str, purpose: str) -> str:
        # Who wants no word even about an order wants no follow-up to it.
        for asked in ("service", purpose) if purpose == "follow_up" else (purpose,):
            said = [
                self.statements[record][channel, asked]
                for record in contact.person_ids
                if (channel, asked) in self.statements.get(record, {})
            ]
            if not said and not allowed_without_statement(purpose=asked, known=contact.root_id in self.known):
                return "no_consent"
            if said and not max(said)[2]:
                return "refused"
        return ""


def load(*, messages: Sequence[Message], now: datetime) -> World:
    """Read the world of these messages: a fixed number of questions, however many they are."""
    world = _load_people(person_ids={message.person_id for message in messages}, now=now)
    world.settings = settings_in_force()
    world.orders = order_standings(order_ids={one.order_id for one in messages if one.order_id is not None})
    overdue = {one.order_id for one in messages if one.order_id is not None and one.premise == "overdue"}
    world.arrivals = arrivals(order_ids=overdue)
    world.templates = published_wordings(names={message.template for message in messages})
    world.copies = _copies(messages=messages)
    world.held = frozenset(HeldPractice.objects.values_list("practice", flat=True))
    world.left_out = _left_out(contacts=world.contacts, practices={one.practice for one in messages if one.practice})
    advertises = any(wordings.purpose == "marketing" for wordings in world.templates.values())
    if advertises or any(message.practice for message in messages):
        _count(world=world)
    if any(wordings.purpose == "survey" for wordings in world.templates.values()):
        world.known = _known(contacts=world.contacts)
    return world


def load_people(*, person_ids: Collection[int], now: datetime) -> World:
    """What is known of the customers alone: how they are reached and what they have said."""
    world = _load_people(person_ids=person_ids, now=now)
    world.known = _known(contacts=world.contacts)
    return world


def _load_people(*, person_ids: Collection[int], now: datetime) -> World:
    contacts = contacts_of(person_ids=person_ids)
    records = {record for contact in contacts.values() for record in contact.person_ids}
    return World(
        now=now,
        contacts=contacts,
        statements=statements_of(person_ids=records),
        stops=_stops(contacts=contacts),
        likings=_likings(contacts=contacts, records=records),
    )


def published_wordings(*, names: set[str]) -> dict[str, Wordings]:
    """The published version of each of these templates; one that has none is left out."""
    published = dict(Template.objects.filter(name__in=names, published__gt=0).values_list("name", "published"))
    rows = TemplateVersion.objects.filter(template__name__in=list(published))
    return {
        name: Wordings(version=number, purpose=purpose, bodies=decode_bodies(text=bodies))
        for name, number, purpose, bodies in rows.values_list("template__name", "number", "purpose", "bodies")
        if published[name] == number
    }


def _known(*, contacts: dict[int, Contact]) -> frozenset[int]:
    roots = {record: contact.root_id for contact in contacts.values() for record in contact.person_ids}
    known = {contact.root_id for contact in contacts.values() if contact.registered}
    for those_among in (buyers_among, answered_among):
        unsure = [record for record, root in roots.items() if root not in known]
        known.update(roots[record] for record in those_among(person_ids=unsure))
    return frozenset(known)


def _stops(*, contacts: dict[int, Contact]) -> list[Suppression]:
    digests = {
        address_digest(channel=channel, address=address)
        for contact in contacts.values()
        for channel, known in zip(CHANNELS, (contact.mails, contact.lines, contact.mobiles), strict=True)
        for address in known
    }
    return list(Suppression.objects.filter(among(column="digest", values=digests), lifted_at=None).order_by("since"))


def _left_out(*, contacts: dict[int, Contact], practices: set[str]) -> frozenset[tuple[str, int]]:
    roots = {record: contact.root_id for contact in contacts.values() for record in contact.person_ids}
    rows = LeftOut.objects.filter(among(column="person_id", values=list(roots)), practice__in=practices)
    return frozenset((practice, roots[person]) for practice, person in rows.values_list("practice", "person_id"))


def _likings(*, contacts: dict[int, Contact], records: set[int]) -> dict[int, tuple[str, str]]:
    """Channel and language by root; of several records the latest wish counts."""
    roots = {record: contact.root_id for contact in contacts.values() for record in contact.person_ids}
    rows = Liking.objects.filter(among(column="person_id", values=records)).order_by("stated_at")
    return {
        roots[person]: (channel, language)
        for person, channel, language in rows.values_list("person_id", "channel", "language")
    }


def _copies(*, messages: Sequence[Message]) -> dict[int, SentCopy]:
    again = [message.pk for message in messages if message.unresolved]
    return {copy.message_id: copy for copy in SentCopy.objects.filter(message_id__in=again)} if again else {}


def _count(*, world: World) -> None:
    """What of these customers' messages has gone out lately, and is due now, on whatever channel."""
    roots = {record: contact.root_id for contact in world.contacts.values() for record in contact.person_ids}
    counts = Q(purpose="marketing") | ~Q(practice="")
    own = Message.objects.filter(among(column="person_id", values=list(roots))).filter(counts)
    since = world.now - max(timedelta(days=world.settings.cap.days), PRACTICE_WINDOW)
    tried = own.filter(Q(state__in=TRIED) | Q(unresolved=True), attempted_at__gt=since)
    for id_, person, purpose, practice, at in tried.values_list(
        "id", "person_id", "purpose", "practice", "attempted_at"
    ):
        for tally in world.tallies(purpose=purpose, practice=practice):
            tally.recent[roots[person]][id_] = at or world.now
    due = own.filter(state="planned", next_at__lte=world.now, next_at__gt=world.now - PATIENCE)
    for id_, person, purpose, practice, rank in due.values_list("id", "person_id", "purpose", "practice", "priority"):
        for tally in world.tallies(purpose=purpose, practice=practice):
            tally.waiting[roots[person]][id_] = rank
