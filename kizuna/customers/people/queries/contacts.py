"""How many customers are reached and addressed, in a fixed number of questions."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F
from django.db.models.functions import Coalesce

from kizuna.customers.people.models import Evidence, Person
from kizuna.customers.people.rules import mail_key, phone_key, shown_name
from kizuna.customers.stores.queries import among


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A customer as a message needs them; addresses newest first, each list empty when none is known.

    ``mails`` are usable addresses, marketplace relays among them (see ``relays``); ``mobiles`` are +81 70/80/90…;
    ``lines`` are LINE user ids.
    """

    root_id: int
    person_ids: tuple[int, ...]
    display_name: str
    family_name: str
    given_name: str
    mails: tuple[str, ...]
    relays: frozenset[str]
    mobiles: tuple[str, ...]
    lines: tuple[str, ...]
    registered: bool
    """They hold an account or a member's card."""
    erased: bool


def contacts_of(*, person_ids: Collection[int]) -> dict[int, Contact]:
    """The customer behind each of these records, by record id. Unknown records are left out."""
    roots: dict[int, int] = {}
    found = Person.objects.filter(among(column="id", values=person_ids))
    roots.update(found.annotate(top=Coalesce("root_id", "id")).values_list("id", "top"))
    wanted = set(roots.values())
    # Two questions rather than one with OR, which PostgreSQL answers by reading the whole table.
    people = [
        *Person.objects.filter(among(column="id", values=wanted)),
        *Person.objects.filter(among(column="root_id", values=wanted)).exclude(root_id=None),
    ]
    records: dict[int, list[Person]] = defaultdict(list)
    for person in people:
        records[person.root_id or person.pk].append(person)
    lines, registered = _evidence(person_ids=[person.pk for person in people])
    contacts = {
        root: _contact(root_id=root, people=own, lines=lines, registered=registered) for root, own in records.items()
    }
    return {record: contacts[root] for record, root in roots.items() if root in contacts}


def _evidence(*, person_ids: Collection[int]) -> tuple[dict[int, list[tuple[datetime, str]]], set[int]]:
    """The LINE ids of each record, and which records hold an account or a card."""
    found: dict[int, list[tuple[datetime, str]]] = defaultdict(list)
    registered: set[int] = set()
    kinds = ("line", "account", "card")
    live = Evidence.objects.filter(among(column="person_id", values=person_ids), kind__in=kinds, retracted_at=None)
    for person, kind, seen_at, key in live.values_list("person_id", "kind", "observed_at", F("key")):
        if kind != "line":
            registered.add(person)
        # Only LINE's own ids can be written to: U and 32 hexadecimal digits.
        elif len(key) == 33 and key[0] == "U":
            found[person].append((seen_at, key))
    return found, registered


def _contact(
    *, root_id: int, people: list[Person], lines: dict[int, list[tuple[datetime, str]]], registered: set[int]
) -> Contact:
    newest = sorted(people, key=lambda one: (one.observed_at, one.pk), reverse=True)
    named = next((one for one in newest if one.family_name or one.given_name), None)
    shown = next((text for text in map(_shown, newest) if text), "")
    mails = [mail_key(text=one.email) for one in newest if one.email]
    usable = [mail for mail in mails if mail.key and "placeholder" not in mail.flags]
    phones = (phone_key(text=one.phone) for one in newest if one.phone)
    ids = sorted((seen for one in people for seen in lines.get(one.pk, ())), reverse=True)
    return Contact(
        root_id=root_id,
        person_ids=tuple(sorted(one.pk for one in people)),
        display_name=shown,
        family_name=named.family_name if named else "",
        given_name=named.given_name if named else "",
        # The customer's own addresses before those a marketplace lent them.
        mails=_distinct(mail.key for mail in sorted(usable, key=lambda mail: not mail.marketing_allowed)),
        relays=frozenset(mail.key for mail in usable if not mail.marketing_allowed),
        mobiles=_distinct(phone.key for phone in phones if phone.is_mobile),
        lines=_distinct(line for _, line in ids),
        registered=any(one.pk in registered for one in people),
        erased=any(one.erased_at for one in people),
    )


def _shown(person: Person) -> str:
    return shown_name(
        display_name=person.display_name,
        family_name=person.family_name,
        given_name=person.given_name,
        company=person.company,
    )


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))
